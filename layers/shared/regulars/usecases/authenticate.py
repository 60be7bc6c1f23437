"""Whose request it is."""

from collections.abc import Sequence

from regulars.domain.collection.source import digest_of
from regulars.domain.errors import UnknownWriteKeyError
from regulars.ports import Clock, WriteKeys


def authenticate(stated: Sequence[str], *, write_keys: WriteKeys, clock: Clock) -> str:
    """The name of the source whose key is the first valid one among those that the request states.

    A key that is nobody's does not hide one that is somebody's: a proxy may have added a user name of its own. Raises UnknownWriteKeyError,
    StoreUnavailableError.
    """
    now, ended = clock.now(), False
    for write_key in stated:
        found = write_keys.find(digest_of(write_key))
        if found is not None and found.is_valid(now):
            return found.source
        ended = ended or found is not None
    if ended:
        raise UnknownWriteKeyError("this write key was revoked, or replaced by a newer one")
    if stated:
        raise UnknownWriteKeyError("no source has this write key")
    raise UnknownWriteKeyError("no write key: send it as the Basic user name, as writeKey in the body, or as writeKey in the query")
