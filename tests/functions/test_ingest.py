"""The function that reads parts of imports, as SQS calls it."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from samtranslator.yaml_helper import yaml_parse

from functions.ingest.handler import lambda_handler
from regulars import wiring
from regulars.domain.cleaning.cleaned import DEFAULTS
from regulars.domain.errors import ConflictError, StoreUnavailableError
from regulars.domain.imports.job import Import, Part, Progress
from regulars.usecases.put_off_part import SOON_AFTER, TRIES, TRIES_OF_A_BUG
from regulars.usecases.start_import import show_import
from tests.fakes.clock import MovableClock
from tests.fakes.services import MemoryQueue
from tests.fakes.stores import MemoryDevices, MemoryEventNames, MemoryImports, MemoryObjects, MemoryProfiles

PAYLOAD = Path(__file__).parents[2] / "events" / "ingest" / "part.json"
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
IDENTITY = "0a72490c5ef0a2da"


class Context:
    def get_remaining_time_in_millis(self) -> int:
        return 300_000


def handled(receives: int = 1) -> dict[str, Any]:
    event = json.loads(PAYLOAD.read_text())
    event["Records"][0]["attributes"]["ApproximateReceiveCount"] = str(receives)
    return lambda_handler(event, Context())  # type: ignore[arg-type]


@pytest.fixture
def imports() -> Iterator[MemoryImports]:
    lake = MemoryObjects({"x": b'{"type":"track","event":"Bought","userId":"u1"}\n{"type":"track","userId":"u1"}\nno'})
    imports = MemoryImports()
    wiring.install(
        imports=imports,
        import_queue=MemoryQueue(),
        bucket=lake,
        lake=lake,
        profiles=MemoryProfiles(),
        devices=MemoryDevices(),
        event_names=MemoryEventNames(),
        current_plans=tuple,
        standards=DEFAULTS,
        clock=MovableClock(NOON),
    )
    imports.create(Import(IDENTITY, "x.ndjson", "segment-ndjson", NOON, "me"))
    imports.add_part(Part(IDENTITY, 1, "lake", "x", "x.ndjson", IDENTITY))
    yield imports
    wiring.install()


def test_a_message_is_a_part_that_is_read_to_its_end(imports: MemoryImports) -> None:
    assert handled() == {"batchItemFailures": []}
    tally = imports.part(IDENTITY, 1).value.tally
    assert (tally.records, tally.events, {reason: those.line for reason, those in tally.refused.items()}) == (
        3,
        1,
        {"missing_event_name": 2, "unreadable_line": 3},
    )


def test_a_part_whose_objects_cannot_be_written_comes_again(imports: MemoryImports) -> None:
    lake = wiring.lake()
    assert isinstance(lake, MemoryObjects)
    lake.fails = lambda key: True
    assert handled() == {"batchItemFailures": [{"itemIdentifier": "19dd0b57-b21e-4ac1-bd88-01bbb068cb01"}]}
    lake.fails = lambda key: False
    assert handled() == {"batchItemFailures": []}


AGAIN: dict[str, Any] = {"batchItemFailures": [{"itemIdentifier": "19dd0b57-b21e-4ac1-bd88-01bbb068cb01"}]}


@pytest.fixture
def failing(imports: MemoryImports, monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception | None], None]:
    """Whatever is read raises this, until it is None."""
    lake = wiring.lake()
    read = lake.chunks
    imports.close(IDENTITY, 1)

    def fail(error: Exception | None) -> None:
        def chunks(key: str) -> Iterator[bytes]:
            if error is not None:
                raise error
            return read(key)

        monkeypatch.setattr(lake, "chunks", chunks)

    return fail


def shown(imports: MemoryImports) -> Progress:
    return show_import(IDENTITY, imports=imports, clock=wiring.clock())


@pytest.mark.parametrize(
    ("error", "last", "says"), [(KeyError("no"), TRIES_OF_A_BUG, "KeyError: 'no'"), (StoreUnavailableError("S3 is away"), TRIES, "S3 is away")]
)
def test_what_fails_comes_again_soon_and_at_last_the_import_says_so(
    imports: MemoryImports, failing: Callable[[Exception | None], None], error: Exception, last: int, says: str
) -> None:
    queue = wiring.import_queue()
    assert isinstance(queue, MemoryQueue)
    failing(error)
    assert handled(last - 1) == AGAIN
    assert (shown(imports).state, list(queue.given_back)) == ("running", ["MessageReceiptHandle"])
    assert handled(last) == AGAIN
    assert shown(imports).state == "failed"
    assert shown(imports).errors == [f"x.ndjson: not read on after line 0: {says}; the same import again goes on there"]


def test_a_part_that_was_stopped_goes_on_when_it_comes_again(imports: MemoryImports, failing: Callable[[Exception | None], None]) -> None:
    failing(KeyError("no"))
    handled(TRIES_OF_A_BUG)
    failing(None)
    assert handled() == {"batchItemFailures": []}
    assert (shown(imports).state, shown(imports).records, shown(imports).errors) == ("done", 3, [])


def test_what_somebody_else_reads_is_left_to_them_and_their_message(imports: MemoryImports, failing: Callable[[Exception | None], None]) -> None:
    failing(ConflictError("another write came first"))
    assert handled() == {"batchItemFailures": []}
    assert shown(imports).state == "running"


class CutOff(BaseException):
    """Lambda ends the process."""


def test_whoever_is_cut_off_five_times_has_said_before_that_it_failed(imports: MemoryImports, monkeypatch: pytest.MonkeyPatch) -> None:
    queue, lake = wiring.import_queue(), wiring.lake()
    assert isinstance(queue, MemoryQueue)
    imports.close(IDENTITY, 1)
    states = []

    def cut_off(key: str) -> Iterator[bytes]:
        raise CutOff

    with monkeypatch.context() as patched:
        patched.setattr(lake, "chunks", cut_off)
        for receives in range(1, TRIES + 1):
            with pytest.raises(CutOff):
                handled(receives)
            states.append(shown(imports).state)
    assert states == ["running"] * (TRIES - 1) + ["failed"]
    assert queue.given_back == {"MessageReceiptHandle": timedelta(seconds=300) + SOON_AFTER}
    assert handled(TRIES) == {"batchItemFailures": []}
    assert shown(imports).state == "done"


def test_a_message_that_is_no_ticket_stays_for_the_dead_letters(imports: MemoryImports) -> None:
    event = json.loads(PAYLOAD.read_text())
    event["Records"][0] |= {"body": "what", "attributes": {"ApproximateReceiveCount": "9"}}
    assert lambda_handler(event, Context()) == AGAIN  # type: ignore[arg-type]


def test_the_last_try_is_the_queues() -> None:
    queue = yaml_parse((Path(__file__).parents[2] / "template.yaml").read_text())["Resources"]["ImportQueue"]
    assert queue["Properties"]["RedrivePolicy"]["maxReceiveCount"] == TRIES
