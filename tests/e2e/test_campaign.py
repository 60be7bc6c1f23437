"""Events in, audience out, campaign through the state machine, pushes at the double, a report with a control group."""

import gzip
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest

from cli.client import AdminApi
from cli.credentials import GivenToken
from cli.polling import poll
from tests.e2e.conftest import Installation

PEOPLE = 60


def bucket(salt: str, person: str) -> int:
    import hashlib

    return int(hashlib.sha256(f"{salt}:{person}".encode()).hexdigest()[:8], 16) % 10_000


@pytest.fixture(scope="module")
def shop(installation: Installation) -> Installation:
    """60 people: 20 bought 0, 1 and 2 times in January 2026; person 3n+2 again on 2 February; number 59 has no device, 58 shares 57's; phones of odd
    numbers are French. All were seen yesterday."""
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date()
    batch: list[dict[str, Any]] = []
    for n in range(PEOPLE):
        person = f"shop-{n:02d}"
        device = {"id": f"phone-{57 if n == 58 else n}", "type": "android", "token": f"shop{57 if n == 58 else n}:APA91b{'t' * 100}"}
        context = {} if n == 59 else {"device": device, **({"locale": "fr_CA"} if n % 2 else {})}
        moment = f"{yesterday}T00:{n:02d}:00Z"
        batch.append(
            {
                "type": "identify",
                "userId": person,
                "messageId": f"si{n}",
                "timestamp": moment,
                "traits": {"first_name": f"Zoë {n}"},
                "context": context,
            }
        )
        orders = [f"2026-01-{10 + k:02d}T12:00:00Z" for k in range(n % 3)] + (["2026-02-02T12:00:00Z"] if n % 3 == 2 else [])
        for k, moment in enumerate(orders):
            properties = {"revenue": 10.25, "order_id": f"{n}-{k}"}
            batch.append(
                {"type": "track", "event": "Shop Order", "userId": person, "messageId": f"so{n}-{k}", "timestamp": moment, "properties": properties}
            )
    assert installation.post("/v1/batch", {"batch": batch})[0] == 200
    installation.cli("flush")
    rule = {"event": "Shop Order", "count": {"gte": 1}}
    assert installation.put("segment", {"id": "shoppers", "name": "Shoppers", "rule": rule}).returncode == 0
    return installation


