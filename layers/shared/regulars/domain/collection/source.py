"""Who sends events: a source. Its name stands on every row for ever; its write keys come and go.

Of a write key we keep the SHA-256, which is enough to know it again. A key is long and random, unlike a password, so that a plain digest gives
nothing away.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from regulars.domain.errors import ConflictError, InvalidRequestError
from regulars.domain.lake.tables import OWN_SOURCE

MAX_KEYS: Final = 5
"""How many keys of a source may be valid at the same time."""

MAX_OVERLAP: Final = timedelta(days=366)

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}", re.ASCII)
"""It is part of keys, paths and messages on the queue."""

IMPORTED: Final = "import"
"""What rows of imported files have for a source."""

_WRITE_KEY: Final = re.compile(r"[A-Za-z0-9._~-]{1,128}", re.ASCII)
"""What needs no escape in a path, a query or a header (https://www.rfc-editor.org/rfc/rfc3986#section-2.3): clients put the key in each of them."""

_TAKEN: Final[Mapping[str, str]] = {IMPORTED: "imported files", OWN_SOURCE: "what the platform itself tells"}

State = Literal["active", "revoked"]


def source_name(text: str) -> str:
    """The text, if a source may be called so. Raises InvalidRequestError."""
    if text in _TAKEN:
        raise InvalidRequestError(f"`{text}` is the source of {_TAKEN[text]}: take another name", field="name")
    if not _NAME.fullmatch(text):
        raise InvalidRequestError("a source's name has 1 to 40 of a-z, 0-9, `_` and `-`, and begins with a letter or a digit", field="name")
    return text


def is_write_key(text: str) -> bool:
    """Whether a source could have this key at all."""
    return _WRITE_KEY.fullmatch(text) is not None


def digest_of(write_key: str) -> str:
    """64 hex digits."""
    return hashlib.sha256(write_key.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class SourceKey:
    """A write key of `source`, by its digest: valid until `ends_at`, or for ever."""

    digest: str
    source: str
    made_at: datetime
    ends_at: datetime | None = None

    def is_valid(self, at: datetime) -> bool:
        return self.ends_at is None or at < self.ends_at

    def ending(self, at: datetime) -> "SourceKey":
        """The same, ending then unless it ends before."""
        return self if self.ends_at is not None and self.ends_at <= at else replace(self, ends_at=at)


@dataclass(frozen=True, slots=True)
class Source:
    """`keys` are those that were valid when it last changed, the newest first."""

    name: str
    created_at: datetime
    keys: tuple[SourceKey, ...]
    revoked_at: datetime | None = None

    @classmethod
    def created(cls, name: str, digest: str, *, at: datetime) -> "Source":
        return cls(name, at, (SourceKey(digest, name, at),))

    @property
    def state(self) -> State:
        return "active" if self.revoked_at is None else "revoked"

    def rotated(self, digest: str, *, at: datetime, overlap: timedelta) -> "Source":
        """With a new key; the others end after `overlap`, at once if it is zero. Whoever was revoked may send again, with the new key.

        Raises InvalidRequestError for an overlap out of range, ConflictError where MAX_KEYS are valid and would stay so.
        """
        if not timedelta() <= overlap <= MAX_OVERLAP:
            raise InvalidRequestError(f"from 0 to {MAX_OVERLAP.days} days", field="overlap")
        others = [key.ending(at + overlap) for key in self.keys if key.is_valid(at)]
        if overlap and len(others) >= MAX_KEYS:
            raise ConflictError(f"{len(others)} keys of source {self.name} are valid already: wait until one ends, or rotate with overlap 0")
        return replace(self, keys=(SourceKey(digest, self.name, at), *others), revoked_at=None)

    def revoked(self, at: datetime) -> "Source":
        """Without a valid key. Twice is as good as once."""
        if self.revoked_at is not None:
            return self
        return replace(self, keys=tuple(key.ending(at) for key in self.keys if key.is_valid(at)), revoked_at=at)
