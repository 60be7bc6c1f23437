"""What every MessageChecks does: the one that asks the function, and the scripted one."""

import io
import json
from dataclasses import asdict
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from regulars.adapters.lambda_message_checks import LambdaMessageChecks
from regulars.domain.errors import NotFoundError, PushConfigurationError, RefusedError, RunnerUnavailableError
from regulars.domain.messages.checks import CheckedMessage, MessageQuestion
from regulars.domain.messages.topics import TopicChange
from regulars.ports import MessageChecks
from tests.contracts.suite import suite
from tests.fakes.fcm_admin import MemoryMessageChecks, MemoryTopicChanges


class Function:
    """check_message as Lambda answers for it: with what it returned, or with the error that it raised."""

    def invoke(self, **asked: Any) -> dict[str, Any]:
        assert asked["FunctionName"] == "check"
        try:
            return {"Payload": io.BytesIO(json.dumps(self.answered(json.loads(asked["Payload"]))).encode())}
        except RefusedError as error:
            refused = {"error": type(error).__name__, "message": str(error), "field": error.field}
            return {"Payload": io.BytesIO(json.dumps({"refused": refused}).encode())}

    def answered(self, event: dict[str, Any]) -> dict[str, Any]:
        if "topic" in event:
            return asdict(MemoryTopicChanges().ask(TopicChange(**event)))
        return asdict(MemoryMessageChecks().ask(MessageQuestion(**event)))

    def failed(self, kind: str, message: str) -> dict[str, Any]:
        return {"FunctionError": "Unhandled", "Payload": io.BytesIO(json.dumps({"errorType": kind, "errorMessage": message}).encode())}


@pytest.fixture
def lambda_() -> MessageChecks:
    return LambdaMessageChecks("check", client=Function())


checks = suite(MessageChecks, adapter="lambda_", fake=MemoryMessageChecks)


def test_what_is_asked_is_answered(checks: MessageChecks) -> None:
    checked = checks.ask(MessageQuestion("spring", "ann", send=True))
    assert (checked.campaign_id, checked.sent, checked.messages) == ("spring", True, (CheckedMessage("treated", "", "accepted"),))


def test_what_the_function_refuses_is_refused(checks: MessageChecks) -> None:
    with pytest.raises(NotFoundError, match="no campaign autumn"):
        checks.ask(MessageQuestion("autumn"))


def test_an_error_of_ours_comes_out_as_it_went_in() -> None:
    function = Function()
    function.invoke = lambda **_: function.failed("PushConfigurationError", "the secret is empty")  # type: ignore[method-assign]
    with pytest.raises(PushConfigurationError, match="the secret is empty"):
        LambdaMessageChecks("check", client=function).ask(MessageQuestion("spring"))


@pytest.mark.parametrize("kind", ["Sandbox.Timedout", "KeyError", "ClassVar", "RefusedError"])
def test_a_function_that_fails_otherwise_is_ours_to_mend(kind: str) -> None:
    function = Function()
    function.invoke = lambda **_: function.failed(kind, "why")  # type: ignore[method-assign]
    with pytest.raises(RunnerUnavailableError, match=f"{kind} why"):
        LambdaMessageChecks("check", client=function).ask(MessageQuestion("spring"))


def test_no_answer_says_that_a_test_may_have_gone_out() -> None:
    class Silent:
        def invoke(self, **_: Any) -> Any:
            raise ReadTimeoutError(endpoint_url="lambda")

    with pytest.raises(RunnerUnavailableError, match="may have done"):
        LambdaMessageChecks("check", client=Silent()).ask(MessageQuestion("spring"))
