"""From what was counted to dollars: at any number of events a day, and after any of the counted numbers of days.

A month has 30 days, and nothing is free: AWS's free tiers, which small installations live on, are left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bench.amounts import Amounts
from bench.cost_counts import FRESH, Counted, Fit
from bench.cost_history import people
from bench.cost_template import DAY_SECONDS, Facts
from bench.metered_cloud import LOG_LINE_BYTES
from bench.traffic import EVENTS_A_REQUEST
from regulars.domain import prices
from regulars.domain.prices import PRICES

MONTH: Final = 30
POLLERS: Final = 5
"""Lambda looks at a queue with five at first, each collecting batches of its own:
https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html"""
POLL_SECONDS: Final = 20
"""Of a long poll that finds nothing."""
RECEIVE: Final = 10
"""Messages that a request receives or deletes at most."""
GLUE_REQUESTS: Final = 10
"""Assumed, of one statement of Athena."""
HEADER_BYTES: Final = 400
"""Assumed, of an answer of the HTTP API."""
PUSH_BYTES: Final = 1_000
"""Assumed, of a push on its way to FCM, TLS and headers included."""
LOG_FRACTION: Final = 0.15
"""What CloudWatch keeps of a log is compressed: https://aws.amazon.com/cloudwatch/pricing/ takes 0.15 in its examples."""
CURATE: Final = "CurateFunctionEveryQuarterHour"
UPKEEP: Final = "UpkeepStateMachineEveryNight"
"""The two schedules whose firings cost more with more events; what the others find to do does not hang on them."""

Parts = Mapping[str, Mapping[str, float]]
"""Amounts a day, by what they are for and by name of a price."""


@dataclass(frozen=True)
class Bill:
    """At `events_a_day`, after `days`. `day` are amounts a day; `kept` are amounts a month, of what is there all the time."""

    events_a_day: int
    day: Parts
    kept: Mapping[str, float]

    def million(self) -> dict[str, float]:
        """Dollars per million events, by what for."""
        million = {part: prices.usd(amounts) / self.events_a_day * 1e6 for part, amounts in self.day.items()}
        return {**million, "what is there anyway": prices.usd(self.kept) / MONTH / self.events_a_day * 1e6}

    def services(self) -> dict[str, float]:
        """The same dollars by name of the price."""
        total = Amounts(self.kept).times(1 / MONTH)
        for amounts in self.day.values():
            total.add(amounts)
        return {name: PRICES[name].of(amount) / self.events_a_day * 1e6 for name, amount in total.items()}

    def month(self) -> float:
        """Dollars a month, everything."""
        return sum(prices.usd(amounts) for amounts in self.day.values()) * MONTH + prices.usd(self.kept)


def bill(counted: Counted, facts: Facts, *, events_a_day: int, days: int) -> Bill:
    """What so many events a day cost."""
    requests = events_a_day / EVENTS_A_REQUEST
    together = messages_together(facts, requests)
    curate = curated(counted, facts, events_a_day=events_a_day, days=days)
    upkeep = counted.upkeep_after[str(days)].at(events_a_day)
    day = {
        "collect": _collected(counted, facts, requests),
        "load": _loaded(counted, requests, together),
        "curate": billed(curate).add({"schedule": 1}).times(facts.firings[CURATE]),
        "upkeep": billed(upkeep).add({"schedule": 1}).times(facts.firings[UPKEEP]),
        "other schedules": _other_schedules(counted, facts),
        "storage of the month": _stored(counted, events_a_day, requests, together),
    }
    profiles = people(events_a_day) * profile_bytes(counted)
    kept = {"metric": counted.metrics, "alarm": facts.alarms, "secret": facts.secrets, "dynamodb_storage": profiles, "dynamodb_recovery": profiles}
    return Bill(events_a_day, day, kept)


def _other_schedules(counted: Counted, facts: Facts) -> Amounts:
    """A day's, as they are where nothing happens."""
    found = Amounts()
    for name, times in facts.firings.items():
        if name not in (CURATE, UPKEEP):
            found.add(billed(counted.idle[name]).add({"schedule": 1}).times(times))
    return found


def profile_bytes(counted: Counted) -> float:
    """Of a person with a device: what load wrote for each write unit, because a profile is under a kilobyte."""
    writes = counted.load.at(counted.load.sizes[-1])
    return writes["written.dynamodb"] / writes["dynamodb_write"]


def messages_together(facts: Facts, requests_a_day: float) -> float:
    """Messages in an invocation of load, if every poller waits for its window and requests come evenly over the day."""
    return min(float(facts.load_batch), max(1.0, requests_a_day / DAY_SECONDS * facts.load_window / POLLERS))


def curated(counted: Counted, facts: Facts, *, events_a_day: int, days: int) -> Amounts:
    """Counted amounts of one run: what its events need, and what the lake's size adds to it."""
    events = events_a_day / facts.firings[CURATE]
    fresh, lake = counted.curate, counted.curate_after[str(days)]
    found = lake.at(events_a_day)
    for name, slope in fresh.each.items():
        found[name] = max(0.0, found[name] + slope * (events - FRESH))
    together = messages_together(facts, events_a_day / EVENTS_A_REQUEST)
    found["raw_get"] = _reads(fresh) * events / EVENTS_A_REQUEST / together
    return found


