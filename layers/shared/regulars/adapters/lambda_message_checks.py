"""The function check_message, asked and waited for."""

from dataclasses import asdict

from regulars.adapters.lambda_asking import LambdaAsking
from regulars.domain.messages.checks import CheckedMessage, MessageQuestion, MessagesChecked
from regulars.domain.messages.topics import ChangedDevice, TopicChange, TopicChanged


class _Asking(LambdaAsking):
    stem = "check_message"


class LambdaMessageChecks(_Asking):
    """The port `MessageChecks`."""

    def ask(self, question: MessageQuestion) -> MessagesChecked:
        told = self.asked(asdict(question))
        return MessagesChecked(**{**told, "messages": tuple(CheckedMessage(**each) for each in told["messages"])})


class LambdaTopicChanges(_Asking):
    """The port `TopicChanges`."""

    def ask(self, change: TopicChange) -> TopicChanged:
        told = self.asked(asdict(change))
        return TopicChanged(**{**told, "devices": tuple(ChangedDevice(**each) for each in told["devices"])})
