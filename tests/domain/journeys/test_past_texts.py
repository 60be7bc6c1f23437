"""What people of the past would have read, and who would have got nothing because their message cannot be made."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.journeys.hindsight import Span, Unmade, hindsight
from regulars.domain.journeys.look_back import MADE_FOR, text_buckets_for
from regulars.domain.journeys.looking import Looking
from regulars.domain.journeys.parse import parse_journey
from regulars.domain.journeys.past import Past, PastRow
from regulars.domain.journeys.past_sql import past_sql
from regulars.domain.journeys.tally import OTHERS, Tallies, Tally, Trouble
from regulars.domain.journeys.trial import tried
from regulars.domain.journeys.trial_document import read_trial
from regulars.domain.lake import sql
from regulars.domain.lake.buckets import BUCKETS
from regulars.domain.settings import Settings
from tests.domain.journeys.documents import book, small
from tests.drawn import drawn

DAY = datetime(2026, 11, 2, tzinfo=UTC)
END = DAY + timedelta(days=30)
DIVIDED = "{{ 10 | divided_by: event.n }}"


def row(name: str, hours: float, traits: Any = None, **said: Any) -> PastRow:
    at = DAY + timedelta(hours=hours)
    told = json.dumps(traits) if traits else None
    return PastRow(at, name, f"{name} {hours}", at, False, json.dumps(said) if said else None, told)


def life(user: str, *rows: PastRow) -> Past:
    return Past(user, sorted(rows, key=lambda each: (each.at, each.id)))


def telling(title: str, before: Any = None, **more: Any) -> dict[str, Any]:
    return small({**(before or {}), "m": {"message": {"push": {"title": title}}, "then": None}}, **more)


def looked(document: dict[str, Any], *people: Past, **more: Any) -> Tallies:
    return Looking({"small": book(document)}, Settings(), DAY, END, **more).over(people)


def read(document: dict[str, Any], *people: Past, **more: Any) -> Sequence[str]:
    return [each.title for each in looked(document, *people, **more).of["small"].shown]


NAMED = "{{ person.traits.name | default: 'you' }}"
REST = {"rest": {"wait": "2h", "then": "m"}}


def test_a_text_says_what_was_known_when_it_would_have_gone_out() -> None:
    ann = life("ann", row("identify", -9, {"name": "Ann"}), row("A", 1), row("identify", 2, {"name": "Anna"}), row("identify", 4, {"name": "Annie"}))
    assert read(telling(NAMED, REST), ann, life("bob", row("A", 1))) == ["Anna", "you"]
    held = telling(NAMED, REST, delivery={"quiet_hours": {"from": "01:00", "to": "05:00", "otherwise": "hold"}})
    assert read(held, ann) == ["Annie"]


def test_it_says_what_the_journey_set_what_the_run_began_with_and_what_was_gathered() -> None:
    setting = {"set": {"set": {"traits": {"name": "Bo"}}, "then": "m"}}
    assert read(telling(NAMED + " {{ event.what }}", setting), life("ann", row("A", 1, what="shoes"))) == ["Bo shoes"]
    gathering = {"gather": {"collect": {"event": "B"}, "for": "3h", "then": "m"}}
    texts = telling("{% for each in collected %}{{ each.n }} {% endfor %}", gathering)
    assert read(texts, life("ann", row("A", 1), row("B", 2, n=1), row("B", 3, n=2))) == ["1 2 "]


def test_it_is_in_the_language_that_they_told() -> None:
    push = {"title": "Hello", "locales": {"de": {"title": "Hallo"}}}
    document = small({"m": {"message": {"push": push}, "then": None}})
    assert "events.traits" in sql.printed(past_sql({"small": book(document)}, DAY, END))
    assert read(document, life("ann", row("A", 1)), life("bob", row("identify", -1, {"locale": "de"}), row("A", 1))) == ["Hello", "Hallo"]


def test_of_whom_nothing_can_be_made_it_says_why_and_counts_them_by_step() -> None:
    people = [life(f"u{n}", row("A", 1, n=n % 2), row("A", 50, n=n % 2)) for n in range(4)]
    document = telling(DIVIDED, reentry={"after": "1d"})
    found = looked(document, *people)
    failing, fine = (next(each for each in found.of["small"].shown if each.user_id == user) for user in ("u0", "u1"))
    assert (failing.title, failing.fails, fine.title, fine.fails) == ("", "render_failed", "10", "")
    assert failing.because.startswith("steps.m.message.push.title: line 1: ")
    (unmade,) = hindsight(book(document).latest, Span(DAY, END), found).unmade
    why = failing.because.partition(": ")[2]
    assert unmade == Unmade("m", "render_failed", "steps.m.message.push.title", why, people=2, messages=4)


def test_long_texts_are_cut_so_that_an_answer_has_room_for_a_thousand_messages_of_each_journey() -> None:
    documents = [telling("x" * 400), {**telling("x" * 401), "id": "long"}, *({**telling("x" * 90), "id": f"j{n}"} for n in range(18))]

    def titles(*those: dict[str, Any]) -> list[str]:
        books = {each["id"]: book(each) for each in those}
        found = Looking(books, Settings(), DAY, END).over([life("ann", row("A", 1))])
        return [hindsight(each.latest, Span(DAY, END), found).shown[0].title for each in books.values()]

    assert [titles(each) for each in documents[:2]] == [["x" * 400], ["x" * 399 + "…"]]
    assert titles(*documents) == ["x" * 59 + "…"] * 20


def test_an_empty_message_is_none() -> None:
    people = [life("ann", row("A", 1)), life("bob", row("identify", -1, {"name": "Bob"}), row("A", 1))]
    document = telling("{{ person.traits.name }}")
    (unmade,) = hindsight(book(document).latest, Span(DAY, END), looked(document, *people)).unmade
    assert (unmade.reason, unmade.people) == ("empty_message", 1)


def test_what_would_not_have_gone_out_fails_nobody() -> None:
    document = telling(DIVIDED, reentry={"after": "1h"}, delivery={"cap": {"count": 1, "within": "1d"}})
    found = looked(document, life("ann", row("A", 1, n=0), row("A", 3, n=0))).of["small"]
    assert (found.fates, list(found.unmade.values())) == ({"sent": 1, "capped": 1}, [1])


def test_of_very_many_people_only_a_share_is_tried_always_the_same_and_those_who_are_shown_read_all_the_same() -> None:
    people = [life(f"u{n}", row("A", 1, n=0)) for n in range(100)]
    some = [sum(looked(telling(DIVIDED), *people, text_buckets=share).of["small"].unmade_people.values()) for share in (0, 3_000, 3_000, BUCKETS)]
    assert some[0] == 0 and some[1] == some[2] and 15 < some[1] < 50 and some[3] == 100
    assert looked(telling(DIVIDED), *people, text_buckets=0).of["small"].shown[0].fails == "render_failed"
    assert read(telling(NAMED), *people, user_id="u7") == ["you"]
    assert [text_buckets_for(events) for events in (0, MADE_FOR, 2 * MADE_FOR, 10**12)] == [BUCKETS, BUCKETS, BUCKETS // 2, 1]


def test_who_would_have_got_nothing_adds_up_over_shards() -> None:
    people = [life(f"u{n}", row("A", 1, n=n % 3)) for n in range(30)]
    total = Tallies({})
    for shard in range(3):
        total.add(looked(telling(DIVIDED), *people[shard::3]))
    assert total.of["small"].unmade_people == looked(telling(DIVIDED), *people).of["small"].unmade_people != {}


def test_reasons_that_are_others_for_everybody_are_counted_together() -> None:
    found = Tally()
    for number in range(500):
        found.lack(Counter({Trouble("m", "render_failed", "title", f"{number} is no date"): 2}))
    others = Trouble("m", "render_failed", "", OTHERS).key
    assert (len(found.unmade), found.unmade[others], found.unmade_people[others]) == (201, 600, 300)


TITLES = st.sampled_from(
    ["Hi", NAMED, "{{ event.n }}", DIVIDED, "{{ person.traits.name }}", "{{ person.traits.name | upcase }} {{ event.n | plus: 1 }}"]
)
TRAITS = st.sampled_from([{}, {"name": "Ann"}, {"name": ""}, {"name": None}])


@drawn(100)
@given(title=TITLES, traits=TRAITS, number=st.sampled_from([0, 1, "2", None, "x"]))
def test_a_look_back_reads_what_a_test_reads(title: str, traits: dict[str, Any], number: Any) -> None:
    document = telling(title, REST)
    doing = {"event": "A", "at": "0", "properties": {"n": number}}
    trial, problems = read_trial(
        {"journeys": [], "begin": DAY.isoformat(), "people": [{"id": "ann", "traits": traits, "events": [doing], "expect": []}]},
        [("small", parse_journey(document))],
    )
    assert trial, problems
    (tested,) = tried(trial, [parse_journey(document)])
    said = next(dict(each.says) for each in tested.happened if each.fate == "message")
    (seen,) = looked(document, life("ann", row("identify", -1, traits or {"x": 1}), row("A", 0, n=number))).of["small"].shown
    assert (seen.title, seen.fails) == (said.get("title", ""), said.get("fails", ""))


@pytest.mark.parametrize(
    ("title", "reads"),
    [
        ("Hi", (False, False)),
        (NAMED, (True, False)),
        ("{{ event.what }}", (False, True)),
        ("{{ collected.size }}", (False, True)),
    ],
)
def test_the_statement_reads_what_the_texts_name_and_no_more(title: str, reads: tuple[bool, bool]) -> None:
    document = telling(title, {"gather": {"collect": {"event": "B"}, "for": "3h", "then": "m"}})
    written = sql.printed(past_sql({"small": book(document)}, DAY, END))
    assert ("events.traits" in written, "THEN events.properties" in written) == reads
