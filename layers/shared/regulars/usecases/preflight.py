"""Everybody's message, made and thrown away: what a launch would do, said before it is done. Nothing is sent, claimed or assigned."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, cast

from regulars.domain.campaigns.audience import foreseen_sql
from regulars.domain.campaigns.campaign import CONTROL
from regulars.domain.campaigns.cost import expected_cost
from regulars.domain.campaigns.duration import expected_seconds
from regulars.domain.campaigns.foresight import Complaint, Fate, Preflight, Problem, Tally, objections
from regulars.domain.campaigns.foresight_document import failed_document, preflight_document
from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.campaigns.promises import policy_of
from regulars.domain.campaigns.relaunch import continued
from regulars.domain.campaigns.run import Run
from regulars.domain.campaigns.source import ShardSource
from regulars.domain.delivery.caps import message_mark
from regulars.domain.delivery.decision import Hold, Ready, Skip, decide
from regulars.domain.delivery.outcomes import message_id
from regulars.domain.delivery.rate import ProjectLimit
from regulars.domain.delivery.recipients import Address, Recipient, windows
from regulars.domain.errors import RegularsError
from regulars.domain.messages.rendering import Unsendable
from regulars.domain.people.device import Device
from regulars.domain.people.profile import Profile
from regulars.domain.reasons import NOT_SENT_REASONS
from regulars.domain.settings import Settings
from regulars.ports import Clock, ContactStore, DefinitionStore, DeviceStore, ObjectStore, ProfileStore, QueryEngine, RunStore
from regulars.usecases.current_settings import current_settings
from regulars.usecases.launch_campaign import launchable, runs_of
from regulars.usecases.result_page import result_lines
from regulars.usecases.whole_profiles import whole_profiles

PREFLIGHT_RUN: Final = "preflight"
"""The `run_id` that a message says which is not sent. No run is called so."""


def preflight_key(preflight_id: str) -> str:
    """Where the result is written, in the lake's bucket."""
    return f"preflights/{preflight_id}.json"


def preflight(
    preflight_id: str,
    campaign_id: str,
    *,
    as_of: datetime | None,
    deadline: datetime,
    limit: ProjectLimit,
    definitions: DefinitionStore,
    runs: RunStore,
    queries: QueryEngine,
    profiles: ProfileStore,
    devices: DeviceStore,
    contacts: ContactStore,
    lake: ObjectStore,
    clock: Clock,
) -> Preflight:
    """Of the campaign's newest version, as of now or of a past moment; written to `preflight_key`, or why there is none. Who comes after `deadline`
    is not looked at, and a problem says so. Raises what `launch_campaign` does but for a run under way, QueryFailedError, StoreUnavailableError."""
    try:
        now = clock.now()
        run = _foreseen_run(launchable(campaign_id, as_of=as_of or now, definitions=definitions, now=now), runs)
        query = queries.run(foreseen_sql(run))
        people = _recipients(query.result, lake)
        tally, complete = _tallied(_Looks(run, current_settings(definitions), profiles, devices, contacts, clock), people, clock, deadline)
        found = _told(run, tally, limit, scanned=query.bytes_scanned, complete=complete, last_audience=_last_audience(campaign_id, runs))
        lake.put(preflight_key(preflight_id), preflight_document(found))
        return found
    except RegularsError as error:
        lake.put(preflight_key(preflight_id), failed_document(error))
        raise


def _foreseen_run(run: Run, runs: RunStore) -> Run:
    """It would go on with the same runs as a launch; a run that has not ended is the launch's matter."""
    ended = (each for each in runs_of(run.campaign.id, runs) if each.has_ended)
    return replace(run, run_id=PREFLIGHT_RUN, continues=continued(ended, run.launched_at) if run.as_of == run.launched_at else ())


def _last_audience(campaign_id: str, runs: RunStore) -> int:
    """Of the last run that had anybody in it."""
    return next((run.counts.audience for run in runs_of(campaign_id, runs) if run.sends and run.counts.audience), 0)


def _recipients(result: str, lake: ObjectStore) -> Iterator[Recipient]:
    """Rows of `foreseen_sql`, where Athena wrote them."""
    for user_id, arm, device_id, fingerprint, skip_reason in result_lines(result.removeprefix("s3://").partition("/")[2], lake=lake):
        address = Address("push", device_id, fingerprint or "") if device_id else None
        yield Recipient(user_id or "", arm or "", address, skip_reason or "")


def _tallied(looks: "_Looks", people: Iterable[Recipient], clock: Clock, deadline: datetime) -> tuple[Tally, bool]:
    """Everybody counted, and whether that was everybody."""
    tally, complete = Tally(), True

    def fates() -> Iterator[Fate]:
        nonlocal complete
        for _, window in windows(people):
            if clock.now() >= deadline:
                complete = False
                return
            yield from looks.fates(window)

    tally.add(fates())
    return tally, complete


