"""Whom `deliver` sends to in one shard, and what it says to each."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from regulars.domain.campaigns.campaign import Campaign
from regulars.domain.campaigns.run import Run
from regulars.domain.campaigns.templates import templates
from regulars.domain.delivery.decision import Ready
from regulars.domain.delivery.outcomes import message_id
from regulars.domain.delivery.recipients import Recipient, windows
from regulars.domain.messages.rendering import Addressee, Occasion, Unsendable


@dataclass(eq=False)
class ShardSource:
    """The recipients of one shard, to whom the run's campaign speaks; they may come as a stream, which is read once."""

    run: Run
    campaign: Campaign
    recipients: Iterable[Recipient]

    def __post_init__(self) -> None:
        self._templates = templates(self.campaign)

    def windows(self) -> Iterator[tuple[int, Sequence[Recipient]]]:
        return windows(self.recipients)

    def message(self, ready: Ready, message_id: str, now: datetime) -> bytes | Unsendable:
        return self._templates[ready.recipient.arm].render(self._to(ready, message_id), Occasion(self.run.run_id, self.run.planned_at, now))

    def lacks(self, ready: Ready) -> Iterator[tuple[str, str, bool]]:
        """As `MessageTemplate.lacks`."""
        return self._templates[ready.recipient.arm].lacks(self._to(ready, ""))

    def _to(self, ready: Ready, message_id: str) -> Addressee:
        person = ready.recipient
        return Addressee(person.user_id, ready.target, ready.traits, message_id, self._repeats(person), ready.locale)

    def _repeats(self, person: Recipient) -> str:
        """The message of the first of the runs that this one goes on with: whoever may have got that and gets this has one of them in the end."""
        return message_id(self.run.continues[-1], person.user_id, person.device_id) if self.run.continues else ""
