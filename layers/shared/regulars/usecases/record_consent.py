"""Somebody's yes or no that reached us otherwise than by an app: on the telephone, on paper. It goes the way of every event."""

from collections.abc import Sequence
from dataclasses import dataclass

from regulars.domain.collection.change import Change
from regulars.domain.collection.consent_calls import GIVEN, WITHDRAWN, purpose_of, told_traits
from regulars.domain.collection.consents import EVERYTHING, spoken_of
from regulars.domain.collection.identifiers import person_named
from regulars.domain.collection.moments import iso
from regulars.domain.documents import JsonObject
from regulars.domain.errors import InvalidRequestError
from regulars.domain.language import MAX_TEXT, PURPOSE
from regulars.domain.people.profile import Profile
from regulars.ports import Clock, EventQueue, ProfileStore
from regulars.usecases.tell import tell
from regulars.usecases.whole_profiles import whole_profiles


@dataclass(frozen=True)
class RecordedConsent:
    """It counts once the event is loaded, within seconds. `against`: traits that still say no, which only whoever told them can take back."""

    user_id: str
    purpose: str
    agreed: bool
    event: str
    message_id: str
    against: Sequence[str] = ()


def record_consent(
    user_id: str,
    *,
    purpose: str,
    channel: str,
    agreed: bool,
    source: str,
    by: str,
    request: str,
    queue: EventQueue,
    profiles: ProfileStore,
    clock: Clock,
) -> RecordedConsent:
    """`source` says where they said so, `by` who wrote it down; the same `request` again is the same event.

    Raises InvalidRequestError, QueueUnavailableError, StoreUnavailableError.
    """
    user_id = person_named(user_id)
    _check(purpose, channel, source)
    now, name = clock.now(), GIVEN if agreed else WITHDRAWN
    named = {"purpose": purpose, "channel": channel}
    properties = {**{key: value for key, value in named.items() if value}, "source": source, "by": by}
    event = {"type": "track", "event": name, "userId": user_id, "messageId": f"consent-{request}", "timestamp": iso(now), "properties": properties}
    meant = purpose_of(purpose, channel)
    against = _against(user_id, meant, told_traits(name, properties, {}), iso(now), profiles) if agreed else []
    tell([event], queue=queue, now=now)
    return RecordedConsent(user_id, meant, agreed, name, str(event["messageId"]), against)


def _check(purpose: str, channel: str, source: str) -> None:
    for field, value in (("purpose", purpose), ("channel", channel)):
        if value and not PURPOSE.admits(value):
            raise InvalidRequestError(f"is no {field}: {PURPOSE}", field=field)
    if not source.strip() or len(source) > MAX_TEXT:
        raise InvalidRequestError(f"where did they say so? 1 to {MAX_TEXT} characters", field="source")


def _against(user_id: str, purpose: str, told: JsonObject, at: str, profiles: ProfileStore) -> Sequence[str]:
    """What would say no to it all the same, once this is told."""
    known = whole_profiles([user_id], profiles=profiles).get(user_id, Profile(user_id))
    values = known.merged([Change(user_id, at, told, tie="~")]).values
    return [".".join(path) for about, path, agrees in spoken_of(values) if not agrees and about in (purpose, EVERYTHING)]
