"""The messages of a journey, ready to be rendered. Whatever sends them alone needs this: Liquid takes long to import."""

from datetime import datetime
from typing import Any

import orjson

from regulars.domain.documents import JsonObject
from regulars.domain.journeys.context import said_in
from regulars.domain.journeys.errand import Errand
from regulars.domain.journeys.journey import Journey
from regulars.domain.journeys.steps import Message, Webhook
from regulars.domain.messages.dates import NOW
from regulars.domain.messages.liquid import KNOWN_IN_JOURNEYS, LiquidText
from regulars.domain.messages.prepared import compiled
from regulars.domain.messages.rendering import MessageTemplate, Occasion, StepOrigin


def template(journey: Journey, step: str, message: Message) -> MessageTemplate:
    """Raises InvalidCampaignError for a text that can be rendered for nobody, which no put lets through."""
    return MessageTemplate(message.push, _origin(journey, step), replaces_itself=False, path=message.push.path)


def occasion(errand: Errand, now: datetime) -> Occasion:
    return Occasion(errand.run, errand.entry.at, now, said_in(errand.context), [said_in(each.properties) for each in errand.collected])


def webhook_body(webhook: Webhook, journey: Journey, errand: Errand, traits: JsonObject, now: datetime) -> bytes:
    """What is posted: what the step says, its texts rendered; else what happened. Raises RenderError, and InvalidCampaignError as `template` does."""
    names = {"person": {"user_id": errand.user_id, "traits": traits}, **_origin(journey, errand.step).names(occasion(errand, now)), NOW: now}
    if webhook.body is None:
        return orjson.dumps({"user_id": errand.user_id, "journey": names["journey"], "run": errand.run, "event": names["event"]})
    return orjson.dumps(_rendered(compiled(webhook.body, "body", KNOWN_IN_JOURNEYS), names))


def _origin(journey: Journey, step: str) -> StepOrigin:
    return StepOrigin(journey.id, journey.name, journey.version, step)


def _rendered(value: Any, names: dict[str, Any]) -> Any:
    match value:
        case LiquidText():
            return value.render(names)
        case dict():
            return {key: _rendered(each, names) for key, each in value.items()}
        case list():
            return [_rendered(each, names) for each in value]
        case _:
            return value
