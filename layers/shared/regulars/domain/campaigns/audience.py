"""The SQL of a run: who is in it and in which arm, what `deliver` must know of each, and what became of them.

Every statement may run twice without harm: `assign` and `record` add nothing that is there. UNLOAD alone wants an empty folder.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlglot import exp

from regulars.domain.campaigns.arms import arm_sql
from regulars.domain.campaigns.campaign import CONTROL, Campaign
from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.campaigns.run import check_size, recipients_prefix
from regulars.domain.lake import sql
from regulars.domain.segments import Segment, audience_sql, parse_segment

_NEWEST_SNAPSHOT = 'SELECT snapshot_id FROM "events$snapshots" ORDER BY committed_at DESC LIMIT 1'

_ASSIGN = """
INSERT INTO assignments (run_id, campaign_id, user_id, arm, bucket, planned_ts)
SELECT :run_id AS run_id, :campaign_id AS campaign_id, person.user_id, :arm AS arm, CAST(person.bucket AS INTEGER) AS bucket, :planned AS planned_ts
FROM (SELECT audience.user_id, :bucket AS bucket FROM :audience AS audience) AS person
WHERE NOT EXISTS (SELECT 1 FROM assignments AS earlier WHERE earlier.run_id = :run_id)
"""

# A token that two devices claim belongs to the one seen last; people without a device stay, with nothing to send to.
_RECIPIENTS = """
SELECT treated.user_id, treated.arm, people.traits, device.device_id, device.token, device.platform
FROM (SELECT DISTINCT user_id, arm FROM assignments WHERE run_id = :run_id AND arm <> :control) AS treated
LEFT JOIN people ON people.user_id = treated.user_id
LEFT JOIN (
  SELECT user_id, device_id, token, platform,
    row_number() OVER (PARTITION BY token ORDER BY last_seen_ts DESC, device_id) AS newest
  FROM devices WHERE token IS NOT NULL AND token <> ''
) AS device ON device.user_id = treated.user_id AND device.newest = 1
"""

_RECORD = """
INSERT INTO deliveries (run_id, campaign_id, user_id, device_id, arm, message_id, outcome, reason, delivered_ts)
SELECT fresh.run_id, fresh.campaign_id, fresh.user_id, fresh.device_id, fresh.arm, fresh.message_id, fresh.outcome, fresh.reason,
  CAST(fresh.delivered_ts AS TIMESTAMP(6)) AS delivered_ts
FROM raw_deliveries AS fresh
WHERE fresh.run_id = :run_id
  AND NOT EXISTS (SELECT 1 FROM deliveries AS kept WHERE kept.run_id = :run_id AND kept.message_id = fresh.message_id)
"""

# One fate a person, the best that any device had: `rank|outcome|reason`. Somebody with no row at all was not reached.
_FATES = """
SELECT user_id,
  min(concat(
    CASE outcome WHEN 'sent' THEN '0' WHEN 'unknown' THEN '1' WHEN 'failed' THEN '2' ELSE '3' END, '|', outcome, '|', coalesce(reason, '')
  )) AS fate,
  count(DISTINCT CASE WHEN outcome = 'sent' THEN message_id END) AS pushes
