"""What campaigns sent to a person, or did not, as the lake has it: the newest messages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast

from sqlglot import exp

from regulars.domain.delivery.global_control import HELD_OUT
from regulars.domain.lake.owners import OWNERS, owners
from regulars.domain.lake.sql import printed, statement, text, timestamp
from regulars.domain.lake.times import lake_moment
from regulars.domain.queries import ResultRow

MOST_MESSAGES: Final = 100
"""Messages that are shown: the newest."""

_CONTROL: Final = "control"
"""The arm of those whom a run held back to compare with (`campaigns.campaign.CONTROL`)."""

_MESSAGES: Final = """
SELECT run_id, campaign_id, arm, outcome, reason, at_ts FROM (
  SELECT run_id, campaign_id, arm, outcome, reason, user_id, delivered_ts AS at_ts FROM deliveries
  UNION ALL
  SELECT DISTINCT run_id, campaign_id, arm, CASE WHEN arm = :control THEN 'control' ELSE 'held_out' END AS outcome, CAST(NULL AS VARCHAR) AS reason,
    user_id, planned_ts AS at_ts
  FROM assignments WHERE arm IN (:control, :held_out)
) AS told
WHERE at_ts >= :since AND at_ts < :as_of
  AND (user_id = :user_id OR user_id IN (SELECT owned_id FROM owners WHERE owned_kind = 'user' AND owner_id = :user_id))
ORDER BY at_ts DESC, run_id LIMIT :most
"""


@dataclass(frozen=True)
class SentMessage:
    """What became of one message of a campaign to one of their devices; or that a run had none for them, because it held them back (`control`) or all
    campaigns do (`held_out`)."""

    run_id: str
    campaign_id: str
    arm: str
    outcome: str
    at: datetime
    reason: str | None = None


def messages_sql(user_id: str, since: datetime, as_of: datetime) -> str:
    """Those to any user id that is theirs, the newest first. `since` is included, `as_of` not."""
    span = {"since": timestamp(since), "as_of": timestamp(as_of)}
    arms = {"control": text(_CONTROL), "held_out": text(HELD_OUT)}
    tree = cast(exp.Select, statement(_MESSAGES, {"user_id": text(user_id), **arms, **span, "most": exp.Literal.number(MOST_MESSAGES)}))
    return printed(tree.with_(OWNERS, as_=owners(as_of), copy=False))


def messages_of(rows: Iterable[ResultRow]) -> tuple[SentMessage, ...]:
    """Of the statement's rows, in their order."""
    return tuple(map(_message, rows))


def _message(row: ResultRow) -> SentMessage:
    told = {name: row[name] or "" for name in ("run_id", "campaign_id", "arm", "outcome")}
    return SentMessage(**told, at=lake_moment(row["at_ts"] or ""), reason=row["reason"])
