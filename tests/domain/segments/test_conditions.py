"""What is made ready says the same as what is judged one by one, and as a plain reading of the JSON."""

import json
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.segments.evaluate.conditions import all_met
from regulars.domain.segments.evaluate.json_texts import value_at
from regulars.domain.segments.evaluate.judging import judged
from regulars.domain.segments.judgement import Condition, Test
from tests.domain.segments.rules import TEXTS
from tests.drawn import drawn

AS_OF = datetime(2017, 10, 1, tzinfo=UTC)
NUMBERS = ["0", "-2.5", "7", "7.0", "1e5", "1E-2", "1e100", "1e400", "9007199254740993", "01", "7.", "NaN"]
ORDERS = st.builds(Test, st.sampled_from(["eq", "ne", "gt", "gte", "lt", "lte"]), st.sampled_from([-2.5, 0.0, 7.0, 1e100]))
OTHERS = [
    Test("eq", "wine"),
    Test("eq", "7"),
    Test("ne", "wine"),
    Test("in", ("wine", "7.0")),
    Test("between", (0.0, 7.0)),
    Test("exists", operand=True),
    Test("exists", operand=False),
]
VALUES = st.sampled_from([*NUMBERS, *map(json.dumps, TEXTS), "true", "false", "null", "[7]", '{"x": 7}'])


@st.composite
def documents(draw: st.DrawFn) -> str | None:
    """Objects with one member twice and space where there may be some, and what is none."""
    members = ", ".join(f'"{draw(st.sampled_from("xy"))}": {draw(VALUES)}' for _ in range(draw(st.integers(0, 3))))
    space, after = draw(st.sampled_from(["", "", " ", "\n"])), draw(st.sampled_from(["", "", " ", "x", "{}"]))
    return draw(st.sampled_from([f"{space}{{{members}}}{after}", f"{space}{{{members}}}{after}", members, "", None]))


@drawn(300)
@given(document=documents(), tests=st.lists(ORDERS | st.sampled_from(OTHERS), max_size=3), path=st.sampled_from([("x",), ("y",), ("x", "x")]))
def test_conditions_that_are_made_ready_say_what_they_said(document: str | None, tests: list[Test], path: tuple[str, ...]) -> None:
    where = [Condition(path, test) for test in tests]
    assert all_met(where)(document, AS_OF) is all(judged(value_at(document, each.path), each.test, AS_OF) for each in where)


@drawn(300)
@given(document=documents())
def test_a_document_is_read_as_json_whatever_is_around_it(document: str | None) -> None:
    try:
        first = dict(reversed(json.loads(document or "", object_pairs_hook=list, parse_constant=lambda _: 1 / 0)))
    except (ValueError, ZeroDivisionError, TypeError):
        assert str(value_at(document, ("x",))) == str(value_at(None, ("x",)))
    else:
        found = value_at(document, ("x",))
        assert isinstance(found, type(value_at(None, ("x",)))) is ("x" not in first) or found == first["x"]
