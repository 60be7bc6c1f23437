"""What FCM would refuse of a journey's messages whoever they are for, and texts that nobody's message could be rendered from: asked when one is put
or tested. (Liquid takes long to import: whatever moves people does without.)"""

from collections.abc import Iterator

from regulars.domain.documents import JsonObject
from regulars.domain.errors import InvalidJourneyError
from regulars.domain.journeys.journey import Journey
from regulars.domain.journeys.steps import Message, Webhook
from regulars.domain.language import Fields, Problem, Problems, Value
from regulars.domain.messages.acceptance import check_push
from regulars.domain.messages.liquid import KNOWN_IN_JOURNEYS
from regulars.domain.messages.prepared import compiled


def message_problems(document: JsonObject, journey: Journey) -> Iterator[Problem]:
    """`document` is the one that the journey was read from. The first problem of each step."""
    steps, problems = Fields(Fields(Value(document, InvalidJourneyError))["steps"]), Problems()
    for name, step in journey.steps.items():
        match step:
            case Message():
                problems.read(_check_message, Fields(Fields(steps[name])["message"])["push"])
            case Webhook(body=body) if body is not None:
                problems.read(_check_text, Fields(Fields(steps[name])["webhook"])["body"])
    yield from problems.found


def _check_message(push: Value) -> None:
    check_push(push)
    _check_text(push)


def _check_text(value: Value) -> None:
    compiled(value.raw, value.path, KNOWN_IN_JOURNEYS)
