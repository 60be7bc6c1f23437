"""The document of how far a shard has come, as JSON text. Places are written as ranges (`0-99,107`), for most of them follow each other: what a
block of recipients changes has to fit into few kilobytes, which are what a write is paid by."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby

import orjson

from regulars.domain.delivery.outcomes import Fate
from regulars.domain.delivery.progress import Progress
from regulars.domain.delivery.tally import Tally


def progress_document(progress: Progress) -> str:
    document = {
        "run_id": progress.run_id,
        "shard": progress.shard,
        "holder": progress.holder,
        "until": progress.until,
        "at_risk": _ranges(progress.at_risk),
        "doubtful": _by_text((str(times), place) for place, times in progress.doubtful.items()),
        "known": _by_text(("/".join(fate), place) for place, fate in progress.known.items()),
        "put_off": _by_text((str(surprise), place) for place, surprise in progress.put_off.items()),
        "setbacks": progress.setbacks,
        "deaths": progress.deaths,
        "refused": progress.refused,
        "people": {"/".join(fate): people for fate, people in progress.tally.people.items()},
        "pushes": progress.tally.pushes,
        "per_second": progress.tally.per_second,
    }
    return orjson.dumps(document).decode()


def progress_of(text: str) -> Progress:
    document = orjson.loads(text)
    return Progress(
        document["run_id"],
        document["shard"],
        document["holder"],
        datetime.fromisoformat(document["until"]) if document["until"] else None,
        frozenset(_places(document["at_risk"])),
        _numbers(document["doubtful"]),
        {place: _fate(fate) for fate, ranges in document["known"].items() for place in _places(ranges)},
        _numbers(document["put_off"]),
        document["setbacks"],
        document["deaths"],
        document["refused"],
        Tally(
            {_fate(fate): people for fate, people in document.get("people", {}).items()},
            document.get("pushes", 0),
            document.get("per_second", 0.0),
        ),
    )


def _by_text(places: Iterable[tuple[str, int]]) -> dict[str, str]:
    """The places of each text."""
    found: dict[str, list[int]] = defaultdict(list)
    for text, place in places:
        found[text].append(place)
    return {text: _ranges(those) for text, those in found.items()}


def _numbers(by_text: dict[str, str]) -> dict[int, int]:
    return {place: int(text) for text, ranges in by_text.items() for place in _places(ranges)}


def _fate(text: str) -> Fate:
    outcome, _, reason = text.partition("/")
    return outcome, reason  # type: ignore[return-value]  # as it was written


def _ranges(places: Iterable[int]) -> str:
    runs = (list(run) for _, run in groupby(enumerate(sorted(places)), lambda each: each[1] - each[0]))
    return ",".join(f"{run[0][1]}-{run[-1][1]}" if len(run) > 1 else f"{run[0][1]}" for run in runs)


def _places(ranges: str) -> Iterator[int]:
    for each in filter(None, ranges.split(",")):
        first, _, last = each.partition("-")
        yield from range(int(first), int(last or first) + 1)
