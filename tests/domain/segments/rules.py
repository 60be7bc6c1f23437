"""Hypothesis strategies: small histories full of edges, and rules about them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from regulars.domain.segments.rule import ConversionGoal

AS_OF = datetime(2017, 10, 1, tzinfo=UTC)

PEOPLE = ["ann", "bob", "cyd"]
EVENTS = ["Order Completed", "Product Viewed", "identify", "Push Notification Tapped"]
ANONYMOUS = ["a1", "a2"]
CAMPAIGNS = ["spring", "7"]
TRAITS = ["plan", "age", "since", "address.city", "it's"]
ZONES = [
    "Europe/Paris",
    "America/New_York",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "Asia/Kathmandu",
    "Europe/Kyiv",
    "UTC",
    "Europe/Atlantis",
    None,
]
CONSENTS = ["marketing_opt_in", "marketingOptOut", "unsubscribed", "subscribed", "consent.marketing"]
PROPERTIES = ["category", "revenue", "at", "shop.city", "it's", "campaign_id"]
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
    "\u20077",
    "1e100",
    "1.0000000000000001e100",
    "-1e999",
    "+.5e1",
    "7.",
    "0x7",
    "٧",
    "9007199254740993",
    "spring",
    "2017-09-30T22:00-02:00",
    "2017-10-01T14:00:00+1400",
    "2017-10-01T14:00:00+14:01",
    "2017-10-01T00:00:00-00:00",
    "2017-09-30T24:00:00Z",
    "2016-02-29+00:00",
    "2017-02-29",
    "2017-10-01 00:00:00.0000009",
    "2017-09-30T23:59:60Z",
    "0999-12-31",
    "9999-12-31",
    "9999-12-31T23:59:59-14:00",
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "0000-12-31",
    "2999-12-31T23:59:59-14:00",
    " 2017-09-30",
]
NUMBERS = [0, 1, 2, 7, -3, 2.5, 0.25, 1e3, 10_000_000_000]
HUGE = [1e100, 1.1e100, -1.7e308, 2**53 + 1, 2**63]
"""In sums they leave nothing to the order of addition: what is large and counts has one sign."""

SPELLED = ['{"revenue": 7.50}', '{"revenue": 1e3, "at": "2017-09-30"}', '{"revenue": -0.0}', '{"revenue": 70E-1}', '{"revenue": 7, "revenue": 1}']
"""Properties whose spelling no writer of ours would choose; and texts that are no objects."""
BROKEN = ["[]", "7", '"revenue"', "null", '{"revenue": ', '{"revenue": NaN}', ""]

_texts = st.sampled_from(TEXTS)
_numbers = st.sampled_from(NUMBERS)
_scalars = st.one_of(_texts, _numbers, st.booleans())
_values = st.one_of(_scalars, st.sampled_from(HUGE), st.none(), st.just([1, 2]), st.just({"city": "Lyon"}), st.fixed_dictionaries({"city": _scalars}))

_offsets = st.sampled_from(
    [timedelta(days=days, microseconds=micro) for days in (-40, -30, -8, -7, -1, 0, 2) for micro in (-1, 0, 1)]
    + [timedelta(hours=-5), timedelta(hours=-29), timedelta(days=-7, milliseconds=-1)]
)


def _document(keys: list[str]) -> st.SearchStrategy[dict[str, Any] | None]:
    tops = sorted({key.split(".")[0] for key in keys})
    return st.one_of(st.none(), st.dictionaries(st.sampled_from(tops), _values, max_size=3))


_lists = st.lists(st.one_of(_scalars, st.none(), st.fixed_dictionaries({}, optional={"sku": _scalars, "tags": st.just([1])})), max_size=3)
_with_items = st.one_of(_lists, _values).map(lambda items: {"items": items})
_properties_of_events = st.one_of(_document(PROPERTIES), _document(PROPERTIES), _with_items, st.sampled_from([*SPELLED, *BROKEN]))
_agreed = st.dictionaries(st.sampled_from(CONSENTS[:-1]), st.sampled_from([True, False, "true", None]), min_size=1, max_size=2)
_zones = st.fixed_dictionaries({"timezone": st.sampled_from(ZONES)}, optional={"since": _values})
_traits_of_identifies = st.one_of(
    _zones, _zones, _document(TRAITS), _document(TRAITS), _with_items, _agreed, st.just({"consent": {"marketing": True}}), st.sampled_from(BROKEN)
)
_previous = st.sampled_from([*PEOPLE, *ANONYMOUS]).map(lambda previous: {"previousId": previous})

_event = st.one_of(
    st.fixed_dictionaries({"event_name": st.sampled_from(EVENTS), "type": st.just("track"), "properties": _properties_of_events}),
    st.fixed_dictionaries({"event_name": st.just("identify"), "type": st.just("identify"), "traits": _traits_of_identifies}),
    st.fixed_dictionaries({"event_name": st.just("alias"), "type": st.just("alias"), "properties": _previous}),
    st.fixed_dictionaries({"event_name": st.just("_other"), "type": st.just("track"), "other_name": st.sampled_from(EVENTS[:2])}),
)
_latitudes = st.sampled_from([45.764, "45.7641", 48.8566, -90, 91, None])
_longitudes = st.sampled_from([4.8357, 4.836, "2.3522", 180, -180, True])
_places = st.fixed_dictionaries({}, optional={"latitude": _latitudes, "longitude": _longitudes})
_contexts = st.one_of(st.none(), st.none(), _places.map(lambda place: {"location": place}), st.sampled_from(['{"location": [45, 4]}', "[]", "7"]))
_late = st.sampled_from([None, timedelta(0), timedelta(days=3)])
"""How long after it happened an event was received."""


_long_ago = {"event_name": "identify", "type": "identify", "event_ts": AS_OF - timedelta(days=50)}
_told_zones = st.one_of(
    st.just([]),
    st.tuples(*(st.sampled_from(ZONES[:-2]) for _ in PEOPLE)).map(
        lambda zones: [
            {**_long_ago, "user_id": person, "message_id": f"z{person}", "traits": {"timezone": zone}}
            for person, zone in zip(PEOPLE, zones, strict=True)
        ]
    ),
)
"""Of nobody, or of everybody, before all else."""


@st.composite
def histories(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Up to a dozen events of three people, two browsers and nobody, some at the same moment, some received late, in any order of their ids."""
    ids = st.tuples(st.sampled_from([*PEOPLE, None]), st.sampled_from([*ANONYMOUS, None, None]))
    drawn = draw(st.lists(st.tuples(_event, ids, _offsets, _late, st.sampled_from([None, 0, 1]), _contexts), max_size=12))
    names = draw(st.permutations([f"m{number:02d}" for number in range(len(drawn))]))
    return draw(_told_zones) + [
        {
            **event,
            "user_id": user,
            "anonymous_id": anonymous,
            "event_ts": AS_OF + offset,
            "message_id": name,
            "place": place,
            "context": context,
            **({} if late is None else {"received_ts": AS_OF + offset + late}),
        }
        for name, (event, (user, anonymous), offset, late, place, context) in zip(names, drawn, strict=True)
    ]


