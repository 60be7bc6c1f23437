"""Reading the steps. A part that cannot be read is a problem, and stands as something harmless meanwhile: so what follows it is read as well."""

from collections.abc import Callable, Mapping
from datetime import time, timedelta
from types import MappingProxyType
from typing import Any, Final

import orjson

from regulars.domain.delivery.parse import read_clock_time
from regulars.domain.journeys.limits import LONGEST_SPREAD, LONGEST_WAIT, MAX_CHOICES, MAX_COLLECTED, MAX_WEBHOOK_BYTES
from regulars.domain.journeys.rules import rule_or_problems, where_or_problems
from regulars.domain.journeys.steps import (
    OWN_CLOCK,
    Arm,
    Branch,
    Choice,
    ClockTime,
    Collect,
    EventPattern,
    Leave,
    Message,
    SetTraits,
    Split,
    Start,
    Step,
    Wait,
    WaitFor,
    WaitUntil,
    Webhook,
)
from regulars.domain.lake.buckets import BUCKETS
from regulars.domain.lake.event_names import PLACE_ENTERED
from regulars.domain.language import (
    JOURNEY_ID,
    STEP_NAME,
    Fields,
    Problems,
    Value,
    all_different,
    read_id,
    read_name,
    read_path,
    read_span,
    read_tree,
)
from regulars.domain.messages.parse import PUSH_FIELDS, read_push
from regulars.domain.messages.template import PushTemplate, holds_liquid
from regulars.domain.segments.rule import Everyone
from regulars.domain.segments.zones import read_zone

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

NOBODY_KNOWS: Final = ""
"""In the place of a step's name: where people go cannot be read."""

_UNREAD_CHOICE: Final = Choice(Everyone(), NOBODY_KNOWS)
_UNREAD_ARM: Final = Arm("", 1, NOBODY_KNOWS)
_NOTHING: Final = PushTemplate(title="-")


def read_step(value: Value, problems: Problems) -> Step | None:
    """None, and a problem, for what does not say which kind of step it is."""
    given = problems.read(Fields, value)
    kind = problems.one_of(given, KINDS, "a step") if given is not None else None
    if given is None or kind is None:
        return None
    problems.fields(value, (kind, *KINDS[kind].beside))
    return KINDS[kind].reader(given, problems)


def read_event(value: Value) -> str:
    """The name of an event that a journey hears of as such."""
    name = read_name(value)
    if name == PLACE_ENTERED:
        value.refuse(f"who comes to a place begins a journey by `near`; nothing else hears of {name}")
    return name


def read_pattern(value: Value, problems: Problems, more: tuple[str, ...] = ()) -> EventPattern:
    """`{"event": NAME, "where": [..], "same": property}`, beside which there may be `more`."""
    given = problems.fields(value, ("event", "where", "same", *more))
    if given is None:
        return EventPattern("")
    name = problems.read(read_event, given["event"]) or ""
    same = problems.read(read_path, given["same"]) if "same" in given else None
    return EventPattern(name, where_or_problems(given, problems), same)


def read_wait(value: Value) -> timedelta:
    """A span of at most LONGEST_WAIT."""
    span = read_span(value)
    if span > LONGEST_WAIT:
        value.refuse(f"at most {LONGEST_WAIT.days}d")
    return span


def _next(given: Fields, problems: Problems, key: str = "then") -> str | None:
    """NOBODY_KNOWS where it cannot be read."""
    value = given[key]
    if key not in given:
        whose = "people go next" if key == "then" else "those go whom nothing before it led on"
        problems.note(value.path, f"say where {whose}: the name of a step, or null to leave the journey")
        return NOBODY_KNOWS
    if value.raw is None:
        return None
    return problems.read(lambda it: it.text(STEP_NAME.limit), value) or NOBODY_KNOWS


def _wait(given: Fields, problems: Problems) -> Step:
    return Wait(problems.optional(read_wait, given, "wait", LONGEST_WAIT), _next(given, problems))


