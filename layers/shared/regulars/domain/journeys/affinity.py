"""How much of what a person does goes to what an item says: of the articles that they read in 90 days, the share that had one of its tags.

    {"event": "Article Read", "where": [{"property": "category", "in": {"content": "tags"}}], "within": "90d", "least": 5, "gte": 0.3}

An EVENT of the segments' language, of which `where` says which are like the item. The lake counts it in the same question that finds whom the item is
for, and the share goes with the item to each person, as its property `affinity`: so branches, texts and the order of a digest know it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, cast

import orjson
from sqlglot import exp

from regulars.domain.documents import JsonObject
from regulars.domain.errors import InvalidRuleError
from regulars.domain.journeys.item_values import fields, filled, is_said, sampled
from regulars.domain.lake.sql import statement, whole
from regulars.domain.language import Fields, Problems, Value
from regulars.domain.segments.clauses import parse_event
from regulars.domain.segments.compile.shares import share_sql
from regulars.domain.segments.compile.values import number_literal
from regulars.domain.segments.evaluate import PastEvent
from regulars.domain.segments.evaluate.shares import Share, share_of
from regulars.domain.segments.rule import EventClause

AFFINITY: Final = "affinity"
"""The property of an item that is told to somebody. No item has one of its own (`content.parse`)."""

KEYS: Final = ("event", "where", "within", "least", "gte")
FEW: Final = 5
"""Of whom there are fewer events than this the share says nothing, unless `least` says otherwise: who has read one article likes only its like."""

_MOST: Final = 10_000
_CLAUSE: Final = ("event", "where", "within")

_ASKED: Final = """
SELECT audience.user_id AS user_id, reading.these AS these, reading.alike AS alike
FROM :audience AS audience LEFT JOIN :reading AS reading ON reading.user_id = audience.user_id
"""
_ENOUGH: Final = "reading.these >= :least AND CAST(reading.alike AS DOUBLE) / reading.these >= :share"


@dataclass(frozen=True)
class Affinity:
    """`document` is the EVENT as it was written. It is unknown of who has fewer than `least` of the events. `share`: below it, or unknown, an item is
    not for somebody; None: the affinity only says what they like best."""

    document: JsonObject
    least: int = FEW
    share: float | None = None

    @property
    def event(self) -> str:
        return str(self.document["event"])

    def clause(self, item: JsonObject) -> EventClause | None:
        """None: the item does not say what it is to be compared by. Raises InvalidRuleError where what it says does not fit."""
        if not is_said(self.document, item):
            return None
        return cast(EventClause, parse_event(Fields(Value(filled(self.document, item), InvalidRuleError, AFFINITY))))

    def asked(self, audience: exp.Select, item: JsonObject, as_of: datetime) -> exp.Select | None:
        """The audience with columns `these` and `alike` (NULL where nothing is known); None where the item is for nobody."""
        clause = self.clause(item)
        if clause is None:
            return None if self.share is not None else audience
        parts = {"audience": exp.Subquery(this=audience), "reading": exp.Subquery(this=share_sql(clause, as_of))}
        tree = cast(exp.Select, statement(_ASKED, parts))
        if self.share is None:
            return tree
        return tree.where(statement(_ENOUGH, {"least": whole(self.least), "share": number_literal(self.share)}), copy=False)

    def of(self, share: Share) -> float | None:
        """From 0 to 1; None where it is unknown."""
        return share.alike / share.these if share.these >= self.least else None

    def of_person(self, item: JsonObject, events: Sequence[PastEvent], as_of: datetime) -> float | None:
        clause = self.clause(item)
        return None if clause is None else self.of(share_of(clause, events, as_of))

    def lets_in(self, affinity: float | None) -> bool:
        return self.share is None or (affinity is not None and affinity >= self.share)


def told(item: JsonObject, affinity: float | None) -> str:
    """The item's JSON as a person is told of it, to the tenth of a per mille."""
    return orjson.dumps(item if affinity is None else {**item, AFFINITY: round(affinity, 4)}).decode()


def affinity_in(properties: str | None) -> float:
    """Of an item that somebody was told; -1 where it is unknown, which is liked least."""
    found = orjson.loads(properties).get(AFFINITY) if properties else None
    return float(found) if isinstance(found, int | float) else -1.0


def read_affinity(value: Value, problems: Problems) -> Affinity | None:
    given = problems.fields(value, KEYS)
    if given is None:
        return None
    least = problems.optional(lambda it: it.whole(1, _MOST), given, "least", FEW)
    share = problems.read(lambda it: it.number(0, 1), given["gte"]) if "gte" in given else None
    document = {key: given[key].raw for key in _CLAUSE if key in given}
    clause = problems.read(lambda it: parse_event(Fields(it)), replace(value, raw=sampled(replace(value, raw=document), problems)))
    if "within" not in given:
        problems.note(given["within"].path, "say of how long it is a share, as in `90d`")
    if not any(fields(document.get("where"))) and not problems.within(given["where"].path):
        problems.note(given["where"].path, "say what is like the item, as in [{`property`: `category`, `in`: {`content`: `tags`}}]")
    return Affinity(document, least, share) if clause is not None else None