FROM deliveries WHERE run_id = :run_id GROUP BY user_id
"""

_COUNTS = """
SELECT assigned.arm, fates.fate, count(*) AS people, sum(fates.pushes) AS pushes
FROM (SELECT DISTINCT user_id, arm FROM assignments WHERE run_id = :run_id) AS assigned
LEFT JOIN :fates AS fates ON fates.user_id = assigned.user_id
GROUP BY assigned.arm, fates.fate
"""


@dataclass(frozen=True)
class Statements:
    """What Athena is asked to do in the course of a run, as text."""

    assign: str
    unload: str
    record: str

    @property
    def size(self) -> int:
        """In bytes, as UTF-8."""
        return sum(len(text.encode()) for text in (self.assign, self.unload, self.record))


def audience(campaign: Campaign, as_of: datetime, segments: Mapping[str, Segment]) -> exp.Query:
    """Everybody in any included segment and in no excluded one, as of the moment: a SELECT of `user_id`.

    A difference of sets, not `not`: a person of whom an exclusion knows nothing is not excluded by it.
    """
    found: exp.Query = _members(campaign.include[0], as_of, segments)
    for identity in campaign.include[1:]:
        found = exp.union(found, _members(identity, as_of, segments), distinct=True, copy=False)
    for identity in campaign.exclude:
        found = exp.except_(found, _members(identity, as_of, segments), distinct=True, copy=False)
    return found


def newest_snapshot_sql() -> str:
    """At most one row of one column, `snapshot_id`: where `events` stands now. No row for a table that nobody has written to.

    https://docs.aws.amazon.com/athena/latest/ug/querying-iceberg-table-metadata.html
    """
    return sql.printed(sql.statement(_NEWEST_SNAPSHOT))


def statements(record: Mapping[str, Any], bucket: str) -> Statements:
    """Compiled from a run's record alone, so that the same run is always the same SQL. `bucket` is the lake's.

    Where the record has a `snapshot`, the audience is read from `events` as of it: an event that came late changes nothing any more.
    Raises InvalidRuleError where the audience is too large to be passed on, and what parsing the recorded documents raises.
    """
    run, campaign = sql.text(record["run_id"]), parse_campaign(record["campaign"])
    segments = {identity: parse_segment({k: v for k, v in kept.items() if k != "version"}) for identity, kept in record["segments"].items()}
    people = audience(campaign, datetime.fromisoformat(record["as_of"]), segments)
    if record.get("snapshot"):
        _read_at(people, record["snapshot"])
    assign = sql.statement(
        _ASSIGN,
        {
            "run_id": run,
            "campaign_id": sql.text(campaign.id),
            "arm": arm_sql(campaign, exp.column("bucket", table="person")),
            "planned": sql.timestamp(datetime.fromisoformat(record["planned_at"])),
            "bucket": sql.bucket(exp.column("user_id", table="audience"), campaign.id),
            "audience": exp.Subquery(this=people),
        },
    )
    chosen = sql.statement(_RECIPIENTS, {"run_id": run, "control": sql.text(CONTROL)})
    recipients = f"s3://{bucket}/{recipients_prefix(record['run_id'])}"
    found = Statements(sql.printed(assign), sql.unload(chosen, recipients), sql.printed(sql.statement(_RECORD, {"run_id": run})))
    check_size(found.size)
    return found


def fates(run_id: str) -> exp.Expression:
    """One row a person whom a run tried to reach: `fate` (see `split_fate`) and `pushes`, how many were sent."""
    return sql.statement(_FATES, {"run_id": sql.text(run_id)})


def counts_sql(run_id: str) -> str:
    """One row an arm and fate: `arm`, `fate` or NULL, `people`, `pushes`."""
    tree = sql.statement(_COUNTS, {"run_id": sql.text(run_id), "fates": exp.Subquery(this=fates(run_id))})
    return sql.printed(tree)


def _members(identity: str, as_of: datetime, segments: Mapping[str, Segment]) -> exp.Select:
    # In a FROM of its own, so that whatever the compiler gives (a WITH, a set operation) can be an operand.
    return exp.select("user_id").from_(exp.Subquery(this=audience_sql(segments[identity].rule, as_of, segments)).as_("member"))


def _read_at(query: exp.Query, snapshot: str) -> None:
    """Has the query read `events` as of an Iceberg snapshot:
    https://docs.aws.amazon.com/athena/latest/ug/querying-iceberg-time-travel-and-version-travel-queries.html"""
    for table in query.find_all(exp.Table):
        if table.name == "events":
            table.set("version", exp.Version(this="VERSION", kind="AS OF", expression=exp.Literal.number(int(snapshot))))
