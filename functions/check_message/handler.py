"""FCM's control plane, asked by the admin API, which waits: does FCM take a campaign's messages, a test of them to one person, who hears a topic.

A refusal is an answer, `{"refused": {"error", "message", "field"}}`: it is the caller's to mend, and no failure of this function.
"""

from dataclasses import asdict
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from regulars import wiring
from regulars.domain.errors import RefusedError
from regulars.domain.messages.checks import MessageQuestion, MessagesChecked
from regulars.domain.messages.topics import TopicChange, TopicChanged
from regulars.observability import logger
from regulars.usecases.change_topic import change_topic
from regulars.usecases.check_message import check_message
from regulars.usecases.draft_campaign import with_draft

log = logger("check_message")


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    try:
        return asdict(_changed(TopicChange(**event)) if "topic" in event else _checked(MessageQuestion(**event)))
    except RefusedError as error:
        message = str(error).removeprefix(f"{error.field}: ")
        return {"refused": {"error": type(error).__name__, "message": message, "field": error.field}}


def _checked(question: MessageQuestion) -> MessagesChecked:
    clock = wiring.clock()
    checked = check_message(
        question,
        definitions=with_draft(question.document, definitions=wiring.definitions(), clock=clock),
        profiles=wiring.profiles(),
        devices=wiring.devices(),
        fcm=wiring.fcm_admin(),
        clock=clock,
    )
    outcomes = [message.outcome for message in checked.messages]
    log.info("checked", extra={"campaign_id": question.campaign_id, "sent": checked.sent, "outcomes": outcomes})
    return checked


def _changed(change: TopicChange) -> TopicChanged:
    changed = change_topic(change, profiles=wiring.profiles(), devices=wiring.devices(), fcm=wiring.fcm_admin())
    log.info("changed", extra={"topic": change.topic, "subscribed": change.subscribe, "codes": [each.code for each in changed.devices]})
    return changed
