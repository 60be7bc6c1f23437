"""docs/segments.md once more, in plain Python over the JSON of a rule and a list of events: slow, obvious, and sharing no code with the compiler."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any

import orjson

Verdict = bool | None
"""None is unknown."""

_VERSION = re.compile(r"[vV]?(\d{1,10}(?:\.\d{1,10}){0,3})(?:-([\w-]{1,40}(?:\.[\w-]{1,40}){0,7}))?(?:\+[\w.-]+)?", re.ASCII)
_NUMBER = re.compile(r"[ \t\r\n]*([+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?)[ \t\r\n]*", re.ASCII)
_MOMENT = re.compile(
    r"([12]\d{3}-\d\d-\d\d)(?:[T ]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,9}))?)?)?(?:Z|([+-])(?:(0\d|1[0-3]):?([0-5]\d)|14:?00))?", re.ASCII
)
_SPANS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def audience(rule: Mapping[str, Any], events: Sequence[Mapping[str, Any]], as_of: datetime, segments: Mapping[str, Any]) -> list[str]:
    """The ids of those selected, sorted."""
    past = [event for event in events if event["event_ts"] < as_of]
    whose = owners(past)
    theirs: dict[str, list[Mapping[str, Any]]] = {}
    for event in past:
        user, anonymous = event["user_id"], event.get("anonymous_id")
        person = renamed(user, whose, 3) if user is not None else renamed(whose.get(("anonymous", anonymous)), whose, 2)
        if person is not None:
            theirs.setdefault(person, []).append(event)
    return [person for person in sorted(theirs) if verdict(rule, person, theirs[person], as_of, segments)]


def owners(past: Sequence[Mapping[str, Any]]) -> dict[tuple[str, Any], str]:
    """Who claimed each id first."""
    first: dict[tuple[str, Any], str] = {}
    made: set[tuple[tuple[str, Any], str]] = set()
    for event in sorted(past, key=_order):
        user, anonymous = event["user_id"], event.get("anonymous_id")
        previous = (event.get("properties") or {}).get("previousId") if event["event_name"] == event.get("type") == "alias" else None
        said = [("anonymous", anonymous), ("anonymous", previous), *([("user", previous)] if previous != anonymous else [])]
        for kind, claimed in said:
            if user is not None and claimed is not None and claimed != user:
                turned_round = kind == "user" and (("user", user), claimed) in made
                made.add(((kind, claimed), user))
                if not turned_round:
                    first.setdefault((kind, claimed), user)
    return first


def renamed(person: str | None, whose: Mapping[tuple[str, Any], str], times: int) -> str | None:
    for _ in range(times):
        person = whose.get(("user", person), person)
    return person


def verdict(rule: Mapping[str, Any], person: str, events: Sequence[Mapping[str, Any]], as_of: datetime, segments: Mapping[str, Any]) -> Verdict:
    """What is known of one known person, who has done nothing but `events`."""

    def inner(part: Mapping[str, Any]) -> Verdict:
        return verdict(part, person, events, as_of, segments)

    if "all" in rule:
        return both([inner(part) for part in rule["all"]])
    if "any" in rule:
        return negated(both([negated(inner(part)) for part in rule["any"]]))
    if "not" in rule:
        return negated(inner(rule["not"]))
    if "segment" in rule:
        return inner(segments[rule["segment"]]["rule"])
    if "everyone" in rule:
        return True
    if "users" in rule:
        return person in rule["users"]
    if "bucket" in rule:
        number = int(sha256(f"{rule['bucket']['salt']}:{person}".encode()).hexdigest()[:8], 16) % 10_000
        return bool(rule["bucket"]["from"] <= number <= rule["bucket"]["to"])
    if "trait" in rule:
        operator, operand = next((key, value) for key, value in rule.items() if key != "trait")
        return judge(trait(events, names(rule["trait"])), operator, operand, as_of)
    return event(rule, events, as_of)


def both(verdicts: list[Verdict]) -> Verdict:
    """Kleene's and."""
    if False in verdicts:
        return False
    return None if None in verdicts else True


def negated(one: Verdict) -> Verdict:
    return None if one is None else not one


def names(path: str | list[str]) -> list[str]:
    return path if isinstance(path, list) else path.split(".")


def at(document: Any, path: list[str]) -> Any:
    for name in path:
        if not isinstance(document, dict) or name not in document:
            return None
        document = document[name]
    return document


def trait(events: Sequence[Mapping[str, Any]], path: list[str]) -> Any:
    """As the newest identify that names it says."""
    told = [event for event in events if event["event_name"] == event.get("type") == "identify" and path[0] in (event.get("traits") or {})]
    newest = max(told, key=_order, default=None)
    return at(newest["traits"], path) if newest else None


def _order(event: Mapping[str, Any]) -> tuple[datetime, datetime, int, str]:
    return event["event_ts"], event.get("received_ts", event["event_ts"]), event.get("place", 0), event["message_id"]


def as_text(value: Any) -> str | None:
    if value is None or isinstance(value, dict | list):
        return None
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def as_number(value: Any) -> float | None:
    written = as_text(value)
    found = _NUMBER.fullmatch(written) if written is not None else None
    number = float(found[1]) if found else None
    return number if number is not None and abs(number) <= 1e100 else None


def as_moment(value: Any) -> datetime | None:
    found = _MOMENT.fullmatch(as_text(value) or "")
    if found is None:
        return None
    day, hour, minute, second, fraction, sign, *_ = found.groups()
    try:
        local = datetime.fromisoformat(f"{day}T{hour or '00'}:{minute or '00'}:{second or '00'}.{(fraction or '')[:6]:0<6}+00:00")
    except ValueError:
        return None
    if sign is None:
        return local
    hours, minutes = (int(found[7]), int(found[8])) if found[7] else (14, 0)
    return local - timedelta(hours=hours, minutes=minutes) * (1 if sign == "+" else -1)


