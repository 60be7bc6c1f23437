"""FCM's control plane: a campaign's messages checked and sent to one person as a test, and who hears a topic."""

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from regulars import wiring
from regulars.domain.messages.checks import MessageQuestion
from regulars.domain.messages.topics import TopicChange

from .access import SEND, WRITE
from .answers import MessagesChecked, TopicChanged
from .definitions import Draft, draft_of
from .requests import Request

router = APIGatewayHttpRouter()


class Check(Request):
    """`user_id`: for this person and their devices, rather than for somebody of whom nothing is known. `variant`: this
    one alone. `document`: of this one, which is not saved."""

    user_id: str = ""
    variant: str = ""
    document: Draft = None


class Test(Request):
    """`user_id` gets each variant, or this `variant` alone, on each device; of a `document`, where that is not saved."""

    user_id: str
    variant: str = ""
    document: Draft = None


@router.post("/admin/campaigns/<campaign_id>/check", summary="Have FCM check a campaign's messages; nobody gets them", security=WRITE)
def check(campaign_id: str, request: Check) -> MessagesChecked:
    return wiring.message_checks().ask(
        MessageQuestion(campaign_id, request.user_id, request.variant, document=draft_of(request.document, campaign_id))
    )


@router.post("/admin/campaigns/<campaign_id>/test", summary="Send a campaign's messages to one person now, as a test", security=SEND)
def test(campaign_id: str, request: Test) -> MessagesChecked:
    return wiring.message_checks().ask(
        MessageQuestion(campaign_id, request.user_id, request.variant, send=True, document=draft_of(request.document, campaign_id))
    )


class Hearer(Request):
    """`user_id`: each device that is theirs now."""

    user_id: str


@router.post("/admin/topics/<topic>/subscribe", summary="Have a person's devices hear an FCM topic", security=WRITE)
def subscribe(topic: str, request: Hearer) -> TopicChanged:
    return wiring.topic_changes().ask(TopicChange(topic, request.user_id, subscribe=True))


@router.post("/admin/topics/<topic>/unsubscribe", summary="Have a person's devices hear an FCM topic no more", security=WRITE)
def unsubscribe(topic: str, request: Hearer) -> TopicChanged:
    return wiring.topic_changes().ask(TopicChange(topic, request.user_id, subscribe=False))
