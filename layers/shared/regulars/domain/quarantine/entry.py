"""One refused event, as the quarantine has it."""

from dataclasses import dataclass

from regulars.domain.collection.message import Verb
from regulars.domain.queries import ResultRow


@dataclass(frozen=True)
class Replay:
    """That an event was sent again: in which replay, when, by whom, with which repair (JSON). One that is not `done` may have been cut short."""

    id: str
    at: str
    by: str
    repair: str
    done: bool


@dataclass(frozen=True)
class Entry:
    """`at` is when we received it (`moments.iso`); `event` its name or type, where it has one; `text` its JSON, None where it has more characters
    than leave the lake, or where there is only `raw` (base64 of what was no message of ours). `historical` if it came as one of the past."""

    id: str
    at: str
    source: str
    reason: str
    message: str
    event: str | None = None
    text: str | None = None
    characters: int | None = None
    raw: str | None = None
    replay: Replay | None = None
    historical: bool = False

    @property
    def verb(self) -> Verb:
        """What it comes by when it is sent again: an event of the past stays one."""
        return "import" if self.historical else "batch"

    @classmethod
    def of_row(cls, row: ResultRow) -> "Entry":
        """A row of `statements.entries_sql`."""
        said = {name: row.get(name) or "" for name in ("id", "at", "source", "reason", "message")}
        characters = row.get("characters")
        return cls(
            **said,
            event=row.get("event_name"),
            text=row.get("text"),
            characters=int(characters) if characters else None,
            raw=row.get("raw"),
            replay=_replay(row),
            historical=row.get("historical") == "true",
        )


def _replay(row: ResultRow) -> Replay | None:
    if not row.get("replay"):
        return None
    said = {name: row.get(column) or "" for name, column in (("id", "replay"), ("at", "replayed_at"), ("by", "by_whom"), ("repair", "repair"))}
    return Replay(**said, done=row.get("state") == "done")
