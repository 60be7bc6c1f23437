"""Hypothesis strategies: small histories full of edges, and rules about them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

AS_OF = datetime(2017, 10, 1, tzinfo=UTC)

PEOPLE = ["ann", "bob", "cyd"]
EVENTS = ["Order Completed", "Product Viewed", "identify"]
ANONYMOUS = ["a1", "a2"]
TRAITS = ["plan", "age", "since", "address.city", "it's"]
PROPERTIES = ["category", "revenue", "at", "shop.city", "it's"]
TEXTS = [
    "wine",
    "Wine",
    "wi",
    "",
    "7",
    "7.0",
    "-2.5",
    "NaN",
    "-Infinity",
    "1e400",
    "1_000",
    "true",
    "null",
    "Zoë's 🍷",
    "a'b",
    "2017-09-30",
    "2017-02-30",
    "2017-09-24T00:00:00Z",
    "2017-09-30T23:59:59.999999Z",
    "2017-10-01T01:30:00+02:00",
    "2017-09-30 23:30:00.123456789-0030",
    "2017-10-01",
    "1988-02-29",
    "1990-10-03T12:00:00Z",
    "5.10.0",
    "v5.9-rc.1",
    "3D",
    " 7\t",
    "7\u00a0",
]
NUMBERS = [0, 1, 2, 7, -3, 2.5, 0.25, 1e3, 10_000_000_000]

_texts = st.sampled_from(TEXTS)
_numbers = st.sampled_from(NUMBERS)
_scalars = st.one_of(_texts, _numbers, st.booleans())
_values = st.one_of(_scalars, st.none(), st.just([1, 2]), st.just({"city": "Lyon"}), st.fixed_dictionaries({"city": _scalars}))

_offsets = st.sampled_from(
    [timedelta(days=days, microseconds=micro) for days in (-40, -30, -8, -7, -1, 0, 2) for micro in (-1, 0, 1)]
    + [timedelta(hours=-5), timedelta(days=-7, milliseconds=-1)]
)


def _document(keys: list[str]) -> st.SearchStrategy[dict[str, Any] | None]:
    tops = sorted({key.split(".")[0] for key in keys})
    return st.one_of(st.none(), st.dictionaries(st.sampled_from(tops), _values, max_size=3))


_previous = st.sampled_from([*PEOPLE, *ANONYMOUS]).map(lambda previous: {"previousId": previous})

_event = st.one_of(
    st.fixed_dictionaries({"event_name": st.sampled_from(EVENTS), "type": st.just("track"), "properties": _document(PROPERTIES)}),
    st.fixed_dictionaries({"event_name": st.just("identify"), "type": st.just("identify"), "traits": _document(TRAITS)}),
    st.fixed_dictionaries({"event_name": st.just("alias"), "type": st.just("alias"), "properties": _previous}),
)


@st.composite
def histories(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Up to a dozen events of three people, two browsers and nobody, some at the same moment."""
    ids = st.tuples(st.sampled_from([*PEOPLE, None]), st.sampled_from([*ANONYMOUS, None, None]))
    drawn = draw(st.lists(st.tuples(_event, ids, _offsets), max_size=12))
    return [
        {**event, "user_id": user, "anonymous_id": anonymous, "event_ts": AS_OF + offset, "message_id": f"m{number}"}
        for number, (event, (user, anonymous), offset) in enumerate(drawn)
    ]