def span(written: str) -> timedelta:
    return timedelta(**{_SPANS[written[-1]]: int(written[:-1])})


def rule_moment(written: str) -> datetime:
    moment = datetime.fromisoformat(written)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda value, operand: value == operand,
    "ne": lambda value, operand: value != operand,
    "gt": lambda value, operand: value > operand,
    "gte": lambda value, operand: value >= operand,
    "lt": lambda value, operand: value < operand,
    "lte": lambda value, operand: value <= operand,
    "between": lambda value, operand: operand[0] <= value <= operand[1],
    "in": lambda value, operand: value in operand,
    "nin": lambda value, operand: value not in operand,
    "contains": lambda value, operand: operand in value,
    "not_contains": lambda value, operand: operand not in value,
    "starts_with": lambda value, operand: value.startswith(operand),
    "ends_with": lambda value, operand: value.endswith(operand),
}


def judge(value: Any, operator: str, operand: Any, as_of: datetime) -> Verdict:
    if operator == "exists":
        return (value is not None) is operand
    if operator in ("before", "after", "within", "older_than"):
        return _judge_moment(as_moment(value), operator, operand, as_of)
    if operator == "anniversary":
        return _judge_anniversary(value, operand, as_of)
    if operator == "matches":
        to_the_end = re.sub(r"\$(?=$|\|)", r"\\Z", operand)
        return None if as_text(value) is None else re.search(to_the_end, as_text(value) or "", re.ASCII) is not None
    if operator in ("version_gte", "version_lt"):
        version, bound = as_version(as_text(value)), as_version(operand)
        return None if version is None or bound is None else (version >= bound) is (operator == "version_gte")
    sample = operand[0] if isinstance(operand, list) else operand
    if isinstance(sample, int | float) and not isinstance(sample, bool):
        read: Any = as_number(value)
    else:
        read = as_text(value)
        operand = [as_text(one) for one in operand] if isinstance(operand, list) else as_text(operand)
    return None if read is None else ORDER[operator](read, operand)


def _judge_moment(moment: datetime | None, operator: str, operand: str, as_of: datetime) -> Verdict:
    if moment is None:
        return None
    match operator:
        case "before":
            return moment < rule_moment(operand)
        case "after":
            return moment >= rule_moment(operand)
        case "within":
            return as_of - span(operand) <= moment < as_of
        case _:
            return moment < as_of - span(operand)


def as_version(written: str | None) -> Any:
    found = _VERSION.fullmatch(written or "")
    if found is None or "_" in (written or ""):
        return None
    numbers = [int(number) for number in found[1].split(".")]
    names = [(0, int(name), "") if name.isdecimal() else (1, 0, name) for name in found[2].split(".")] if found[2] else []
    return numbers + [0] * (4 - len(numbers)), not names, names


def _judge_anniversary(value: Any, operand: Any, as_of: datetime) -> Verdict:
    written = (as_text(value) or "")[:10]
    try:
        born = date.fromisoformat(written)
    except ValueError:
        return None
    if as_moment(value) is None:
        return None
    days = 1 if operand is True else span(operand).days
    return any(_celebrates(born, as_of.date() + timedelta(days=after)) for after in range(days))


def _celebrates(born: date, day: date) -> bool:
    try:
        return born.replace(year=day.year) == day
    except ValueError:
        return (day.month, day.day) == (2, 28)


def event(rule: Mapping[str, Any], events: Sequence[Mapping[str, Any]], as_of: datetime) -> Verdict:
    done = [one for one in events if one["event_name"] == rule["event"] and _in_period(rule, one["event_ts"], as_of)]
    done = [one for one in done if all(_meets(condition, one, as_of) for condition in rule.get("where", []))]
    if "distinct" in rule:
        return _compare(len(_different(rule["distinct"], done)), rule)
    for function, reduce in (("sum", sum), ("avg", _mean), ("min", min), ("max", max)):
        if function in rule:
            read = [as_number(at(one.get("properties"), names(rule[function]))) for one in done]
            numbers = [number for number in read if number is not None]
            return _compare(reduce(numbers), rule) if numbers else None
    return _compare(len(done), rule.get("count", {"gte": 1}))


def _mean(numbers: list[float]) -> float:
    return sum(numbers) / len(numbers)


def _in_period(rule: Mapping[str, Any], moment: datetime, as_of: datetime) -> bool:
    if "within" in rule:
        return bool(moment >= as_of - span(rule["within"]))
    begins, ends = rule.get("from", rule.get("after")), rule.get("to", rule.get("before"))
    return (begins is None or moment >= rule_moment(begins)) and (ends is None or moment < rule_moment(ends))


def _meets(condition: Mapping[str, Any], one: Mapping[str, Any], as_of: datetime) -> bool:
    operator, operand = next((key, value) for key, value in condition.items() if key != "property")
    return judge(at(one.get("properties"), names(condition["property"])), operator, operand, as_of) is True


def _different(of: Any, done: Sequence[Mapping[str, Any]]) -> set[Any]:
    if of == "day":
        return {one["event_ts"].date() for one in done}
    return {as_text(at(one.get("properties"), names(of))) for one in done} - {None}


def _compare(number: float, rule: Mapping[str, Any]) -> bool:
    operator, operand = next((key, value) for key, value in rule.items() if key in ORDER)
    return ORDER[operator](number, operand)
