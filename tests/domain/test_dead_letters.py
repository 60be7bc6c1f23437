import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from samtranslator.yaml_helper import yaml_parse

from regulars.domain.collection.body import opened
from regulars.domain.collection.message import packed
from regulars.domain.dead_letters import CAUSES, KEPT, LONGEST_DETAIL, PURPOSES, TakenLetter, read_letter

TEMPLATE = Path(__file__).parents[2] / "template.yaml"
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def taken(body: str, **attributes: str) -> TakenLetter:
    return TakenLetter("letter", body, "receipt", NOON, 9, attributes)


def record(asked: Any = None, *, answer: Any = None) -> str:
    return json.dumps({"requestContext": {"condition": "RetriesExhausted"}, "requestPayload": asked or {}, "responsePayload": answer})


FAILED = {"errorType": "QueryFailedError", "errorMessage": "no such table"}


def test_a_request_is_told_by_the_ids_of_its_events_and_never_by_what_is_in_them() -> None:
    events = [{"type": "track", "event": "Order", "userId": "ada@shop.example", "messageId": f"m{n}"} for n in range(30)]
    (body,) = packed(opened(json.dumps({"batch": events}).encode(), ""), received=NOON, source="site", verb="batch")
    letter = read_letter("events", taken(body))
    assert (letter.cause, letter.subject, letter.detail) == ("not_loaded", "30 events of source site", "")
    assert letter.ids == [f"m{n}" for n in range(20)]
    assert (letter.lost_at - letter.sent_at, letter.receives, letter.bytes) == (timedelta(days=14), 9, len(body))
    assert "ada" not in repr(letter)


@pytest.mark.parametrize(
    ("queue", "body", "attributes", "cause", "subject", "detail"),
    [
        ("events", "no message", {}, "unreadable_request", "", "no known verb: ''"),
        ("imports", "i1|7", {}, "part_not_read", "part 7 of import i1", ""),
        ("imports", "poison", {}, "part_unknown", "", ""),
        ("imports", "i1|" + "9" * 5000, {}, "part_unknown", "", ""),
        ("curate", record(answer=FAILED), {}, "curate_failed", "", "QueryFailedError: no such table"),
        ("curate", record(answer=None), {}, "curate_failed", "", "RetriesExhausted"),
        ("curate", "[]", {}, "unknown", "", ""),
        (
            "occurrences",
            record({"campaign_id": "spring", "scheduled": "2026-11-21T12:00:00Z"}, answer=FAILED),
            {},
            "occurrence_failed",
            "campaign spring, due 2026-11-21T12:00:00Z",
            "QueryFailedError: no such table",
        ),
        (
            "occurrences",
            '{"campaign_id": "spring", "scheduled": "2026-11-21T12:00:00Z"}',
            {"ERROR_CODE": "AccessDenied", "ERROR_MESSAGE": "not yours"},
            "occurrence_not_called",
            "campaign spring, due 2026-11-21T12:00:00Z",
            "AccessDenied: not yours",
        ),
        ("occurrences", "{", {}, "unknown", "", ""),
        ("occurrences", '{"campaign_id": 7}', {}, "unknown", "", ""),
    ],
)
def test_a_letter_says_why_it_lies_there(queue: str, body: str, attributes: dict[str, str], cause: str, subject: str, detail: str) -> None:
    letter = read_letter(queue, taken(body, **attributes))
    assert (letter.cause, letter.subject, letter.detail) == (cause, subject, detail)
    assert letter.cause in CAUSES


def test_somebody_elses_words_are_cut() -> None:
    letter = read_letter("curate", taken(record(answer={"errorMessage": "x" * 5000})))
    assert len(letter.detail) == LONGEST_DETAIL


def test_each_queue_has_a_purpose() -> None:
    queues = yaml_parse(TEMPLATE.read_text())["Resources"]["AdminFunction"]["Properties"]["Environment"]["Variables"]["DEAD_LETTER_QUEUES"]
    assert sorted(each.partition("=")[0] for each in str(queues["Fn::Sub"]).split(",")) == sorted(PURPOSES)


def test_a_letter_is_kept_as_long_as_its_queue_keeps_it() -> None:
    found = yaml_parse(TEMPLATE.read_text())["Resources"]
    kept = {name: each["Properties"]["MessageRetentionPeriod"] for name, each in found.items() if name.endswith("DeadLetterQueue")}
    assert set(kept.values()) == {KEPT.total_seconds()}
    assert len(kept) == len(PURPOSES)
