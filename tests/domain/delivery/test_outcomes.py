"""What becomes of recipients, as the lake keeps it."""

import gzip
import json
import random
from datetime import UTC, datetime, timedelta, timezone

from regulars.domain.delivery.outcomes import MESSAGE_ID_LENGTH, Outcome, Settled, message_id, outcome_lines, recorded
from regulars.domain.delivery.recipients import WINDOW, Address, Recipient, fingerprint, windows
from regulars.domain.lake.tables import RAW_DELIVERIES

AT = datetime(2026, 11, 21, 22, 15, 0, 5, tzinfo=UTC)
ADA = Recipient("ada", "treated", Address("push", "phone"))


def settled(person: Recipient, outcome: Outcome, reason: str, at: datetime) -> Settled:
    return Settled(person, message_id("r1", person.user_id, person.device_id), outcome, reason, at)


def test_a_message_id_is_fixed_by_run_person_and_address() -> None:
    assert len(message_id("r", "u", "d")) == MESSAGE_ID_LENGTH
    assert message_id("r", "u", "d") == message_id("r", "u", "d")
    assert len({message_id(*names) for names in (("r", "u", "d"), ("r", "u", "e"), ("r", "ud", ""), ("ru", "", "d"))}) == 4


def test_a_row_says_who_was_told_what_and_when_in_utc() -> None:
    row = settled(ADA, "failed", "unregistered", AT.astimezone(timezone(timedelta(hours=9)))).row("spring")
    assert row == {
        "campaign_id": "spring",
        "user_id": "ada",
        "device_id": "phone",
        "arm": "treated",
        "message_id": message_id("r1", "ada", "phone"),
        "outcome": "failed",
        "reason": "unregistered",
        "delivered_ts": "2026-11-21 22:15:00.000005",
    }
    assert set(row) == set(RAW_DELIVERIES.columns)


def test_what_there_is_none_of_is_null() -> None:
    nobody = settled(Recipient("bob", "a", None), "skipped", "no_device", AT).row("spring")
    assert (nobody["device_id"], nobody["message_id"]) == (None, message_id("r1", "bob", ""))
    assert settled(ADA, "sent", "", AT).row("spring")["reason"] is None


def test_the_same_outcomes_are_the_same_object_whichever_answer_came_first() -> None:
    rows = [settled(Recipient(f"h{n}", "a", Address("push", f"d{n}")), "sent", "", AT).row("spring") for n in range(50)]
    rows.append(settled(Recipient("h7", "a", None), "skipped", "no_device", AT).row("spring"))
    mixed = list(rows)
    random.Random(1).shuffle(mixed)

    def lines(given: list[dict[str, str | None]]) -> list[str]:
        return gzip.decompress(outcome_lines(given)).decode().splitlines()

    assert lines(mixed) == lines(rows)  # type: ignore[arg-type]
    assert [json.loads(line)["user_id"] for line in lines(mixed)] == sorted(str(row["user_id"]) for row in rows)  # type: ignore[arg-type]


def test_what_is_recorded_is_read_again() -> None:
    rows = [settled(Recipient(f"h{n}", "a", Address("push", "d")), "sent", "", AT).row("spring") for n in range(3)]
    assert {one.message_id for one in recorded(outcome_lines(rows))} == {message_id("r1", f"h{n}", "d") for n in range(3)}
    assert not list(recorded(outcome_lines([])))


def test_windows_never_change_and_leave_nobody_out() -> None:
    everybody = [Recipient(f"h{n}", "a", None) for n in range(2 * WINDOW + 1)]
    found = list(windows(everybody))
    assert [(first, len(people)) for first, people in found] == [(0, WINDOW), (WINDOW, WINDOW), (2 * WINDOW, 1)]
    assert [person for _, people in found for person in people] == everybody
    assert list(windows([])) == []


def test_an_address_of_another_kind_is_no_device() -> None:
    assert (ADA.device_id, Recipient("bob", "a", None).device_id) == ("phone", "")


def test_a_fingerprint_tells_tokens_apart_and_is_none() -> None:
    assert fingerprint("t1") == "628b49d96dcde97a"  # printf t1 | sha256sum
    assert "token" not in fingerprint("token")