def _wait_until(given: Fields, problems: Problems) -> Step:
    return WaitUntil(_clock_time(given["wait_until"], problems), _next(given, problems))


def _clock_time(value: Value, problems: Problems) -> ClockTime:
    given = problems.fields(value, ("time", "timezone", "days", "spread"))
    if given is None:
        return ClockTime(time(), OWN_CLOCK)
    return ClockTime(
        time=problems.read(read_clock_time, given["time"]) or time(),
        zone=problems.optional(lambda it: read_zone(it, OWN_CLOCK), given, "timezone", OWN_CLOCK),
        days=problems.optional(_days, given, "days", ()),
        spread=problems.optional(_spread, given, "spread", timedelta(0)),
    )


def _days(value: Value) -> tuple[int, ...]:
    entries = value.items(len(DAYS))
    named = {DAYS.index(entry.choice(DAYS)) for entry in entries}
    all_different(entries)
    return tuple(sorted(named))


def _spread(value: Value) -> timedelta:
    spread = read_span(value)
    if spread > LONGEST_SPREAD:
        value.refuse("at most 12h")
    return spread


def _wait_for(given: Fields, problems: Problems) -> Step:
    pattern = read_pattern(given["wait_for"], problems)
    if "within" not in given:
        problems.note(given["within"].path, "say for how long: nobody waits for ever")
    within = problems.optional(read_wait, given, "within", LONGEST_WAIT)
    return WaitFor(pattern, within, _next(given, problems), _next(given, problems, "else"))


def _collect(given: Fields, problems: Problems) -> Step:
    if "for" not in given and "until" not in given:
        problems.note(given["for"].path, "say for how long, or `until` which time of day: nobody waits for ever")
    pattern = _collected(given["collect"], problems)
    if "top" in given and pattern.kind == "event" and pattern.name:
        problems.note(given["top"].path, "only items are liked more or less: collect `content`, or leave it out")
    best = problems.read(lambda it: it.whole(1, MAX_COLLECTED), given["top"]) if "top" in given else None
    least = 2 if pattern.kind == "content" else 1  # the item that the run began with is the first
    return Collect(
        pattern=pattern,
        span=problems.read(read_wait, given["for"]) if "for" in given else None,
        until=_clock_time(given["until"], problems) if "until" in given else None,
        most=problems.optional(lambda it: it.whole(least, MAX_COLLECTED), given, "max", MAX_COLLECTED if best is None else None),
        best=best,
        then=_next(given, problems),
    )


def _collected(value: Value, problems: Problems) -> EventPattern:
    """Events, or `{"content": {"where": [..]}}`: items for whose audience somebody is meanwhile."""
    if not isinstance(value.raw, dict) or "content" not in value.raw:
        return read_pattern(value, problems)
    given = problems.fields(value, ("content",))
    item = problems.fields(given["content"], ("where",)) if given is not None else None
    return EventPattern("", where_or_problems(item, problems) if item is not None else (), kind="content")


def _branch(given: Fields, problems: Problems) -> Step:
    entries = problems.read(lambda it: it.items(MAX_CHOICES), given["branch"])
    choices = [_UNREAD_CHOICE] if entries is None else [_choice(entry, problems) for entry in entries]
    return Branch(tuple(choices), _next(given, problems, "else"))


def _choice(value: Value, problems: Problems) -> Choice:
    choice = problems.fields(value, ("if", "then"))
    if choice is None:
        return _UNREAD_CHOICE
    return Choice(rule_or_problems(choice["if"], problems) or Everyone(), _next(choice, problems))


def _split(given: Fields, problems: Problems) -> Step:
    entries = problems.read(lambda it: it.items(MAX_CHOICES), given["split"])
    if entries is None:
        return Split((_UNREAD_ARM,))
    arms = tuple(_arm(entry, problems) for entry in entries)
    ids = [Fields(entry)["id"] for entry in entries if isinstance(entry.raw, dict) and isinstance(entry.raw.get("id"), str)]
    problems.read(lambda _: all_different(ids), given["split"])
    return Split(arms)


