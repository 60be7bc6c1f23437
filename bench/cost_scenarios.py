"""What is run to be counted: requests through collect and load, curate with and without a history, a segment, a night's upkeep, idle schedules."""

import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from bench import cost_history, traffic
from bench.amounts import Amounts
from bench.cost_campaign import campaign_to
from bench.cost_counts import DAYS, FRESH, Counted, Fit, line
from bench.cost_model import UPKEEP
from bench.metered import Usage
from bench.metered_cloud import MeteredCloud, amounts_of, metered_cloud

EVENTS: Final = (1_000, 4_000)
"""A quarter of an hour's events, at the two sizes."""
REQUESTS_A_LOAD: Final = (10, 40)
EVENTS_A_DAY: Final = (5_000, 15_000)
"""Of a lake with a history, at the two sizes."""
RECIPIENTS: Final = (1_000, 3_000)
LOOK_SECONDS: Final = 2.0
"""Between two looks at a count, each a read that is paid for: as whoever waits for one looks, in the end (`cli.polling`)."""
NOT_DEDUPE: Final = frozenset({"MERGE people", "MERGE identities", "MERGE devices"})
SEGMENT: Final = {
    "id": "cost",
    "name": "Bought lately, looked often",
    "rule": {
        "all": [
            {"event": "Order Completed", "within": "30d"},
            {"event": "Product Viewed", "within": "7d", "count": {"gte": 3}},
            {"trait": "tier", "eq": "gold"},
        ]
    },
}


def count() -> Counted:
    """Runs everything; some minutes."""
    collect, load, curate, metrics, sizes = _ingested()
    after = {str(days): [(float(volume), _after(days, volume)) for volume in EVENTS_A_DAY] for days in DAYS}
    grown = [{day: line([(volume, parts[part]) for volume, parts in samples]) for day, samples in after.items()} for part in range(3)]
    sent = line([(people, campaign_to(people)) for people in RECIPIENTS])
    return Counted(
        at=f"{datetime.now(UTC):%Y-%m-%d}",
        collect=collect,
        load=load,
        curate=curate,
        curate_after=grown[0],
        segment_after=grown[1],
        upkeep_after=grown[2],
        send=sent,
        idle=_idle(),
        metrics=metrics,
        request_bytes=sizes[0],
        answer_bytes=sizes[1],
    )


def curate_amounts(cloud: MeteredCloud, usage: Usage) -> Amounts:
    """With what a run reads of the lake to know what is new: all but the merges do nothing else there."""
    found = amounts_of(cloud, usage)
    for statement in cloud.statements(usage):
        if statement.kind not in NOT_DEDUPE:
            found["dedupe.scanned"] += sum(size for place, size in statement.read.items() if place != "raw")
            found["dedupe.s3_get"] += sum(requests for place, requests in statement.asked.items() if place != "raw")
    return found


def _ingested() -> tuple[Fit, Fit, Fit, int, tuple[int, int]]:
    """Requests through collect and load, and one run of curate on what they left, at the two sizes."""
    collects, loads, curates, metrics = [], [], [], 0
    for events, together in zip(EVENTS, REQUESTS_A_LOAD, strict=True):
        with metered_cloud() as cloud:
            _collected(cloud, traffic.EVENTS_A_REQUEST, first=10**9)  # the first invocations are cold
            _loaded(cloud, 1)
            used, requests, sizes = _collected(cloud, events)
            collects.append((float(requests), amounts_of(cloud, used)))
            used, invocations = _loaded(cloud, together)
            loads.append((float(together), amounts_of(cloud, used).times(1 / invocations)))
            _, used = cloud.invoke("CurateFunction", {})
            curates.append((float(events), curate_amounts(cloud, used).add({"objects": invocations + 1})))
            metrics = len(cloud.metrics)
    return line(collects), line(loads), line(curates), metrics, sizes


def _collected(cloud: MeteredCloud, events: int, *, first: int = 0, people: int = 2_000) -> tuple[Usage, int, tuple[int, int]]:
    """Through the HTTP API's function, into the queue: used, requests, and the bytes of a request and an answer."""
    total, requests, sent, answered = Usage(), 0, 0, 0
    now = datetime.now(UTC)
    for body in traffic.requests(events, people=people, first=first, until=now, span=timedelta(minutes=15), seed=first or 1):
        answer, used = cloud.invoke("CollectFunction", _http_event(body))
        if answer["statusCode"] != 200:
            raise RuntimeError(f"collect answered {answer}")
        total.add(used)
        requests, sent, answered = requests + 1, sent + len(body), answered + len(json.dumps(answer))
    return total, requests, (sent // requests, answered // requests)


def _http_event(body: bytes) -> dict[str, Any]:
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": "/v1/batch",
        "headers": {"content-type": "application/json"},
        "requestContext": {"http": {"method": "POST", "path": "/v1/batch"}},
        "body": body.decode(),
        "isBase64Encoded": False,
    }


