"""FCM's control plane, scripted: one fake a port, which passes the same contract suite as the adapter (tests/contracts)."""

from collections.abc import Mapping, Sequence

from regulars.domain.documents import JsonObject
from regulars.domain.errors import InvalidRequestError, NotFoundError, RegularsError
from regulars.domain.messages.checks import CheckedMessage, FcmAnswer, MessageQuestion, MessagesChecked
from regulars.domain.messages.topics import ChangedDevice, TopicChange, TopicChanged


class MemoryFcmAdmin:
    """Answers by the token that a message goes to, and takes every other. `refuses` is raised in place of an answer."""

    def __init__(self, answers: Mapping[str, FcmAnswer] | None = None) -> None:
        self.answers = dict(answers or {})
        self.validated: list[JsonObject] = []
        self.sent: list[JsonObject] = []
        self.changed: list[tuple[str, tuple[str, ...], bool]] = []
        self.refuses: RegularsError | None = None

    def validate(self, message: JsonObject) -> FcmAnswer:
        return self._answer(message, self.validated)

    def send(self, message: JsonObject) -> FcmAnswer:
        return self._answer(message, self.sent)

    def change_topic(self, topic: str, registrations: Sequence[str], *, subscribe: bool) -> Sequence[str]:
        if self.refuses is not None:
            raise self.refuses
        self.changed.append((topic, tuple(registrations), subscribe))
        return [self.answers[each].code if each in self.answers else "" for each in registrations]

    def _answer(self, message: JsonObject, asked: list[JsonObject]) -> FcmAnswer:
        if self.refuses is not None:
            raise self.refuses
        asked.append(message)
        return self.answers.get(message.get("token", ""), FcmAnswer(accepted=True))


class MemoryMessageChecks:
    """Knows the campaign `spring`, all of whose messages FCM takes."""

    def __init__(self) -> None:
        self.asked: list[MessageQuestion] = []

    def ask(self, question: MessageQuestion) -> MessagesChecked:
        self.asked.append(question)
        if question.campaign_id != "spring":
            raise NotFoundError(f"there is no campaign {question.campaign_id}")
        return MessagesChecked("spring", 1, question.send, (CheckedMessage("treated", "", "accepted"),))


class MemoryTopicChanges:
    """Knows ann, who has one device."""

    def __init__(self) -> None:
        self.asked: list[TopicChange] = []

    def ask(self, change: TopicChange) -> TopicChanged:
        self.asked.append(change)
        if change.user_id != "ann":
            raise InvalidRequestError(f"there is no profile of {change.user_id!r}")
        return TopicChanged(change.topic, "ann", change.subscribe, (ChangedDevice("a1"),))
