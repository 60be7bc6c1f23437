from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.delivery.caps import KEPT, MARK_BYTES, MAX_COUNT, Cap, Contacts, Limit, message_mark

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
DAY = timedelta(hours=24)


def mark(number: int) -> bytes:
    return number.to_bytes(MARK_BYTES)


def sent(*hours_ago: float) -> Contacts:
    contacts = Contacts("ada")
    for number, hours in enumerate(sorted(hours_ago, reverse=True)):
        contacts = contacts.noted(mark(number), NOON - timedelta(hours=hours))
    return contacts


def refusal(contacts: Contacts, count: int, within: timedelta = DAY, *, of: int = 99) -> str:
    return contacts.refusal(mark(of), [Limit(Cap(count, within), "capped")], NOON)


def test_who_had_as_many_in_the_span_as_the_cap_allows_gets_no_more() -> None:
    assert refusal(sent(1, 2, 3), 3) == "capped"
    assert refusal(sent(1, 2, 3), 4) == ""
    assert refusal(sent(1, 2, 25), 3) == ""
    assert refusal(sent(24), 1) == "", "a span is over when it is over"
    assert refusal(sent(23.9999), 1) == "capped"


def test_the_first_limit_that_is_reached_is_the_reason() -> None:
    limits = [Limit(Cap(2, DAY), "capped"), Limit(Cap(3, DAY), "daily_limit")]
    assert [sent(*range(1, count + 1)).refusal(mark(99), limits, NOON) for count in (1, 2, 3)] == ["", "capped", "capped"]
    assert sent(1, 2, 3).refusal(mark(99), limits[1:], NOON) == "daily_limit"


def test_the_same_message_takes_no_more_room_however_often_it_is_asked_about() -> None:
    contacts = sent(1, 2)
    again = contacts.noted(mark(1), NOON)
    assert len(again.latest) == 2
    assert max(contact.at for contact in again.latest) == NOON.timestamp(), "it counts from the last time that it was tried"
    assert refusal(again, 2, of=1) == ""
    assert again.noted(mark(1), NOON + timedelta(seconds=59)) is again


def test_what_was_taken_back_leaves_room() -> None:
    assert refusal(sent(1, 2).without(mark(0)), 2) == ""
    assert sent(1).without(mark(0)) == Contacts("ada")


def test_a_message_is_one_a_person_and_run() -> None:
    marks = {message_mark(run, user) for run in ("r1", "r2") for user in ("ada", "bob")}
    assert len(marks) == 4
    assert {len(each) for each in marks} == {MARK_BYTES}
    assert message_mark("r1", "2x") != message_mark("r12", "x")


@given(st.lists(st.tuples(st.integers(0, 20_000), st.integers(1, MAX_COUNT), st.integers(1, 720)), max_size=120))
def test_no_span_ever_holds_more_than_was_allowed_when_each_was_let_go(asked: list[tuple[int, int, int]]) -> None:
    contacts, gone, now = Contacts("ada"), list[datetime](), NOON
    for number, (seconds, count, hours) in enumerate(asked):
        now += timedelta(seconds=seconds, microseconds=number)
        limit = Limit(Cap(count, timedelta(hours=hours)), "capped")
        told = contacts.refusal(mark(number), [limit], now)
        within = [at for at in gone if at > now - limit.cap.within]
        assert bool(told) or len(within) < count
        if told:
            assert len([at for at in gone if at >= now - limit.cap.within - timedelta(seconds=1)]) >= count, "nobody is kept from what is theirs"
        else:
            contacts = contacts.noted(mark(number), now)
            gone.append(now)
    assert len(contacts.latest) <= KEPT