def _loaded(cloud: MeteredCloud, together: int) -> tuple[Usage, int]:
    """All that waits in the queue, so many messages at a time: used, and invocations."""
    total, waiting = Usage(), _taken(cloud)
    for start in range(0, len(waiting), together):
        answer, used = cloud.invoke("LoadFunction", {"Records": waiting[start : start + together]})
        if answer["batchItemFailures"]:
            raise RuntimeError("load gave messages back")
        total.add(used)
    return total, -(-len(waiting) // together)


def _taken(cloud: MeteredCloud) -> list[dict[str, Any]]:
    import boto3

    sqs, url, found = boto3.client("sqs"), cloud.deployed.references["EventQueue"], []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
        for message in messages:
            first = {"ApproximateReceiveCount": "1"}
            found.append({"messageId": message["MessageId"], "receiptHandle": message["ReceiptHandle"], "body": message["Body"], "attributes": first})
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return found


def _after(days: int, events_a_day: int) -> tuple[Amounts, Amounts, Amounts]:
    """Curate with fresh events, a count of the segment, and a night's upkeep, in a lake with that history."""
    with metered_cloud() as cloud:
        until = datetime.now(UTC) - timedelta(minutes=30)
        _curated(cloud, people=1, first=10**9)  # so that curate knows where it stands: it has nothing to do with what comes now
        cost_history.build(cloud.deployed.outputs["DatabaseName"], days=days, events_a_day=events_a_day, until=until)
        curated = curate_amounts(cloud, _curated(cloud, people=cost_history.people(events_a_day), first=0))
        return curated, _evaluated(cloud), _kept_up(cloud)


def _curated(cloud: MeteredCloud, *, people: int, first: int) -> Usage:
    """A run of curate with fresh events."""
    _collected(cloud, FRESH, first=first, people=people)
    _loaded(cloud, 25)
    _, used = cloud.invoke("CurateFunction", {})
    return used


def _evaluated(cloud: MeteredCloud) -> Amounts:
    from regulars import wiring
    from regulars.usecases.evaluate_segment import look_at_evaluation, start_evaluation
    from regulars.usecases.put_segment import put_segment

    with cloud.meter.counting() as used, cloud.in_environment("AdminFunction"):
        definitions, evaluations, queries, clock = wiring.definitions(), wiring.evaluations(), wiring.queries(), wiring.clock()
        put_segment(SEGMENT, by="cost", definitions=definitions, lake=wiring.lake(), clock=clock)
        started = start_evaluation(
            "cost",
            kind="count",
            as_of=None,
            request="cost",
            by="cost",
            definitions=definitions,
            evaluations=evaluations,
            queries=queries,
            catalog=wiring.table_catalog(),
            clock=clock,
        )
        while (found := look_at_evaluation(started.ticket, evaluations=evaluations, queries=queries, lake=wiring.lake())).state in (
            "queued",
            "running",
        ):
            time.sleep(LOOK_SECONDS)
    if found.count is None:
        raise RuntimeError(f"the segment was not counted: {found}")
    return amounts_of(cloud, used)


def _kept_up(cloud: MeteredCloud) -> Amounts:
    """A night."""
    (night,) = [schedule for schedule in cloud.deployed.schedules if schedule.logical_id == UPKEEP]
    return _fired(cloud, night.target_arn, night.input)


def _idle() -> Mapping[str, Mapping[str, float]]:
    """One firing of each schedule where nothing happened, after a first that has done whatever there was."""
    with metered_cloud() as cloud:
        for schedule in cloud.deployed.schedules:
            _fired(cloud, schedule.target_arn, schedule.input)
        return {schedule.logical_id: _fired(cloud, schedule.target_arn, schedule.input).written() for schedule in cloud.deployed.schedules}


def _fired(cloud: MeteredCloud, target: str, text: str | None) -> Amounts:
    event = json.loads(text) if text else {}
    if ":states:" in target:
        used = _executed(cloud, target, json.dumps(event))
    else:
        _, used = cloud.invoke(target, event)
    return amounts_of(cloud, used)


def _executed(cloud: MeteredCloud, machine: str, text: str) -> Usage:
    """One execution of a state machine, waited for."""
    import boto3

    states = boto3.client("stepfunctions")
    with cloud.meter.counting() as used:
        execution = states.start_execution(stateMachineArn=machine, input=text)["executionArn"]
        cloud.wait_for(execution)
    return used
