"""Whether a journey could be put: its document, what FCM would refuse of its messages whoever they are for, and texts that nobody's message could be
rendered from. (Liquid takes long to import: whatever moves people does without.)"""

from collections.abc import Iterable, Iterator

from regulars.domain.errors import InvalidJourneyError
from regulars.domain.journeys.parse import Examination, examined
from regulars.domain.language import Problems, Value, read_tree
from regulars.domain.messages.acceptance import check_push
from regulars.domain.messages.liquid import KNOWN_IN_JOURNEYS
from regulars.domain.messages.prepared import compiled


def accepted(document: object) -> Examination:
    """As `examined`, with all that is wrong with messages and with what webhooks are told, whatever else is wrong."""
    problems = Problems()
    for push in _told(document, "message", "push"):
        problems.read(check_push, push)
        problems.read(_check_texts, push)
    for body in _told(document, "webhook", "body"):
        problems.read(_check_texts, body)
    return examined(document).beside(problems.found)


def _check_texts(value: Value) -> None:
    compiled(read_tree(value), value.path, KNOWN_IN_JOURNEYS)


def _told(document: object, kind: str, key: str) -> Iterator[Value]:
    """What stands there in each step, as far as there are steps."""
    found = Problems()
    steps = [step for value in _at([Value(document, InvalidJourneyError)], "steps") for _, step in found.members(value)]
    return _at(_at(steps, kind), key)


def _at(values: Iterable[Value], key: str) -> Iterator[Value]:
    """In each that is an object and has the key."""
    return (value.at(key, value.raw[key]) for value in values if isinstance(value.raw, dict) and key in value.raw)
