"""A campaign that is run to be counted."""

from datetime import UTC, datetime, timedelta
from typing import Final

from bench import cost_history
from bench.amounts import Amounts
from bench.metered_cloud import MeteredCloud, amounts_of, metered_cloud

CAMPAIGN: Final = {
    "id": "cost",
    "name": "Cost",
    "audience": {"include": ["everyone"]},
    "message": {"push": {"title": "Hi {{ person.traits.firstName }}", "body": "You left something in your cart"}},
    "control": {"percent": 10},
}


def campaign_to(people: int) -> Amounts:
    """One campaign to so many people, each with a device, through the state machine and the FCM double."""
    from local import fcm

    double = fcm.start()
    try:
        with metered_cloud(double) as cloud:
            return _campaign(cloud, people)
    finally:
        double.stop()


def _campaign(cloud: MeteredCloud, people: int) -> Amounts:
    from regulars import wiring
    from regulars.usecases.launch_campaign import launch_campaign
    from regulars.usecases.put_campaign import put_campaign
    from regulars.usecases.put_segment import put_segment

    cost_history.fill_people(cloud.deployed.outputs["DatabaseName"], count=people, at=datetime.now(UTC) - timedelta(days=1))
    fill_profiles(cloud, people)
    cloud.fill_secret()
    with cloud.meter.counting() as used, cloud.in_environment("AdminFunction"):
        definitions, lake, clock = wiring.definitions(), wiring.lake(), wiring.clock()
        everyone = {"id": "everyone", "name": "Everyone", "rule": {"everyone": True}}
        put_segment(everyone, by="cost", definitions=definitions, lake=lake, clock=clock)
        put_campaign(CAMPAIGN, by="cost", definitions=definitions, scheduler=wiring.campaign_scheduler(), lake=lake, clock=clock)
        runs, runner = wiring.runs(), wiring.campaign_runner()
        run = launch_campaign("cost", request="cost", by="cost", definitions=definitions, runs=runs, campaign_runner=runner, clock=clock)
        cloud.wait_for_machine("CampaignStateMachine")
        ended = runs.get(run.run_id).value
    if ended.counts.sent < people * 0.8:
        raise RuntimeError(f"the campaign did not reach its people: {ended.error} {ended.counts}")
    return amounts_of(cloud, used).add({"pushes": ended.counts.pushes})


def fill_profiles(cloud: MeteredCloud, people: int) -> None:
    """`user-0`, `user-1`, .., each with a telephone."""
    from regulars import wiring
    from regulars.domain.collection.device import PushTarget
    from regulars.domain.collection.moments import iso
    from regulars.domain.people.device import Device, Registration, Use
    from regulars.domain.people.profile import Profile
    from regulars.domain.people.traits import KnownTrait

    at = iso(datetime.now(UTC) - timedelta(days=1))  # lately, or nothing would be sent to them
    with cloud.in_environment("LoadFunction"):
        profiles, devices = wiring.profiles(), wiring.devices()
        for number in range(people):
            traits = {name: KnownTrait(value, at) for name, value in {"firstName": "Ada", "tier": "gold", "email": "ada@shop.example"}.items()}
            token = f"{number:08d}:APA91b" + cost_history.token_tail(number)
            user_id, device_id = f"user-{number}", f"phone-{number}"
            profiles.put(Profile(user_id, traits, {device_id: at}), expected=0)
            registration = Registration(at, "", user_id, PushTarget("token", token))
            devices.put(Device(device_id, Use(at, "", user_id, "android", app_version="5.2.0"), registration), expected=0)