def launch(shop: Installation, campaign: dict[str, Any], as_of: str = "2026-02-01T00:00:00Z") -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The run and the messages that arrived during it."""
    done = shop.put("campaign", campaign)
    assert done.returncode == 0, done.stderr
    since = shop.double("/__admin/messages?since=0")["next"]
    run = json.loads(shop.cli("campaign", "launch", campaign["id"], "--as-of", as_of, "--send", "--yes", "--wait", "--json"))
    return run, shop.double(f"/__admin/messages?since={since}")["messages"]


def campaign(identity: str, **more: Any) -> dict[str, Any]:
    return {
        "id": identity,
        "name": identity.title(),
        "audience": {"include": ["shoppers"]},
        "control": {"percent": 25},
        "message": {"push": {"title": "Hi {{ person.traits.first_name }}", "body": "Come back"}},
        "goal": {"event": "Shop Order", "within": "7d", "value": "revenue"},
        **more,
    }


SHOPPERS = [f"shop-{n:02d}" for n in range(PEOPLE) if n % 3]


def test_the_audience_is_exact_as_of_a_moment(shop: Installation) -> None:
    assert shop.cli("segment", "members", "shoppers").split() == SHOPPERS
    assert shop.cli("segment", "members", "shoppers", "--as-of", "2026-01-11T00:00:00Z").split() == SHOPPERS
    assert shop.cli("segment", "members", "shoppers", "--as-of", "2026-01-10T12:00:00Z").split() == []
    assert shop.json("segment", "count", "shoppers")["count"] == len(SHOPPERS)


def test_treated_people_get_one_push_a_device_and_the_control_group_none(shop: Installation) -> None:
    french = {"fr": {"title": "Salut {{ person.traits.first_name }}"}}
    push = {"title": "Hi {{ person.traits.first_name }}", "body": "Come back, {{ person.traits.first | default: 'friend' }}", "locales": french}
    run, messages = launch(shop, campaign("first", message={"push": push}))
    control = {person for person in SHOPPERS if bucket("first", person) < 2500}
    treated = set(SHOPPERS) - control
    assert run["state"] == "succeeded"
    tokens = [message["body"]["message"]["token"] for message in messages]
    assert all(message["answer"] == 200 for message in messages) and len(set(tokens)) == len(tokens)
    by_token = {f"shop{57 if int(p[-2:]) == 58 else int(p[-2:])}:APA91b{'t' * 100}" for p in treated if p != "shop-59"}
    owner_of_shared = "shop-58"
    if owner_of_shared not in treated:
        by_token.discard(f"shop57:APA91b{'t' * 100}")
    assert set(tokens) == by_token
    for message in messages:
        body = message["body"]["message"]
        assert {"campaign_id", "run_id", "variant", "message_id"} <= set(body["data"])
        assert body["notification"]["title"].startswith("Salut Zoë " if int(body["token"].partition(":")[0][4:]) % 2 else "Hi Zoë ")
        assert body["notification"]["body"] == "Come back, friend"


def test_nothing_personal_leaves_the_lake_with_a_runs_recipients(shop: Installation) -> None:
    run, messages = launch(shop, campaign("unloaded"))
    assert messages
    s3 = boto3.client("s3", endpoint_url=shop.info["aws"], region_name="us-east-1", aws_access_key_id="outside", aws_secret_access_key="outside")
    listed = s3.list_objects_v2(Bucket=shop.info["bucket"], Prefix=f"runs/{run['run_id']}/recipients/")["Contents"]
    objects = [gzip.decompress(s3.get_object(Bucket=shop.info["bucket"], Key=each["Key"])["Body"].read()).decode() for each in listed]
    rows = [json.loads(line) for text in objects for line in text.splitlines()]
    assert {row["user_id"] for row in rows} <= set(SHOPPERS) and len(rows) >= len(messages)
    assert {name for row in rows for name in row} == {"user_id", "arm", "device_id", "fingerprint"}
    assert not any("Zoë" in text or "APA91b" in text for text in objects)


def test_a_preflight_foresees_what_a_launch_does_a_rehearsal_sends_nothing_and_why_is_told_afterwards(shop: Installation) -> None:
    api, past = AdminApi(shop.info["api"], GivenToken(shop.info["token"])), {"as_of": "2026-02-01T00:00:00Z"}

    def answered(noun: str, begun: dict[str, Any]) -> dict[str, Any]:
        return poll(lambda: api.get(noun, begun["ticket"]), lambda found: found["state"] not in ("queued", "running"), patience=60)

    assert shop.put("campaign", campaign("foreseen")).returncode == 0
    foreseen = answered("preflights", api.post("campaigns", "foreseen", "preflight", body=past))["preflight"]
    since = shop.double("/__admin/messages?since=0")["next"]
    rehearsal = shop.json("campaign", "launch", "foreseen", "--as-of", past["as_of"], "--wait")
    assert shop.double(f"/__admin/messages?since={since}")["messages"] == []
    assert (rehearsal["rehearsal"], rehearsal["counts"]["skipped"]["rehearsal"]) == (True, foreseen["eligible"])

    run, messages = launch(shop, campaign("foreseen"))
    counts = run["counts"]
    assert (foreseen["audience"], foreseen["control"], foreseen["eligible"]) == (counts["audience"], counts["control"], counts["sent"])
    assert (foreseen["messages"], foreseen["reasons"]) == (len(messages), counts["skipped"])
    assert foreseen["examples"][0]["push"]["title"].startswith("Hi Zoë")

    power = shop.json("campaign", "power", "foreseen", "--points", "30", "--days", "7", "--as-of", "2026-02-08T00:00:00Z")
    assert (power["audience"], power["control"], power["past"]["people"]) == (counts["audience"], counts["control"], len(SHOPPERS))
    assert power["rate"] == pytest.approx(len([n for n in range(PEOPLE) if n % 3 == 2]) / len(SHOPPERS))
    assert power["value_a_head"] == pytest.approx(10.25 * power["rate"]) and power["effect"]["people_needed"] > 0 and power["sentence"]

    control = {person for person in SHOPPERS if bucket("foreseen", person) < 2500}
    wanted = {foreseen["examples"][0]["user_id"]: ("sent", []), min(control): ("control", ["arm"]), "nobody": ("not_in_audience", ["audience"])}
    for person, (outcome, shut) in wanted.items():
        why = answered("whys", api.post("runs", run["run_id"], "why", body={"user_id": person}))["why"]
        assert (why["user_id"], why["run_id"], why["outcome"]) == (person, run["run_id"], outcome)
        assert [gate["gate"] for gate in why["gates"] if gate["passed"] is False] == shut


def test_no_campaign_reaches_the_global_control_group_and_why_says_so(shop: Installation) -> None:
    api, now = AdminApi(shop.info["api"], GivenToken(shop.info["token"])), datetime.now(UTC)
    held_out = {person for person in SHOPPERS if bucket(f"global-control-{now.year}Q{(now.month + 2) // 3}", person) < 3000}
    api.put("settings", body={"global_control": {"percent": 30}})
    try:
        run, messages = launch(shop, campaign("left-alone", control={"percent": 0}))
    finally:
        api.put("settings", body={})
    assert held_out and (run["counts"]["held_out"], run["counts"]["audience"]) == (len(held_out), len(SHOPPERS) - len(held_out))
    reached = {message["body"]["message"]["token"].partition(":")[0] for message in messages}
    assert reached and not reached & {f"shop{int(person[-2:])}" for person in held_out - {"shop-57"}}
    begun = api.post("runs", run["run_id"], "why", body={"user_id": min(held_out)})
    why = poll(lambda: api.get("whys", begun["ticket"]), lambda found: found["state"] not in ("queued", "running"), patience=60)["why"]
    assert (why["outcome"], [gate["gate"] for gate in why["gates"] if gate["passed"] is False]) == ("held_out", ["global_control"])
    assert {arm["arm"] for arm in shop.json("campaign", "report", run["run_id"])["arms"]} == {"treated"}


def test_the_report_balances_and_says_what_the_orders_say(shop: Installation, tmp_path: Path) -> None:
    run, messages = launch(shop, campaign("again"))
    page = tmp_path / "report.html"
    report = shop.json("campaign", "report", run["run_id"], "--html", str(page))
    assert (report["html"], report["sentence"].split(".")[0] in page.read_text()) == (str(page), True)
    arms = {arm["arm"]: arm for arm in report["arms"]}
    control = {person for person in SHOPPERS if bucket("again", person) < 2500}
    bought_again = {f"shop-{n:02d}" for n in range(PEOPLE) if n % 3 == 2}
    assert arms["control"]["people"] == len(control) and arms["control"]["sent"] == 0
    assert sum(arm["people"] for arm in report["arms"]) == len(SHOPPERS)
    assert arms["control"]["converted"] == len(control & bought_again)
    assert sum(arm["converted"] for arm in report["arms"]) == len(bought_again)
    assert sum(arm["value"] for arm in report["arms"]) == pytest.approx(10.25 * len(bought_again))
    treated = [arm for arm in report["arms"] if arm["arm"] != "control"]
    assert sum(arm["sent"] for arm in treated) == len(messages)
    for arm in treated:
        assert arm["sent"] + arm["unknown"] + sum(arm["failed"].values()) + sum(arm["skipped"].values()) == arm["people"]
    assert [(effect["metric"], effect["low"] <= effect["difference"] <= effect["high"]) for effect in report["effect"]] == [
        ("conversion", True),
        ("value", True),
    ]
    assert report["sentence"].strip()
    kept = AdminApi(shop.info["api"], GivenToken(shop.info["token"])).get("runs", run["run_id"], "report")
    assert kept["arms"] == report["arms"]
    rows = shop.sql(f"SELECT arm, people, converted, value, final FROM results WHERE run_id = '{run['run_id']}'")
    assert sorted(rows) == sorted((name, arm["people"], arm["converted"], arm["value"], True) for name, arm in arms.items())


class Slow:
    """A run of eight pushes a second, begun."""

    def __init__(self, shop: Installation, identity: str) -> None:
        plan = campaign(identity, control={"percent": 0}, delivery={"per_second": 8})
        assert shop.put("campaign", plan).returncode == 0
        self._shop, self._since = shop, shop.double("/__admin/messages?since=0")["next"]
        self.api = AdminApi(shop.info["api"], GivenToken(shop.info["token"]))
        self.run_id = self.api.post("campaigns", identity, "runs", body={"as_of": "2026-02-01T00:00:00Z", "send": True})["run_id"]
        self.until(lambda: len(self.tokens) > 2)

    @property
    def tokens(self) -> list[str]:
        """Of the messages that arrived."""
        messages = self._shop.double(f"/__admin/messages?since={self._since}")["messages"]
        return [message["body"]["message"]["token"] for message in messages]

    @property
    def status(self) -> dict[str, Any]:
        found = self.api.get("runs", self.run_id)
        counts = found["counts"]
        told = counts["sent"] + counts["unknown"] + sum(counts["failed"].values()) + sum(counts["skipped"].values())
        assert (counts["audience"], counts["treated"]) == (counts["control"] + counts["treated"], told)
        return found

    @staticmethod
    def until(so: Callable[[], bool]) -> None:
        end = time.monotonic() + 30
        while not so():
            assert time.monotonic() < end
            time.sleep(0.05)

    def settle(self) -> int:
        """How many arrived, once a call has had the time to hear that it must not go on."""
        time.sleep(1.3)
        return len(self.tokens)


def test_a_run_is_paused_resumed_aborted_and_gone_on_with_and_everybody_gets_it_once(shop: Installation) -> None:
    slow, reachable = Slow(shop, "controlled"), len(SHOPPERS) - 1
    assert slow.api.post("runs", slow.run_id, "pause", body={})["state"] == "paused"
    paused_at = slow.settle()
    slow.until(lambda: slow.status["counts"]["sent"] == paused_at)
    assert (slow.status["state"], slow.status["per_second"]) == ("paused", 0)
    refused = shop.run("campaign", "launch", "controlled", "--yes")
    assert (refused.returncode, "is paused" in refused.stderr, len(slow.tokens)) == (1, True, paused_at)

    assert slow.api.post("runs", slow.run_id, "resume", body={})["run_id"] == slow.run_id
    slow.until(lambda: len(slow.tokens) > paused_at)
    told = slow.api.post("runs", slow.run_id, "abort", body={})
    assert (told["state"], bool(told["stopped_by"])) == ("aborted", True)
    sent = slow.settle()
    assert paused_at < sent < reachable
    slow.until(lambda: slow.status["concluded_at"] is not None)
    run = slow.status
    assert (run["state"], run["counts"]["sent"], run["counts"]["unknown"]) == ("aborted", sent, 0)
    assert sum(run["counts"]["skipped"].values()) == len(SHOPPERS) - sent

    again = shop.json("campaign", "resume", slow.run_id, "--wait")
    assert (again["state"], again["counts"]["skipped"]["already_reached"]) == ("succeeded", sent)
    assert len(slow.tokens) == len(set(slow.tokens)) == reachable


def test_a_dead_token_is_dropped_and_not_tried_again(shop: Installation) -> None:
    dead = f"shop1:APA91b{'t' * 100}"
    shop.double("/__admin/faults", {"tokens": {dead: "UNREGISTERED"}})
    try:
        plan = campaign("third", control={"percent": 0})
        run, messages = launch(shop, plan)
        assert [m["answer"] for m in messages if m["body"]["message"]["token"] == dead] == [404]
        report = shop.json("campaign", "report", run["run_id"])
        assert "unregistered" in json.dumps(report["arms"]).lower()
        _, again = launch(shop, plan)
        assert [m for m in again if m["body"]["message"]["token"] == dead] == []
    finally:
        shop.double("/__admin/reset", {})


def test_variants_share_the_treated_people_by_weight_and_never_change(shop: Installation) -> None:
    push = {"push": {"title": "A", "body": "a"}}
    variants = [{"id": "a", "weight": 1, "message": push}, {"id": "b", "weight": 1, "message": push}]
    plan = campaign("fourth", variants=variants)
    seen = []
    for _ in range(2):
        _, messages = launch(shop, plan)
        seen.append({m["body"]["message"]["token"]: m["body"]["message"]["data"]["variant"] for m in messages})
    assert seen[0] == seen[1] and set(seen[0].values()) == {"a", "b"}


def test_who_has_had_enough_gets_nothing_and_the_counts_say_so(shop: Installation) -> None:
    once = {"control": {"percent": 0}, "delivery": {"cap": {"count": 1, "within": "1h"}}}
    first, _ = launch(shop, campaign("enough", **once))
    reached = first["counts"]["sent"]
    assert reached > 0
    second, messages = launch(shop, campaign("too-much", **once))
    assert (second["counts"]["sent"], second["counts"]["skipped"]["capped"], messages) == (0, reached, [])


def test_a_campaign_reaches_those_who_agreed_to_what_it_is_for(shop: Installation) -> None:
    assert shop.put("settings", {"purposes": {"marketing": "opt_in"}}).returncode == 0
    given = {"type": "track", "event": "Consent Given", "userId": "shop-04", "messageId": "yes-1", "properties": {"purpose": "marketing"}}
    assert shop.post("/v1/batch", {"batch": [given]})[0] == 200
    shop.cli("profile", "consent", "shop-05", "--purpose", "marketing", "--yes", "--source", "by telephone")
    shop.cli("flush")
    wanted = campaign("wanted", control={"percent": 0}, delivery={"purpose": "marketing"})
    run, messages = launch(shop, wanted)
    skipped = run["counts"]["skipped"]
    assert run["counts"]["sent"] == 2 and skipped["no_consent"] == len(SHOPPERS) - 3 - skipped.get("device_gone", 0)
    assert sorted(message["body"]["message"]["token"].split(":")[0] for message in messages) == ["shop4", "shop5"]
    (word, *_) = shop.json("profile", "get", "shop-05", "--consents", "--segment", "shoppers")["consent_history"]
    assert (word["agreed"], word["purpose"], word["by"], word["source"], word["told"]) == (
        True,
        "marketing",
        "Consent Given",
        "regulars",
        "by telephone",
    )
    assert shop.put("campaign", {**wanted, "delivery": {"purpose": "marketting"}}).returncode == 1
    assert shop.put("settings", {}).returncode == 1, "a campaign is for what they would no longer declare"
    shop.cli("campaign", "archive", "wanted")
    assert shop.put("settings", {}).returncode == 0


def test_an_empty_audience_ends_well(shop: Installation) -> None:
    run, messages = launch(shop, campaign("fifth"), as_of="2020-01-01T00:00:00Z")
    assert run["state"] == "succeeded" and messages == []
    report = shop.json("campaign", "report", run["run_id"])
    assert [arm["people"] for arm in report["arms"]] == [0, 0] and report["sentence"] == "Nobody was in the audience."


@pytest.mark.parametrize(
    ("noun", "document", "named"),
    [
        ("segment", {"id": "x", "name": "x", "rule": {"trait": "plan", "equals": "pro"}}, "equals"),
        ("segment", {"id": "x", "name": "x", "rule": {"score": "churn", "gte": 0.5}}, "score"),
        ("segment", {"id": "x", "name": "x", "rule": {"segment": "nowhere"}}, "nowhere"),
        ("campaign", {**campaign("y"), "sned": 1}, "sned"),
        ("campaign", {**campaign("y"), "audience": {"include": ["nowhere"]}}, "nowhere"),
    ],
)
def test_a_bad_document_is_refused_and_the_mistake_named(shop: Installation, noun: str, document: dict[str, Any], named: str) -> None:
    done = shop.put(noun, document)
    assert done.returncode != 0 and named in done.stderr and done.stdout == ""


def test_an_overview_counts_what_was_sent_and_the_lakes_views_say_the_same_by_the_settings_names(shop: Installation) -> None:
    settings = {name: value for name, value in shop.json("settings", "get").items() if name != "version"}
    put = shop.put("settings", {**settings, "purchase": {"event": "Shop Order", "value": "revenue"}})
    assert (put.returncode, json.loads(put.stdout)["warnings"]) == (0, []), put.stderr
    found = shop.json("overview", "--months", "2", "--as-of", "2026-02-03T00:00:00Z")
    january, february = found["months"]
    assert (january["converted"], january["engaged"], january["orders"], january["revenue"]) == (40, 20, 60, 615.0)
    assert (february["converted"], february["engaged"], february["orders"], february["unfinished"]) == (20, 20, 20, True)
    (cohort,) = found["cohorts"]
    assert (cohort["people"], [month["people"] for month in cohort["months"]]) == (40, [40, 20])
    rows = shop.sql("SELECT converted, engaged, orders, revenue FROM months WHERE month < DATE '2026-03-01' ORDER BY month")
    assert rows == [(40, 20, 60, 615.0), (20, 20, 20, 205.0)]