def dedupe_usd(counted: Counted, facts: Facts, *, events_a_day: int, days: int) -> float:
    """Dollars per million events for knowing which are new: bytes and requests that curate reads of the lake for it."""
    run = curated(counted, facts, events_a_day=events_a_day, days=days)
    dollars = prices.usd({"athena_scan": run["dedupe.scanned"], "s3_get": run["dedupe.s3_get"]})
    return dollars * facts.firings[CURATE] / events_a_day * 1e6


def scanned(run: Mapping[str, float]) -> float:
    """Bytes that the statements of a run scan."""
    return sum(amount for name, amount in run.items() if name.startswith("scanned."))


def requested(run: Mapping[str, float]) -> float:
    """Requests of a run to S3."""
    return run.get("s3_get", 0) + run.get("s3_put", 0) + run.get("raw_get", 0)


def billed(run: Mapping[str, float]) -> Amounts:
    """Counted amounts by the names of prices alone; each statement is charged for 10 MB at least."""
    found = _priced(run)
    found["s3_get"] += run.get("raw_get", 0)
    for name, queries in run.items():
        kind = name.removeprefix("queries.")
        if kind != name:
            least = queries * prices.ATHENA_LEAST_MEGABYTES * prices.ATHENA_MEGABYTE
            found["athena_scan"] += max(run.get(f"scanned.{kind}", 0), least)
            found["glue_request"] += queries * GLUE_REQUESTS
    return found


def sent_million(counted: Counted) -> dict[str, float]:
    """Dollars per million pushes of one campaign, by name of the price."""
    people = 1e6 / counted.send.each["pushes"]
    amounts = billed(counted.send.at(people)).add({"transfer_out": PUSH_BYTES * 10**6})
    return {name: PRICES[name].of(amount) for name, amount in amounts.items()}


def evaluated_usd(counted: Counted, *, events_a_day: int, days: int) -> float:
    """Dollars of one count of the segment."""
    return prices.usd(billed(counted.segment_after[str(days)].at(events_a_day)))


def idle(counted: Counted, facts: Facts) -> dict[str, float]:
    """Dollars a month where nothing happens, by what for."""
    fired = {name: billed(counted.idle[name]).add({"schedule": 1}).times(times * MONTH) for name, times in facts.firings.items()}
    lines = {f"schedule {name}": prices.usd(amounts) for name, amounts in fired.items()}
    logs = sum(amounts["log_ingestion"] for amounts in fired.values()) * facts.log_days / MONTH
    polls = facts.queue_mappings * POLLERS * MONTH * DAY_SECONDS / POLL_SECONDS
    return {
        f"{facts.alarms} alarms": prices.usd({"alarm": facts.alarms}),
        f"{facts.secrets} secret": prices.usd({"secret": facts.secrets}),
        "SQS: Lambda looks into the queue": prices.usd({"sqs_request": polls}),
        **lines,
        "logs that are kept": prices.usd({"log_storage": logs * LOG_FRACTION}),
        "Cognito: a user pool and its clients without tokens": 0.0,
        "tables, bucket, API, state machine, custom metrics: nothing while empty": 0.0,
    }


def _collected(counted: Counted, facts: Facts, requests: float) -> Amounts:
    used = _priced(counted.collect.each).times(requests)
    used["http_api_request"] = requests * max(1, -(-counted.request_bytes // prices.HTTP_API_UNIT))
    used["log_ingestion"] += requests * (facts.access_line_bytes + LOG_LINE_BYTES)
    used["transfer_out"] = requests * (counted.answer_bytes + HEADER_BYTES)
    return used


def _loaded(counted: Counted, requests: float, together: float) -> Amounts:
    """With what Lambda's pollers ask of the queue: each receives about once a second, and deletes by tens."""
    used = billed(counted.load.at(together)).times(requests / together)
    received = min(float(RECEIVE), max(1.0, requests / DAY_SECONDS / POLLERS))
    deleted = max(1.0, together / RECEIVE) / together
    used["sqs_request"] += requests * (1 / received + deleted)
    return used


def _stored(counted: Counted, events_a_day: int, requests: float, together: float) -> Amounts:
    """A day's share of what a month's events keep for a month: raw lives 30 days, the lake for ever; logs as the template says."""
    raw = counted.load.at(together)["written.raw"] * requests / together
    lake = sum(amount for name, amount in counted.curate.each.items() if name.startswith("written.lake/")) * events_a_day
    logs = counted.collect.each["log_ingestion"] * requests * LOG_FRACTION
    return Amounts(s3_storage=raw + lake, log_storage=logs)


def _reads(fresh: Fit) -> float:
    """How often a run reads each raw object."""
    run = fresh.at(fresh.sizes[-1])
    return run["raw_get"] / run["objects"]


def _priced(amounts: Mapping[str, float]) -> Amounts:
    return Amounts({name: amount for name, amount in amounts.items() if name in PRICES})
