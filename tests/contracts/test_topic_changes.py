"""What every TopicChanges does: the one that asks the function, and the scripted one."""

import pytest

from regulars.adapters.lambda_message_checks import LambdaTopicChanges
from regulars.domain.errors import InvalidRequestError
from regulars.domain.messages.topics import ChangedDevice, TopicChange, TopicChanged
from regulars.ports import TopicChanges
from tests.contracts.suite import suite
from tests.contracts.test_message_checks import Function
from tests.fakes.fcm_admin import MemoryTopicChanges


@pytest.fixture
def lambda_() -> TopicChanges:
    return LambdaTopicChanges("check", client=Function())


topics = suite(TopicChanges, adapter="lambda_", fake=MemoryTopicChanges)


@pytest.mark.parametrize("subscribe", [True, False])
def test_what_is_asked_is_done_and_said_of_each_device(topics: TopicChanges, subscribe: bool) -> None:
    assert topics.ask(TopicChange("news", "ann", subscribe)) == TopicChanged("news", "ann", subscribe, (ChangedDevice("a1"),))


def test_what_the_function_refuses_is_refused(topics: TopicChanges) -> None:
    with pytest.raises(InvalidRequestError, match="no profile of 'eve'"):
        topics.ask(TopicChange("news", "eve", subscribe=True))
