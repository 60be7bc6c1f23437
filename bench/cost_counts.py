"""What `cost` counts, each thing at two sizes, and a line through the two: amounts in the units of the price table, by name of a price.

Beside those names: `raw_get`, the `s3_get` that read raw objects; `queries.KIND` and `scanned.KIND`, the statements that Athena charges for and
the bytes of each kind; `dedupe.scanned` and `dedupe.s3_get`, the bytes and requests of them that read the lake to know what is new;
`written.PLACE`, bytes put into S3; `objects`, raw objects that waited.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from bench.amounts import Amounts

FILE: Final = Path(__file__).with_name("cost_counts.json")
DAYS: Final = (2, 400)
FRESH: Final = 1_000
"""Events that curate finds in a lake with a history."""


@dataclass(frozen=True)
class Fit:
    """A line through what was counted at two sizes."""

    sizes: Sequence[float]
    fixed: Mapping[str, float]
    each: Mapping[str, float]

    def at(self, size: float) -> Amounts:
        """Amounts at another size."""
        return Amounts(self.fixed).add(self.each, size)


@dataclass(frozen=True)
class Counted:
    """Everything that was counted. `collect` by requests, `load` by requests in an invocation, `curate` by events in a run (a lake
    without history), `send` by people. `curate_after`, `segment_after` and `upkeep_after` are by events a day, after 2 and 400 days.
    `idle` is what one firing of each schedule uses when nothing happened, by the schedule's logical id.
    """

    at: str
    collect: Fit
    load: Fit
    curate: Fit
    curate_after: Mapping[str, Fit]
    segment_after: Mapping[str, Fit]
    upkeep_after: Mapping[str, Fit]
    send: Fit
    idle: Mapping[str, Mapping[str, float]]
    metrics: int
    request_bytes: int
    answer_bytes: int


def save(counted: Counted) -> None:
    FILE.write_text(json.dumps(asdict(counted), indent=1, sort_keys=True) + "\n")


def saved() -> Counted:
    """What was counted last."""
    read = json.loads(FILE.read_text())
    fits = {name: Fit(**read[name]) for name in ("collect", "load", "curate", "send")}
    grown = {name: {day: Fit(**each) for day, each in read[name].items()} for name in ("curate_after", "segment_after", "upkeep_after")}
    return Counted(**{**read, **fits, **grown})


def line(samples: Sequence[tuple[float, Mapping[str, float]]]) -> Fit:
    """Through the two samples. What shrinks is taken for noise about its mean, and what would begin below zero for proportional."""
    (small, low), (large, high) = samples
    fixed, each = Amounts(), Amounts()
    for name in {*low, *high}:
        least, most = low.get(name, 0), high.get(name, 0)
        slope = (most - least) / (large - small)
        if slope < 0:
            fixed[name] = (least + most) / 2
        elif slope * small > least:
            each[name] = most / large
        else:
            each[name], fixed[name] = slope, least - slope * small
    return Fit([small, large], fixed.written(), each.written())