_bounds = _numbers
_ranges = st.tuples(_numbers, _numbers).map(sorted)
_words = _texts.filter(bool)
_moments = st.sampled_from(["2017-09-30", "2017-10-01T01:30:00+02:00", "2017-09-24T00:00:00.000Z", "2018-01-01", "2017-09-30T23:59"])
_spans = st.sampled_from(["1d", "7d", "300m", "1w", "30d", "5h"])
_operands: dict[str, st.SearchStrategy[Any]] = {
    "eq": _scalars,
    "ne": _scalars,
    "in": st.one_of(
        st.lists(_texts, min_size=1, max_size=3), st.lists(_numbers, min_size=1, max_size=3), st.lists(st.booleans(), min_size=1, max_size=2)
    ),
    "nin": st.one_of(st.lists(_texts, min_size=1, max_size=3), st.lists(_numbers, min_size=1, max_size=3)),
    **dict.fromkeys(("gt", "gte", "lt", "lte"), _bounds),
    "between": _ranges,
    **dict.fromkeys(("contains", "not_contains", "starts_with", "ends_with"), _words),
    "exists": st.booleans(),
    **dict.fromkeys(("before", "after"), _moments),
    **dict.fromkeys(("within", "older_than"), _spans),
    "anniversary": st.sampled_from([True, "1d", "3d", "30w"]),
    **dict.fromkeys(("version_gte", "version_lt"), st.sampled_from(["5.10", "5.9.0-rc.2", "V5.9", "2017.10", "7"])),
    "matches": st.sampled_from(["^[Ww]i", "[0-9]+", "^$", "e$", "Zo.'s \\S$", "^(true|null)$", "-[0-9]{2}T"]),
}


def _one_of(operands: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.one_of([operand.map(lambda value, name=name: {name: value}) for name, operand in operands.items()])


_tests = _one_of(_operands)
_small = st.integers(0, 3)
_count_tests = _one_of(
    {
        **dict.fromkeys(("eq", "ne", "gt", "gte", "lt", "lte"), _small),
        "between": st.tuples(_small, _small).map(sorted),
        **dict.fromkeys(("in", "nin"), st.lists(_small, min_size=1, max_size=2)),
    }
)
_number_tests = _one_of({**dict.fromkeys(("eq", "ne", "gt", "gte", "lt", "lte"), _bounds), "between": _ranges})

_periods = st.one_of(
    st.just({}),
    _spans.map(lambda span: {"within": span}),
    st.sampled_from(["from", "after"]).flatmap(lambda key: _moments.map(lambda moment: {key: moment})),
    st.sampled_from(["to", "before"]).flatmap(lambda key: _moments.map(lambda moment: {key: moment})),
    st.just({"from": "2017-08-22", "before": "2017-09-24"}),
)
_properties = st.sampled_from(PROPERTIES)
_measures = st.one_of(
    st.just({}),
    _count_tests.map(lambda test: {"count": test}),
    st.tuples(st.one_of(st.just("day"), _properties), _count_tests).map(lambda both: {"distinct": both[0], **both[1]}),
    st.tuples(st.sampled_from(["sum", "avg", "min", "max"]), _properties, _number_tests).map(lambda three: {three[0]: three[1], **three[2]}),
)
_conditions = st.tuples(_properties, _tests).map(lambda both: {"property": both[0], **both[1]})
_where = st.one_of(st.just({}), st.lists(_conditions, min_size=1, max_size=2).map(lambda conditions: {"where": conditions}))

_event_clauses = st.tuples(st.sampled_from(EVENTS), _where, _periods, _measures).map(lambda four: {"event": four[0], **four[1], **four[2], **four[3]})
_trait_clauses = st.tuples(st.sampled_from(TRAITS), _tests).map(lambda both: {"trait": both[0], **both[1]})
_other_clauses = st.one_of(
    st.just({"everyone": True}),
    st.lists(st.sampled_from([*PEOPLE, "nobody"]), min_size=1, max_size=2).map(lambda ids: {"users": ids}),
    st.just({"bucket": {"salt": "s", "from": 0, "to": 4999}}),
    st.just({"segment": "buyers"}),
)

rules: st.SearchStrategy[dict[str, Any]] = st.recursive(
    st.one_of(_event_clauses, _trait_clauses, _event_clauses, _other_clauses),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"all": parts}),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"any": parts}),
        inner.map(lambda part: {"not": part}),
    ),
    max_leaves=6,
)
"""Valid rule documents; `buyers` is SEGMENTS' only one."""

SEGMENTS: dict[str, Any] = {
    "buyers": {"id": "buyers", "name": "Buyers", "rule": {"not": {"event": "Order Completed", "within": "30d", "count": {"lt": 1}}}}
}