class _Looks:
    """What is known of people at this moment, and what a run would therefore do."""

    def __init__(self, run: Run, settings: Settings, profiles: ProfileStore, devices: DeviceStore, contacts: ContactStore, clock: Clock) -> None:
        campaign = parse_campaign(run.campaign.document)
        self._run, self._source, self._policy = run, ShardSource(run, campaign, ()), policy_of(run, campaign, settings)
        self._whenever = replace(self._policy, quiet_hours=None, local_time=None)
        self._profiles, self._devices, self._contacts, self._clock = profiles, devices, contacts, clock
        self._paths = {variant.id: variant.push.path for variant in campaign.variants}

    def fates(self, people: Sequence[Recipient]) -> Iterator[Fate]:
        treated = [person for person in people if person.arm != CONTROL]
        user_ids = sorted({person.user_id for person in treated})
        known = whole_profiles(user_ids, profiles=self._profiles)
        owned = self._devices.get_many(sorted({person.device_id for person in treated if person.device_id}))
        now = self._clock.now()
        had_enough = self._had_enough(user_ids, now)
        for person in people:
            if person.arm == CONTROL:
                yield Fate(person)
                continue
            device = owned.get(person.device_id)
            yield self._fate(person, known.get(person.user_id), device.value if device else None, had_enough, now)

    def _fate(self, person: Recipient, profile: Profile | None, device: Device | None, had_enough: Mapping[str, str], now: datetime) -> Fate:
        match decide(person, profile, device, self._policy, now):
            case Skip(_, reason):
                return Fate(person, reason=reason)
            case Hold():
                ready = decide(person, profile, device, self._whenever, now)
                told: tuple[Complaint, ...] = (_WAITS,)
            case Ready() as ready:
                told = ()
        if person.user_id in had_enough:
            return Fate(person, reason=had_enough[person.user_id])
        return self._rendered(cast(Ready, ready), told, now)

    def _rendered(self, ready: Ready, told: Sequence[Complaint], now: datetime) -> Fate:
        person = ready.recipient
        lacks = [Complaint("warning", path, f"they lack the trait {trait}: {_STANDS_IN[bare]}") for path, trait, bare in self._source.lacks(ready)]
        made = self._source.message(ready, message_id(self._run.run_id, person.user_id, person.device_id), now)
        if isinstance(made, Unsendable):
            wrong = Complaint("error", made.field or self._paths[person.arm], _because(made))
            return Fate(person, reason=made.reason, tried=True, complaints=(wrong, *lacks))
        return Fate(person, made, complaints=(*told, *lacks))

    def _had_enough(self, user_ids: Sequence[str], now: datetime) -> Mapping[str, str]:
        """Who is over a cap by now, and by which; nobody is written to."""
        if not self._policy.limits:
            return {}
        known = self._contacts.get_many(user_ids)
        marks = {user_id: message_mark(self._run.first_run, user_id) for user_id in user_ids}
        refusals = ((user_id, known[user_id].refusal(marks[user_id], self._policy.limits, now)) for user_id in user_ids if user_id in known)
        return {user_id: reason for user_id, reason in refusals if reason}


_WAITS: Final = Complaint("warning", "delivery", "it is not their time yet: the message is held until it is")
_STANDS_IN: Final = {True: "nothing shows in its place", False: "the text has something else for them"}


def _because(made: Unsendable) -> str:
    """Without what is different for each person, so that people with the same trouble are counted together."""
    if made.line:
        return f"line {made.line}: {made.because}"
    return NOT_SENT_REASONS[made.reason]


def _told(run: Run, tally: Tally, limit: ProjectLimit, *, scanned: int, complete: bool, last_audience: int) -> Preflight:
    cut_off = [] if complete else [Problem("warning", "audience", f"only the first {tally.audience:,} people could be looked at in time", 0)]
    problems = [*tally.problems, *cut_off]
    campaign = parse_campaign(run.campaign.document)
    return Preflight(
        campaign_id=run.campaign.id,
        version=run.campaign.version,
        as_of=run.as_of,
        audience=tally.audience,
        control=tally.control,
        eligible=tally.eligible,
        messages=tally.messages,
        reasons=dict(tally.reasons.most_common()),
        problems=problems,
        duration_s=round(expected_seconds(tally.messages, campaign.delivery.per_second, limit), 3),
        cost_usd=_cost(run, tally, scanned),
        examples=tally.examples,
        objections=objections(tally, problems, last_audience),
    )


def _cost(run: Run, tally: Tally, scanned: int) -> float:
    policy = policy_of(run, parse_campaign(run.campaign.document))
    noted, treated = tally.eligible if policy.noted else 0, tally.audience - tally.control
    return expected_cost(scanned, treated=treated, pushes=tally.messages, noted=noted, policy=policy)["total"]