def _arm(value: Value, problems: Problems) -> Arm:
    arm = problems.fields(value, ("id", "weight", "then"))
    if arm is None:
        return _UNREAD_ARM
    identity = problems.read(lambda it: read_id(it, STEP_NAME), arm["id"]) or ""
    return Arm(identity, problems.optional(lambda it: it.whole(1, BUCKETS), arm, "weight", 1), _next(arm, problems))


def _message(given: Fields, problems: Problems) -> Step:
    message = problems.fields(given["message"], ("push",), dict.fromkeys(PUSH_FIELDS, "belongs into `push`"))
    is_told = message is not None and ("push" in message or not list(message))
    push = problems.read(read_push, message["push"]) if message is not None and is_told else None
    return Message(push or _NOTHING, _next(given, problems))


def _set(given: Fields, problems: Problems) -> Step:
    told = problems.fields(given["set"], ("traits",))
    traits = problems.read(_traits, told["traits"]) if told is not None else None
    return SetTraits(traits or {}, _next(given, problems))


def _traits(value: Value) -> dict[str, Any]:
    if not list(Fields(value)):
        value.refuse("no trait is named")
    traits = dict(read_tree(value))
    for name, trait in traits.items():
        if holds_liquid(orjson.dumps(trait).decode()):
            Fields(value)[name].refuse("a trait is set as it stands here: nothing would be put in the place of what is in braces")
    return traits


def _webhook(given: Fields, problems: Problems) -> Step:
    hook = problems.fields(given["webhook"], ("url", "body"))
    then = _next(given, problems)
    if hook is None:
        return Webhook("", None, then)
    return Webhook(problems.read(_url, hook["url"]) or "", problems.read(_body, hook["body"]) if "body" in hook else None, then)


def _url(value: Value) -> str:
    url = value.text()
    if holds_liquid(url):
        value.refuse("the address is the same for everybody: what is in braces would stay in it; `body` says what differs")
    if not url.startswith("https://") or any(letter.isspace() for letter in url) or len(url) <= len("https://"):
        value.refuse("an address is needed, as in https://crm.example.com/lead: only https, because it carries what people did")
    if "@" in url.split("/")[2]:
        value.refuse("an address without a user name is needed: a secret would stand in every version of the journey")
    return url


def _body(value: Value) -> Any:
    body = read_tree(value)
    if (size := len(orjson.dumps(body))) > MAX_WEBHOOK_BYTES:
        value.refuse(f"{size} bytes as JSON; at most {MAX_WEBHOOK_BYTES}")
    return body


def _start(given: Fields, problems: Problems) -> Step:
    return Start(problems.read(lambda it: read_id(it, JOURNEY_ID), given["start"]) or "", _next(given, problems))


def _exit(given: Fields, problems: Problems) -> Step:
    return Leave(problems.read(lambda it: it.text(100), given["exit"]) or "")


class Kind:
    """What a step of a kind may say beside what it is, and who reads it."""

    def __init__(self, reader: Callable[[Fields, Problems], Step], *beside: str) -> None:
        self.reader, self.beside = reader, beside


KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "wait": Kind(_wait, "then"),
        "wait_until": Kind(_wait_until, "then"),
        "wait_for": Kind(_wait_for, "within", "then", "else"),
        "collect": Kind(_collect, "for", "until", "max", "top", "then"),
        "branch": Kind(_branch, "else"),
        "split": Kind(_split),
        "message": Kind(_message, "then"),
        "set": Kind(_set, "then"),
        "webhook": Kind(_webhook, "then"),
        "start": Kind(_start, "then"),
        "exit": Kind(_exit),
    }
)
"""By the key that says which it is."""