def pushes(people: list[str]) -> st.SearchStrategy[list[dict[str, Any]]]:
    """What became of up to four pushes to these people."""
    push = st.fixed_dictionaries(
        {
            "user_id": st.sampled_from(people),
            "run_id": st.sampled_from(["r1", "r2"]),
            "campaign_id": st.sampled_from(CAMPAIGNS),
            "outcome": st.sampled_from(["sent", "failed", "skipped"]),
            "delivered_ts": _offsets.map(lambda offset: AS_OF + offset),
        }
    )
    return st.lists(push, max_size=4) if people else st.just([])


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
_shares = st.tuples(st.sampled_from(["top", "bottom"]), st.sampled_from(["20%", "33.3%", "50%", "66.7%", "0.1%"])).map(
    lambda both: {both[0]: both[1]}
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
_edges = st.tuples(st.sampled_from(["first", "last"]), _periods.filter(bool)).map(lambda both: {both[0]: both[1]})
_measures = st.one_of(
    st.just({}),
    _edges,
    st.one_of(_count_tests, _shares).map(lambda test: {"count": test}),
    st.tuples(st.sampled_from(["first", "last"]), _shares).map(lambda both: {both[0]: both[1]}),
    st.tuples(st.one_of(st.just("day"), _properties), st.one_of(_count_tests, _shares)).map(lambda both: {"distinct": both[0], **both[1]}),
    st.tuples(st.sampled_from(["sum", "avg", "min", "max"]), _properties, st.one_of(_number_tests, _shares)).map(
        lambda three: {three[0]: three[1], **three[2]}
    ),
)
_elements = st.sampled_from(["items[]", "items[].sku"])
_conditions = st.tuples(st.one_of(_properties, _elements), _tests).map(lambda both: {"property": both[0], **both[1]})
_where = st.one_of(st.just({}), st.lists(_conditions, min_size=1, max_size=2).map(lambda conditions: {"where": conditions}))

likings = st.tuples(st.sampled_from(EVENTS), st.lists(_conditions, min_size=1, max_size=2), _spans).map(
    lambda three: {"event": three[0], "where": three[1], "within": three[2]}
)
"""Of what a share is."""

_event_clauses = st.tuples(st.sampled_from(EVENTS), _where, _periods, _measures).map(lambda four: {"event": four[0], **four[1], **four[2], **four[3]})
_steps = st.tuples(st.sampled_from(EVENTS[:3]), _where, _periods).map(lambda three: {"event": three[0], **three[1], **three[2]})
_sequences = st.tuples(
    st.lists(_steps, min_size=2, max_size=3),
    st.one_of(st.just({}), _spans.map(lambda span: {"within": span})),
    st.one_of(st.just({}), _steps.map(lambda step: {"then_not": step})),
).map(lambda three: {"sequence": three[0], **three[1], **three[2]})
_messages = st.tuples(
    st.sampled_from(["sent", "failed", "received", "opened"]),
    st.one_of(st.just({}), st.sampled_from(CAMPAIGNS).map(lambda campaign: {"campaign": campaign})),
    _periods,
    st.one_of(st.just({}), _count_tests.map(lambda test: {"count": test})),
).map(lambda four: {"message": four[0], **four[1], **four[2], **four[3]})
_trait_clauses = st.tuples(st.one_of(st.sampled_from(TRAITS), _elements), _tests).map(lambda both: {"trait": both[0], **both[1]})
_clock_tests = _one_of({name: _operands[name] for name in ("before", "after", "within", "older_than", "anniversary")})
_clock_conditions = st.tuples(st.sampled_from(["at", "items[]"]), _clock_tests).map(lambda both: {"property": both[0], **both[1]})
_clock_moments = st.sampled_from(["2017-09-30", "2017-10-01", "2017-09-23T20:00", "2017-09-30T23:59", "2017-09-30T19:00"])
_clock_periods = st.one_of(
    st.sampled_from(["from", "after", "to", "before"]).flatmap(lambda key: _clock_moments.map(lambda moment: {key: moment})),
    st.just({"from": "2017-09-23", "before": "2017-09-30T22:00"}),
)
_days = _count_tests.map(lambda test: {"distinct": "day", **test})
_one_clock = _measures.filter(
    lambda measure: not {"top", "bottom"} & {*measure, *(key for part in measure.values() if isinstance(part, dict) for key in part)}
)
_clock_edges = st.tuples(st.sampled_from(["first", "last"]), _clock_periods).map(lambda both: {both[0]: both[1]})
_own_time_clauses = st.one_of(
    st.tuples(st.sampled_from(EVENTS), _where, _periods, st.one_of(_days, _clock_edges)),
    st.tuples(st.sampled_from(EVENTS), _where, _clock_periods, _one_clock),
    st.tuples(st.sampled_from(EVENTS), _clock_conditions.map(lambda condition: {"where": [condition]}), _periods, _one_clock),
).map(lambda four: {"event": four[0], **four[1], **four[2], **four[3], "timezone": "user"}) | st.tuples(
    st.sampled_from(["since", "items[]"]), _clock_tests
).map(lambda both: {"trait": both[0], **both[1], "timezone": "user"})
_near = st.fixed_dictionaries(
    {"near": st.sampled_from([{"lat": 45.764, "lon": 4.8357, "radius_m": 50}, {"lat": 90, "lon": 0, "radius_m": 5_000_000}])},
    optional={"within": st.sampled_from(["1d", "8d"])},
)
_other_clauses = st.one_of(
    st.just({"everyone": True}),
    st.lists(st.sampled_from([*PEOPLE, "nobody"]), min_size=1, max_size=2).map(lambda ids: {"users": ids}),
    st.just({"bucket": {"salt": "s", "from": 0, "to": 4999}}),
    st.just({"segment": "buyers"}),
    _near,
    st.just({"consent": "marketing"}),
    _messages,
)


rules: st.SearchStrategy[dict[str, Any]] = st.recursive(
    st.one_of(_event_clauses, _trait_clauses, _event_clauses, _sequences, _other_clauses),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"all": parts}),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"any": parts}),
        inner.map(lambda part: {"not": part}),
    ),
    max_leaves=6,
)
"""Valid rule documents; `buyers` is SEGMENTS' only one."""

GOALS = {"spring": ConversionGoal("Order Completed", timedelta(days=7)), "7": ConversionGoal("Product Viewed", timedelta(days=1))}
"""Of CAMPAIGNS, for `conversions.with_goals`."""

_conversions = st.tuples(st.sampled_from(CAMPAIGNS), _periods).map(lambda both: {"message": "converted", "campaign": both[0], **both[1]})
rules_by_clocks = st.one_of(
    _own_time_clauses,
    _own_time_clauses.map(lambda clause: {"not": clause}),
    st.tuples(st.sampled_from(["all", "any"]), _own_time_clauses, rules).map(lambda three: {three[0]: [three[1], three[2]]}),
)
"""Valid rule documents with a clause by each person's own clock."""

rules_with_goals = st.one_of(
    rules,
    rules,
    rules_by_clocks,
    _conversions,
    st.tuples(st.sampled_from(["all", "any"]), _conversions, rules).map(lambda three: {three[0]: [{"not": three[1]}, three[2]]}),
)
"""Valid rule documents, some of which ask about goals."""

SEGMENTS: dict[str, Any] = {
    "buyers": {"id": "buyers", "name": "Buyers", "rule": {"not": {"event": "Order Completed", "within": "30d", "count": {"lt": 1}}}}
}
