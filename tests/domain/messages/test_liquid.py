"""What a template sees of data as it comes, what it may cost, and what is said of it where it cannot be rendered."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from regulars.domain.errors import InvalidCampaignError
from regulars.domain.messages.dates import NOW
from regulars.domain.messages.environment import LIQUID
from regulars.domain.messages.liquid import LiquidText, RenderError
from tests.drawn import drawn

MOMENT = datetime(2026, 11, 21, 22, 15, tzinfo=UTC)


def text(template: str, **traits: Any) -> str:
    names = {"person": {"user_id": "ann", "traits": traits}, "campaign": {"id": "spring", "planned_at": MOMENT}, NOW: MOMENT}
    return LiquidText(template, "message.push.body").render(names)


def failure(template: str, **traits: Any) -> RenderError:
    with pytest.raises(RenderError) as caught:
        text(template, **traits)
    return caught.value


@pytest.mark.parametrize("name", ["first", "last", "size"])
def test_a_trait_may_be_called_as_liquids_own_properties_are_and_its_absence_is_nothing(name: str) -> None:
    for template in (f"{{{{ person.traits.{name} | default: 'friend' }}}}", f"{{{{ person.traits.name.{name} | default: 'friend' }}}}"):
        assert text(template, email="ann@example.com", name={"given": "Ann"}) == "friend"
        assert text(template, **{name: "Ann", "name": {name: "Ann"}}) == "Ann"
        assert text("{% if true %}" + template + "{% endif %}", email="ann@example.com", name={"given": "Ann"}) == "friend"


def test_lists_and_texts_have_liquids_own_properties() -> None:
    assert (
        text("{{ person.traits.l.size }} {{ person.traits.l.first }} {{ person.traits.l.last }} {{ person.traits.l[1] }}", l=[7, 8, 9]) == "3 7 9 8"
    )
    assert text("{{ person.traits.t.size }}{{ person.traits.t.first }}{{ person.traits.l[-9] }}{{ person.traits.t[0] }}", t="abc", l=[1]) == "3"


@pytest.mark.parametrize(
    "template",
    [
        "{{ person.traits.x }}",
        "{{ 'Hi ' | append: person.traits.x }}",
        "{{ person.traits.x | prepend: person.traits.x }}",
        "{{ 'abc' | replace: person.traits.x, 'z' }}",
        "{{ person.traits.x | date: '%d %B' }}",
        "{{ person.traits.x | join: ', ' }}",
        "{{ person.traits.l | join: ', ' }}",
        "{{ person.traits.l | sort | join: '-' }}",
        "{{ 'hello' | truncate: person.traits.x }}",
        "{% if person.traits.x == blank %}blank{% else %}said{% endif %}",
        "{% if person.traits.x == nil %}nil{% else %}said{% endif %}",
        "{% if person.traits.x > 3 %}more{% else %}less{% endif %}",
        "{% case person.traits.x %}{% when blank %}blank{% else %}said{% endcase %}",
        "{% for each in person.traits.x %}{{ each }}{% else %}none{% endfor %}",
        "{{ person.traits.m.x | default: 'none' }}",
    ],
)
def test_null_and_absent_are_the_same(template: str) -> None:
    absent = text(template, l=["b", "a"], m={})
    assert text(template, x=None, l=["b", "a"], m={"x": None}) == absent
    assert "None" not in text(template.replace("person.traits.l", "person.traits.n"), n=[None, "a"])
    assert ("blank" in absent) == ("== blank" in template or "when blank" in template)


def test_values_read_as_people_write_them_whatever_filters_they_pass() -> None:
    assert text("{{ person.traits.x | append: '!' }} {{ '' | append: person.traits.x }} {{ person.traits.x | upcase }}", x=True) == "true! true TRUE"
    assert text("{{ person.traits.x | append: '!' }} {{ person.traits.x | split: ',' | join: '' }}", x=1e16) == "10000000000000000! 10000000000000000"
    assert text("{% cycle person.traits.x, 'b' %}{% echo person.traits.x %}", x=3.0) == "3.03.0"
    assert text("{{ person.traits.m | first }} {% for pair in person.traits.m %}{{ pair }}{% endfor %}", m={"k": 1.5}) == "k1.5 k1.5"


def test_numbers_in_quotes_count_as_numbers() -> None:
    assert text("{{ person.traits.x | plus: 1 }}{% if person.traits.x > 100 %} many{% endif %}", x="120") == "121 many"
    assert text("{{ person.traits.x | plus: 1 }} {{ person.traits.x | round: 1 }}", x="n/a") == "1 0"


def test_dates_are_read_without_a_clock() -> None:
    form = "{{ person.traits.x | date: '%Y-%m-%d %H:%M' }}"
    assert text(form, x="2027-01-31T09:00:00Z") == text(form, x=1801386000) == text(form, x=1801386000000) == "2027-01-31 09:00"
    assert text(form, x="10:30") == "2026-11-21 10:30"
    assert text(form, x="soon") == "soon"
    assert text(form, x=True) == "true"
    assert text("{{ 'now' | date: '%Y' }} {{ campaign.planned_at }}") == "2026 2026-11-21 22:15:00 UTC"


WORDS = st.text("ab1 .,<-é", max_size=12)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | WORDS | st.just("12.5"),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["a", "b", "first"]), inner, max_size=3),
    max_leaves=8,
)
NEEDED = {
    **dict.fromkeys(
        ("append", "at_least", "at_most", "concat", "date", "divided_by", "find", "find_index", "has", "map", "minus", "modulo", "plus"), 1
    ),
    **dict.fromkeys(
        ("prepend", "reject", "remove", "remove_first", "remove_last", "replace", "replace_first", "slice", "split", "times", "where"), 1
    ),
    "replace_last": 2,
}
"""How many arguments a filter has at least."""
FOR_A_REASON = ("can't divide by", "base64", "date: ", "at most", "a double holds")
"""What there is to say against a value, other than its kind."""


@given(st.sampled_from(sorted(LIQUID.filters)), JSON, JSON, JSON)
@drawn(250)
@example("sort", [3, "a", None, {"a": 1}, True], "", "")
@example("sum", ["x", None, "1.5", 2], "", "")
@example("where", [1, None, "a"], "a", None)
def test_no_filter_fails_for_the_kind_of_a_value_nor_shows_pythons_words(name: str, x: Any, y: Any, z: Any) -> None:
    arguments = ", ".join(["person.traits.y", "person.traits.z"][: NEEDED.get(name, 0)])
    try:
        shown = text(f"{{{{ person.traits.x | {name}{': ' * bool(arguments)}{arguments} }}}}", x=x, y=y, z=z)
    except RenderError as error:
        assert any(reason in error.because for reason in FOR_A_REASON), error
    else:
        assert name == "capitalize" or not any(word in shown for word in ("None", "True", "False", "Undefined"))


@pytest.mark.parametrize(
    "template",
    [
        "{% for i in (1..1000000000) %}x{% endfor %}",
        "{% for i in (1..1000000000) reversed %}x{% endfor %}",
        "{{ (1..1000000000) | join: ',' }}",
        "{% for i in (1..900) %}{% endfor %}{% for i in (1..900) %}{% endfor %}",
        "{% for i in (1..40) %}{% for j in (1..40) %}{% endfor %}{% endfor %}",
        "{% assign t = 'ab' %}{% for i in (1..60) %}{% assign t = t | append: t %}{% endfor %}",
        "{% assign n = 9 %}{% for i in (1..60) %}{% assign n = n | times: n %}{% endfor %}",
        "{{ 'ab'" + " | base64_encode" * 200 + " }}",
        "{{ person.traits.long | replace: 'a', person.traits.long }}",
        "{{ person.traits.long | split: '' | join: person.traits.long }}",
        "{% assign l = person.traits.long | split: '' %}{{ l | concat: l | concat: l | size }}",
        "{% for i in (1..500) %}" + "{{ person.traits.x }}" * 30 + "{% endfor %}",
        "{{ person.traits.long }}{{ person.traits.long }}",
        "{{ person.traits.huge | upcase | truncate: 3 }}",
        "{% for i in (1..900) %}{% assign l = person.traits.long | split: '' | sort | join: '' %}{% endfor %}",
        "{% for i in (1..900) %}{{ person.traits.nulls }}{% endfor %}",
        "{% for i in (1..900) %}{% if person.traits.nulls contains 1 %}{% endif %}{% endfor %}",
        "{{ person.traits.nulls" + " | uniq" * 9 + " }}" + "{{ person.traits.nulls | sort }}" * 9,
    ],
)
def test_a_text_neither_runs_for_ever_nor_grows_without_end(template: str) -> None:
    assert failure(template, long="a" * 50_000, huge="a" * 100_000, nulls=[None] * 50_000).line == 1


def test_a_long_trait_is_no_matter_where_little_of_it_is_shown() -> None:
    assert text("{{ person.traits.long | truncate: 5 }}{{ person.traits.long.size }}", long="a" * 60_000) == "aa...60000"


def test_an_error_says_which_line_and_why() -> None:
    error = failure("Hello\n{% if person.traits.vip %}\n{{ person.traits.n\n | divided_by: person.traits.m }}{% endif %}", vip=True, n=4)
    assert (error.line, error.because) == (4, "divided_by: can't divide by 0")
    assert failure("Hello\n\n{% for i in (1..5000) %}x{% endfor %}").line == 3
    error = failure("\n{% if person.traits.points > 100 %}x{% endif %}", points=["a"])
    assert (error.line, error.because) == (2, "a list cannot be compared with a number")


@pytest.mark.parametrize(
    ("template", "told"),
    [
        ("{{ person.traits.x | append }}", "the filter `append` with 0 arguments"),
        ("{{ person.traits.x | upcase: 1, 2 }}", "the filter `upcase` with 2 arguments"),
        ("{{ person.traits.x | default: 'a', allow: true }}", "the filter `default`"),
        ("{{ " + "person.traits[" * 2_000 + "1" + "]" * 2_000 + " }}", "not Liquid that can be rendered: too much of it lies in each other"),
        ("{% if " + "person.traits.x and " * 3_000 + "true %}{% endif %}", "not Liquid that can be rendered: too much"),
        ("Hello\n{{ person.traits.x\n| append }}", "line 3: the filter `append` with 0 arguments"),
        ("Hello\n{{ person.traits.x | upcas }}", "line 2: the filter `upcas` is not known here (did you mean `upcase`?)"),
        ("Hello\n\n{{ persn.traits.x }}", "line 3: the name `persn` is not known here (did you mean `person`?)"),
    ],
)
def test_what_can_be_rendered_for_nobody_is_refused_with_its_line(template: str, told: str) -> None:
    with pytest.raises(InvalidCampaignError) as caught:
        LiquidText(template, "message.push.body")
    assert str(caught.value).startswith(f"message.push.body: {told}")


def test_a_text_knows_its_traits_and_those_for_which_nothing_stands_in() -> None:
    template = (
        "{{ person.traits.a }}{{ person.traits.b.c | default: 'x' }}{% if person.traits.d %}{{ person.traits.d }}{% endif %}"
        "{{ 'x' | append: person.traits.e }}{% for each in person.traits.f %}{{ each.g }}{% endfor %}{{ person.traits['first name'] }}"
    )
    found = LiquidText(template, "message.push.body")
    assert found.traits == (("a",), ("b", "c"), ("d",), ("e",), ("f",), ("first name",))
    assert found.printed == {("a",), ("e",), ("first name",)}


PATHS = st.sampled_from(
    ["person.traits.a", "person.traits.b.first", "person.traits.l.size", "person.traits.l[0]", "person.user_id", "campaign.planned_at"]
)
STEPS = [
    " | default: 'there'",
    " | default: person.traits.a",
    " | append: person.traits.b",
    " | date: '%d %B'",
    " | upcase | truncate: 3, ''",
    " | times: 1.5",
]
STEPS += [" | default: 'x', allow_false: true", " | divided_by: person.traits.a", " | join: ', ' | escape", " | default: nil", " | first", ""]

CONDITIONS = st.sampled_from(
    [
        *("person.traits.a", "person.traits.a == blank", "person.traits.b.first != 'x' and person.traits.l", "person.traits.l.size > 1"),
        *("person.traits.a >= 2 or person.traits.b", "person.traits.l contains person.traits.a", "person.user_id == 'ann'", "person.traits == empty"),
        *("person.traits[person.traits.a]", "true", "campaign.planned_at == nil"),
    ]
)


@given(
    st.lists(st.tuples(PATHS, st.sampled_from(STEPS), st.sampled_from(STEPS)), min_size=1, max_size=3),
    CONDITIONS,
    CONDITIONS,
    st.dictionaries(st.sampled_from(["a", "b", "l"]), JSON, max_size=3),
)
@drawn(200)
def test_what_is_simple_is_rendered_the_short_way_and_reads_the_same(
    printed: list[tuple[str, str, str]], condition: str, other: str, traits: dict[str, Any]
) -> None:
    pieces = [f"{{{{ {''.join(parts)} }}}}" for parts in printed]
    simple = (
        "-".join(pieces)
        + f"{{% if {condition} %}} {pieces[0]}{{% elsif {other} %}}x{{% else %}}{{% unless {other} %}}y{{% endunless %}}{{% endif %}}"
    )
    assert said(simple, traits) == said("{% for i in (1..1) %}" + simple + "{% endfor %}", traits)


def said(template: str, traits: dict[str, Any]) -> str:
    try:
        return text(template, **traits)
    except RenderError as error:
        return error.because
