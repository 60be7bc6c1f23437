"""Who came and who left between two lists."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.lake.event_names import SEGMENT_ENTERED, SEGMENT_EXITED
from regulars.domain.segments import Everyone, Segment
from regulars.domain.segments.transitions import Transition, transition_event, transitions

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
SEGMENT = Segment("lapsing", "Lapsing", Everyone())

people = st.sets(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=3))


@given(before=people, after=people)
def test_everybody_is_told_of_once_and_nobody_who_stayed(before: set[str], after: set[str]) -> None:
    told = list(transitions(sorted(before), sorted(after)))
    assert {each.user_id for each in told if each.event == SEGMENT_ENTERED} == after - before
    assert {each.user_id for each in told if each.event == SEGMENT_EXITED} == before - after
    assert len(told) == len(before ^ after)


def test_the_event_is_the_persons_own_at_the_moment_of_the_look() -> None:
    event = transition_event(Transition(SEGMENT_ENTERED, "ann"), SEGMENT, 3, NOON)
    assert event | {"messageId": ""} == {
        "type": "track",
        "event": "Segment Entered",
        "userId": "ann",
        "messageId": "",
        "timestamp": "2026-11-21T12:00:00.000Z",
        "properties": {"segment_id": "lapsing", "segment_name": "Lapsing", "version": 3},
    }


def test_the_same_change_has_the_same_message_id_and_any_other_another() -> None:
    def identity(event: str = SEGMENT_ENTERED, user: str = "ann", segment: Segment = SEGMENT, at: datetime = NOON) -> str:
        return str(transition_event(Transition(event, user), segment, 1, at)["messageId"])

    other = Segment("other", "Lapsing", Everyone())
    ids = [identity(), identity(SEGMENT_EXITED), identity(user="bob"), identity(segment=other), identity(at=NOON.replace(hour=13))]
    assert len(set(ids)) == len(ids)
    assert identity() == identity()
