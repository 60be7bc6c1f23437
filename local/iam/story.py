"""A short life of an installation: events, a segment, a run and its report, one that is paused and resumed, a dead token, a night: what grants are
for."""

import base64
import gzip
import hashlib
import json
import ssl
import time
import urllib.request
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import boto3

from cli.client import AdminApi
from cli.credentials import GivenToken
from cli.transport import exchange
from local.iam.content_story import ContentStory
from local.iam.journey_story import JourneyStory
from local.platform import Platform
from local.resources.site import REGION

PATIENCE_SECONDS = 120.0
_ENDED = ("succeeded", "failed", "aborted", "paused")
"""Nothing becomes of a run by itself any more."""

Document = dict[str, Any]


class Story:
    """Told to a platform that runs in this process."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.api = AdminApi(platform.info["api"], GivenToken(platform.info["token"]))

    def tell(self) -> None:
        """Raises RuntimeError where something ends otherwise than it should."""
        self.first_quarter_hour()
        self.collect()
        self.import_()
        self.flush()
        self.admit()
        self.define()
        self.look_around()
        self.refresh()
        self.check()
        self.reported(self.launched("succeeded"))
        self.asked_in_sql()
        self.due()
        self.with_refused_credentials()
        ContentStory(self.platform, self.api, _until).tell()
        JourneyStory(self.platform, self.api, _until).tell()
        self.collect()
        self.flush()
        self.refresh()
        self.night()

    def first_quarter_hour(self) -> None:
        """What comes by itself looks at definitions that nobody has listed yet."""
        self.sweep()
        outcome = self.platform.runtime.lambdas.invoke("RefreshFunction", b"{}")
        if outcome.error:
            raise RuntimeError(f"refresh: {outcome.payload!r}")

    def collect(self) -> None:
        """Three people buy, something comes that is no event, and two sign in where traits were told before: one has a profile, one has none."""
        people = [{"type": "identify", "userId": f"p{n}", "traits": {"n": n}, "context": {"device": _device(n)}} for n in range(3)]
        orders = [{"type": "track", "event": "Order", "userId": f"p{n}"} for n in range(3)]
        told = [{"type": "identify", "anonymousId": f"b-{who}", "traits": {"size": "M"}} for who in ("p1", "visitor")]
        claims = [{"type": "track", "event": "Order", "anonymousId": f"b-{who}", "userId": who} for who in ("p1", "visitor")]
        batch = {"batch": [*people, *orders, *told, *claims, {"type": "track", "userId": "p1"}], "writeKey": self.platform.info["write_key"]}
        body = json.dumps(batch).encode()
        reply = exchange("POST", self.platform.info["api"] + "/v1/batch", body=body, headers={"Content-Type": "application/json"})
        if reply.status != 200:
            raise RuntimeError(f"the batch was answered {reply.status}: {reply.body!r}")

    def import_(self) -> None:
        """A CSV of two people and a row that is none, then what lies in the lake's own bucket."""
        mapping = {"type": "identify", "userId": "id", "traits": {"name": "Name"}}
        text = b"id,Name\np7,Ann\np8,Bob\np9\n"
        wanted: Document = {"name": "p.csv", "format": "csv", "content": hashlib.sha256(text).hexdigest(), "mapping": mapping}
        begun = self.api.post("imports", body={**wanted, "head": base64.b64encode(text).decode()})
        self.api.upload("imports", begun["id"], "parts", "1", content=gzip.compress(text), first_line="1", last="true")
        self._imported(begun)
        self.api.get("imports", begun["id"], "errors")
        context = {"device": {"id": "phone-p7", "token": "token-p7", "type": "android"}}
        lines = (
            {"type": "track", "event": "Order", "userId": "p7", "context": context},
            {"type": "identify", "userId": "p7", "traits": {"name": "Anna"}, "context": context},
        )
        own: dict[str, Any] = {"region_name": REGION, "aws_access_key_id": "story", "aws_secret_access_key": "story"}
        bucket, s3 = self.platform.info["bucket"], boto3.client("s3", endpoint_url=self.platform.info["aws"], **own)
        s3.put_object(Bucket=bucket, Key="imports/own/1.ndjson", Body="\n".join(map(json.dumps, lines)).encode())
        address = f"s3://{bucket}/imports/own/"
        self._imported(self.api.post("imports", body={"name": address, "format": "segment-ndjson", "content": address}))
        self.api.get("imports")

    def _imported(self, begun: Document) -> None:
        done = _until(lambda: self.api.get("imports", begun["id"]), lambda found: found["state"] in ("done", "failed"))
        if done["state"] != "done":
            raise RuntimeError(f"the import ended so: {done}")

    def flush(self) -> None:
        ticket = [""]

        def look() -> Document:
            found = self.api.post("flush", body={"ticket": ticket[0]})
            ticket[0] = found["ticket"]
            return found

        _until(look, lambda found: bool(found["state"] == "done"))

    def admit(self) -> None:
        """A source, and a new key of it."""
        self.api.post("sources", body={"name": "story"})
        self.api.post("sources", "story", "rotate", body={"overlap": "0"})

    def define(self) -> None:
        """What a purchase is, a segment and a campaign, each in two versions, and a segment that is refreshed."""
        self.api.put("settings", body={"purchase": {"event": "Order"}})
        self.scheduled = datetime.now(UTC).replace(second=0, microsecond=0)
        for name, hour in (("Buyers", self.scheduled.hour + 1), ("Those who bought", self.scheduled.hour)):
            self.api.put("segments", "buyers", body={"id": "buyers", "name": name, "rule": {"event": "Order"}})
            schedule = {"cron": f"{self.scheduled.minute} {hour % 24} * * ? *"}
            self.api.put("campaigns", "hello", body={**_CAMPAIGN, "name": name, "schedule": schedule})
        twice = {"event": "Order", "count": {"gte": 2}}
        self.api.put("segments", "fans", body={"id": "fans", "name": "Fans", "rule": twice, "refresh": "1h"})

    def look_around(self) -> None:
        for noun in ("sources", "segments", "campaigns", "runs", "health", "logs", "costs"):
            self.api.get(noun)
        self.api.get("segments", "buyers", "versions")
        self.api.get("profiles", user_id="p1")
        begun = self.api.post("segments", "buyers", "evaluations", body={"kind": "members"})
        done = self._followed("evaluations", begun)
        self.api.get("evaluations", done["ticket"], "members")
        self.api.get("segments", "buyers", "evaluations")
        to = f"s3://{self.platform.info['bucket']}/exports/buyers/"
        begun = self.api.post("segments", "buyers", "exports", body={"traits": ["n"], "to": to})
        self._followed("evaluations", begun)
        self._followed("identities", self.api.post("identities", body={"user_id": "p1"}))
        self._followed("overviews", self.api.post("overviews", body={}))
        self.api.post("identities", "decisions", body={"user_id": "p1", "id": "browser", "decision": "separated"})
        self.replay()
        self.bring_back()

    def refresh(self) -> None:
        """At first it learns who buys twice; then somebody has."""
        before = self.api.post("segments", "fans", "refresh", body={})
        done = _until(lambda: self.api.get("segments", "fans", "refresh"), lambda found: found["refreshed_at"] != before["refreshed_at"])
        if done["error"] or bool(done["entered"]) is not bool(before["refreshed_at"]):
            raise RuntimeError(f"the refresh ended so: {done}")

    def check(self) -> None:
        """FCM is asked about the campaign, then sends it to one person as a test."""
        checked = [self.api.post("campaigns", "hello", "check", body={}), self.api.post("campaigns", "hello", "test", body={"user_id": "p1"})]
        if any(one["outcome"] != "accepted" for each in checked for one in each["messages"]):
            raise RuntimeError(f"FCM said of the messages: {checked}")
        self.api.post("campaigns", "hello", "renderings", body={"user_id": "p1"})
        self.api.post("topics", "news", "subscribe", body={"user_id": "p1"})

    def replay(self) -> None:
        """What was no event gets a name, and is one."""
        done = self._followed("quarantine-searches", self.api.post("quarantine-searches", body={"kind": "replay"}))
        repair = {"steps": [{"default": "event", "to": "Order"}]}
        page = self.api.post("quarantine-searches", done["ticket"], "replays", body={"repair": repair, "apply": True})
        if not page["good"]:
            raise RuntimeError(f"nothing was replayed: {page}")

    def bring_back(self) -> None:
        """Of three dead letters of each queue one is forgotten; one goes back by its id and one with all, where they go back."""
        own: dict[str, Any] = {"region_name": REGION, "aws_access_key_id": "story", "aws_secret_access_key": "story"}
        sqs: Any = boto3.client("sqs", endpoint_url=self.platform.info["aws"], **own)
        for name, queue in (("curate", "Curate"), ("events", "Event"), ("imports", "Import"), ("journeys", "Journey"), ("occurrences", "Occurrence")):
            for body in ("nobody|1", "nobody|2", "nobody|3"):
                grouped = {"MessageGroupId": "nobody", "MessageDeduplicationId": body} if name == "journeys" else {}
                sqs.send_message(QueueUrl=self.platform.deployed.references[f"{queue}DeadLetterQueue"], MessageBody=body, **grouped)
            first, second, _ = self.api.get("dead-letters", name)["letters"]
            self.api.post("dead-letters", name, "removals", body={"ids": [first["id"]]})
            if name in ("events", "imports", "journeys"):
                self.api.post("dead-letters", name, "retries", body={"ids": [second["id"]]})
                self.api.post("dead-letters", name, "retries", body={})
        left = {each["queue"]: each["letters"] for each in self.api.get("dead-letters")["queues"]}
        if left != {"curate": 2, "events": 0, "imports": 0, "journeys": 0, "occurrences": 2}:
            raise RuntimeError(f"dead letters are left so: {left}")

    def launched(self, state: str) -> Document:
        """A run that ends in `state`."""
        return self._ended(self.api.post("campaigns", "hello", "runs", body={}), state)

    def due(self) -> None:
        """The scheduler calls twice at an occurrence of the campaign: one run, which goes out."""
        payload = json.dumps({"campaign_id": "hello", "scheduled": self.scheduled.isoformat()}).encode()
        answers = [json.loads(self.platform.runtime.lambdas.invoke("StartOccurrenceFunction", payload).payload) for _ in range(2)]
        if [answer.get("outcome") for answer in answers] != ["started", "already"]:
            raise RuntimeError(f"the occurrence was answered so: {answers}")
        self._ended(answers[0], "succeeded")

    def _ended(self, begun: Document, state: str) -> Document:
        self.sweep()
        run = _until(lambda: self.api.get("runs", begun["run_id"]), lambda found: found["state"] in _ENDED)
        if run["state"] != state:
            raise RuntimeError(f"the run ended so: {run}")
        self.sweep()
        return run

    def sweep(self) -> None:
        """As its schedule does every quarter of an hour."""
        outcome = self.platform.runtime.lambdas.invoke("SweepFunction", b"{}")
        if outcome.error:
            raise RuntimeError(f"sweep: {outcome.payload!r}")

    def night(self) -> None:
        """The lake's upkeep, as its schedule starts it."""
        own: dict[str, Any] = {"region_name": REGION, "aws_access_key_id": "story", "aws_secret_access_key": "story"}
        machines: Any = boto3.client("stepfunctions", endpoint_url=self.platform.info["aws"], **own)
        machine = self.platform.deployed.references["UpkeepStateMachine"]
        execution = machines.start_execution(stateMachineArn=machine)["executionArn"]
        found = _until(lambda: machines.describe_execution(executionArn=execution), lambda found: bool(found["status"] != "RUNNING"))
        if found["status"] != "SUCCEEDED":
            raise RuntimeError(f"upkeep: {found}")

    def reported(self, run: Document) -> None:
        """Asked for, shown again, and counted by the night, which finds what is kept."""
        self._followed("reports", self.api.post("runs", run["run_id"], "reports", body={}))
        self.api.get("runs", run["run_id"], "report")
        outcome = self.platform.runtime.lambdas.invoke("MeasureFunction", b"{}")
        if outcome.error:
            raise RuntimeError(f"measure failed: {outcome.payload.decode()}")
        self.api.get("runs")
        self._followed("whys", self.api.post("runs", run["run_id"], "why", body={"user_id": "p1"}))
        self._followed("preflights", self.api.post("campaigns", "hello", "preflight", body={}))

    def asked_in_sql(self) -> None:
        """Every table of the star, by somebody in SQL of their own: bounded, run, read, exported and stopped."""
        star = ("events", "people", "identities", "assignments", "deliveries", "results")
        counted = ", ".join(f"(SELECT count(*) FROM {name}) AS {name}" for name in star)
        statement = {"sql": f"SELECT {counted}"}
        self.api.get("lake-tables")
        self.api.post("query-plans", body=statement)
        done = self._followed("queries", self.api.post("queries", body=statement))
        self.api.get("queries", done["ticket"], "rows")
        self.api.get("queries", done["ticket"], "export")
        self._followed("queries", self.api.post("queries", body={"sql": "SHOW TABLES"}))
        self.api.post("queries", done["ticket"], "cancel", body={})

    def with_refused_credentials(self) -> None:
        """A run is paused by that, and resumed when it is mended; then a token turns out to be dead."""
        self._faults({"rates": {"401": 1.0}})
        paused = self.launched("paused")
        self._faults({"rates": {}, "tokens": {_device(1)["token"]: "UNREGISTERED"}})
        self._ended(self.api.post("runs", paused["run_id"], "resume", body={}), "succeeded")

    def _followed(self, noun: str, begun: Document) -> Document:
        done = _until(lambda: self.api.get(noun, begun["ticket"]), lambda found: found["state"] not in ("queued", "running"))
        if done["state"] != "succeeded":
            raise RuntimeError(f"{noun}: {done}")
        return done

    def _faults(self, faults: Document) -> None:
        trusted = ssl.create_default_context(cafile=self.platform.info["ca"])
        address, headers = self.platform.info["fcm"] + "/__admin/faults", {"Content-Type": "application/json"}
        urllib.request.urlopen(urllib.request.Request(address, json.dumps(faults).encode(), headers), context=trusted).read()


_CAMPAIGN: Mapping[str, Any] = {
    "id": "hello",
    "audience": {"include": ["buyers"]},
    "control": {"percent": 0},
    "message": {"push": {"title": "Hello {{ person.traits.n }}", "body": "again"}},
    "goal": {"event": "Order", "within": "7d"},
    "delivery": {"cap": {"count": 50, "within": "24h"}},
}


def _device(n: int) -> Document:
    return {"id": f"phone-{n}", "type": "android", "token": f"story{n}:APA91b{'t' * 100}"}


def _until(look: Callable[[], Document], ended: Callable[[Document], bool]) -> Document:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not ended(found := look()):
        if time.monotonic() > deadline:
            raise RuntimeError(f"not over after {PATIENCE_SECONDS:.0f} s: {found}")
        time.sleep(0.05)
    return found
