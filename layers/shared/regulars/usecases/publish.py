"""A publisher's own program tells of an item: whose it is, whether it is signed, and whether it is new."""

from collections.abc import Mapping
from dataclasses import dataclass

from regulars.domain.collection.body import opened
from regulars.domain.collection.json_text import parsed
from regulars.domain.collection.keys import stated_keys
from regulars.domain.content.parse import parse_item
from regulars.domain.content.signature import HEADER, require_signed
from regulars.domain.errors import InvalidRequestError, InvalidSignatureError
from regulars.ports import AnnounceTrigger, Clock, ContentLedger, EventQueue, SigningSecrets, WriteKeys
from regulars.usecases.authenticate import authenticate
from regulars.usecases.publish_items import publish_items


@dataclass(frozen=True)
class Published:
    """`is_new`: people are told of it now. Otherwise they were before."""

    id: str
    is_new: bool


def publish(
    content: bytes,
    headers: Mapping[str, str],
    query: Mapping[str, str],
    *,
    write_keys: WriteKeys,
    secrets: SigningSecrets,
    ledger: ContentLedger,
    queue: EventQueue,
    announcer: AnnounceTrigger,
    clock: Clock,
) -> Published:
    """Returns when the queue has the event. `headers` are by lower-case name; the signature is that of `content` as it came.

    Raises InvalidRequestError, PayloadTooLargeError, UnknownWriteKeyError, InvalidSignatureError, StoreUnavailableError, QueueUnavailableError,
    TooManyRequestsError, RunnerUnavailableError.
    """
    document = parsed(opened(content, headers.get("content-encoding", "")).text)
    if not isinstance(document, dict):
        raise InvalidRequestError("the body must be a JSON object")
    source = authenticate(stated_keys(headers.get("authorization", ""), query, document), write_keys=write_keys, clock=clock)
    secret = secrets.get(source)
    if secret is None:
        raise InvalidSignatureError(f"source {source} has no secret to sign content with: `regulars source secret {source}` makes one")
    now = clock.now()
    require_signed(headers.get(HEADER, ""), content, secret, now)
    item = parse_item(document, origin=source)
    return Published(item.id, bool(publish_items([item], ledger=ledger, queue=queue, announcer=announcer, now=now)))
