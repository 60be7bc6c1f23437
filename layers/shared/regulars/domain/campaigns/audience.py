"""The SQL of a run: who is in it and in which arm, what `deliver` must know of each, and what became of them.

Every statement may run twice without harm: `assign` and `record` add nothing that is there, and each UNLOAD writes into a folder of its own.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import reduce
from typing import cast

from sqlglot import exp

from regulars.domain.campaigns.arms import arm_sql
from regulars.domain.campaigns.campaign import CONTROL, Campaign
from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.campaigns.places import recipients_prefix
from regulars.domain.campaigns.plan import ATTEMPT, Statements, check_size
from regulars.domain.campaigns.promises import most_shards, policy_of
from regulars.domain.campaigns.run import PEOPLE_PER_SHARD, Run
from regulars.domain.delivery.global_control import HELD_OUT
from regulars.domain.lake import sql
from regulars.domain.lake.snapshots import Snapshots
from regulars.domain.lake.time_travel import iceberg_tables, read_at
from regulars.domain.reasons import ALREADY_REACHED
from regulars.domain.segments import Segment, audience_sql, parse_segment
from regulars.domain.segments.conversions import segments_with_goals

_ASSIGN = """
INSERT INTO assignments (run_id, campaign_id, user_id, arm, bucket, planned_ts)
SELECT :run_id AS run_id, :campaign_id AS campaign_id, person.user_id, :arm AS arm, CAST(person.bucket AS INTEGER) AS bucket, :planned AS planned_ts
FROM (SELECT audience.user_id, :bucket AS bucket FROM :audience AS audience) AS person
WHERE NOT EXISTS (SELECT 1 FROM assignments AS earlier WHERE earlier.run_id = :run_id)
"""

# A device belongs to whoever uses it, with what they registered or nobody did; of two devices with the same target the one that registered it last
# has it. People without a device stay, with nothing to send to, and so do those whom a run that this one goes on with has reached. All devices of a
# person are in one shard; there are as many shards as people ask for. Traits and targets stay where they are, and are read, with whose the device is
# by then, when it is sent; the fingerprint shows whether it is the same target.
_RECIPIENTS = """
SELECT treated.user_id, treated.arm, device.device_id, lower(substr(to_hex(sha256(to_utf8(device.target))), 1, 16)) AS fingerprint,
  CASE WHEN reached.user_id IS NOT NULL THEN :already_reached END AS skip_reason,
  CAST(treated.bucket % size.shards AS INTEGER) AS shard
FROM (
  SELECT person.user_id, person.arm, :bucket AS bucket
  FROM (SELECT DISTINCT user_id, arm FROM assignments WHERE run_id = :run_id AND arm NOT IN (:control, :held_out)) AS person
) AS treated
CROSS JOIN (
  SELECT CAST(least(:max_shards, ceil(count(DISTINCT user_id) / :people_per_shard)) AS INTEGER) AS shards
  FROM assignments WHERE run_id = :run_id AND arm NOT IN (:control, :held_out)
) AS size
LEFT JOIN :reached AS reached ON reached.user_id = treated.user_id
LEFT JOIN :devices AS device ON device.user_id = treated.user_id AND coalesce(device.registered_by, device.user_id) = device.user_id
  AND device.newest = 1 AND reached.user_id IS NULL
"""

_DEVICES = """
SELECT user_id, registered_by, device_id, coalesce(fid, token) AS target,
  row_number() OVER (
    PARTITION BY coalesce(fid, token) ORDER BY coalesce(registered_order, date_format(last_seen_ts, '%Y-%m-%d %H:%i:%s.%f')) DESC, device_id
  ) AS newest
FROM devices WHERE coalesce(fid, token) IS NOT NULL
"""

# The same before anybody is assigned, those held back and held out too, all devices of a person one after the other.
_FORESEEN = """
SELECT person.user_id, person.arm, device.device_id, lower(substr(to_hex(sha256(to_utf8(device.target))), 1, 16)) AS fingerprint,
  CASE WHEN person.arm NOT IN (:control, :held_out) AND reached.user_id IS NOT NULL THEN :already_reached END AS skip_reason
FROM (
  SELECT bucketed.user_id, :arm AS arm FROM (SELECT audience.user_id, :bucket AS bucket FROM :audience AS audience) AS bucketed
) AS person
LEFT JOIN :reached AS reached ON reached.user_id = person.user_id
LEFT JOIN :devices AS device ON device.user_id = person.user_id AND coalesce(device.registered_by, device.user_id) = device.user_id
  AND device.newest = 1 AND reached.user_id IS NULL AND person.arm NOT IN (:control, :held_out)
ORDER BY person.user_id, device.device_id
"""

_SIZES = """
SELECT coalesce(sum(CASE WHEN person.arm <> :held_out THEN 1 ELSE 0 END), 0) AS people,
  coalesce(sum(CASE WHEN person.arm = :control THEN 1 ELSE 0 END), 0) AS control,
  coalesce(sum(CASE WHEN person.arm = :held_out THEN 1 ELSE 0 END), 0) AS held_out
FROM (
  SELECT :arm AS arm FROM (SELECT audience.user_id, :bucket AS bucket FROM :audience AS audience) AS bucketed
) AS person
"""

# What the journal of a run knows, whether or not it was recorded. Its partition is injected: each run must be named by an equality.
_REACHED = "SELECT user_id FROM raw_deliveries WHERE run_id = :run_id"
_NOBODY = "SELECT user_id FROM assignments WHERE FALSE"

_RECORD = """
INSERT INTO deliveries (run_id, campaign_id, user_id, device_id, arm, message_id, outcome, reason, delivered_ts)
SELECT fresh.run_id, fresh.campaign_id, fresh.user_id, fresh.device_id, fresh.arm, fresh.message_id, fresh.outcome, fresh.reason,
  CAST(fresh.delivered_ts AS TIMESTAMP(6)) AS delivered_ts
FROM raw_deliveries AS fresh
WHERE fresh.run_id = :run_id
  AND NOT EXISTS (SELECT 1 FROM deliveries AS kept WHERE kept.run_id = :run_id AND kept.message_id = fresh.message_id)
"""

# One row a person, the best that any of their devices had. Somebody with no row at all was not reached.
_FATES = """
SELECT user_id,
  min_by(outcome, place) AS outcome,
  min_by(reason, ROW(place, reason)) AS reason,
  count(DISTINCT CASE WHEN outcome = 'sent' THEN message_id END) AS pushes
FROM (
  SELECT user_id, message_id, outcome, coalesce(reason, '') AS reason,
    CASE outcome WHEN 'sent' THEN 0 WHEN 'unknown' THEN 1 WHEN 'failed' THEN 2 ELSE 3 END AS place
  FROM deliveries WHERE run_id = :run_id
) AS delivered
GROUP BY user_id
"""

_COUNTS = """
SELECT assigned.arm, fates.outcome, fates.reason, count(*) AS people, sum(fates.pushes) AS pushes
FROM (SELECT DISTINCT user_id, arm FROM assignments WHERE run_id = :run_id) AS assigned
LEFT JOIN :fates AS fates ON fates.user_id = assigned.user_id
GROUP BY assigned.arm, fates.outcome, fates.reason
"""


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


def sizes(run: Run) -> exp.Expression:
    """One row: how many people the run's audience would have (`people`), of whom `control` are held back; and `held_out` besides, of all."""
    campaign = parse_campaign(run.campaign.document)
    values = {
        "control": sql.text(CONTROL),
        "held_out": sql.text(HELD_OUT),
        "arm": _arm_of(run, campaign, "bucketed"),
        "bucket": sql.bucket(exp.column("user_id", table="audience"), campaign.id),
        "audience": exp.Subquery(this=_audience_of(run)),
    }
    return sql.statement(_SIZES, values)


def audience_at(run: Run, moment: datetime) -> exp.Query:
    """Everybody whom the run's audience would have had at another moment, held out or not."""
    return audience(parse_campaign(run.campaign.document), moment, _segments_of(run))


def member_sql(run: Run, segment: str, user_id: str) -> exp.Select:
    """One row, the `segment`, if it had the person as of the run."""
    segments = _segments_of(run)
    people = exp.Subquery(this=_members(segment, run.as_of, segments)).as_("people")
    return exp.select(exp.alias_(sql.text(segment), "segment")).from_(people).where(exp.column("user_id").eq(sql.text(user_id)))


def audience_tables(run: Run) -> Sequence[str]:
    """The Iceberg tables that the run's audience is taken from. Raises what `statements` does."""
    return iceberg_tables(_audience_of(run))


def statements(run: Run, bucket: str, *, snapshots: Snapshots) -> Statements:
    """Compiled from the run and `snapshots` alone, so that the same run is always the same SQL. `bucket` is the lake's.

    The audience is read from each table at its snapshot: what comes late, or is learnt later of whose something was, changes nothing any more.
    Raises InvalidRuleError where the audience is too large to be passed on, and what parsing the recorded documents raises.
    """
    identity, campaign, people = sql.text(run.run_id), parse_campaign(run.campaign.document), _audience_of(run)
    read_at(people, snapshots)
    assign = sql.statement(
        _ASSIGN,
        {
            "run_id": identity,
            "campaign_id": sql.text(campaign.id),
            "arm": _arm_of(run, campaign, "person"),
            "planned": sql.timestamp(run.planned_at),
            "bucket": sql.bucket(exp.column("user_id", table="audience"), campaign.id),
            "audience": exp.Subquery(this=people),
        },
    )
    location = f"s3://{bucket}/{recipients_prefix(run.run_id)}{ATTEMPT}/"
    unload = sql.unload(_recipients(run), location, partitioned_by="shard")
    found = Statements(sql.printed(assign), unload, record_sql(run.run_id))
    check_size(found)
    return found


def foreseen_sql(run: Run) -> str:
    """Whom the run would send to, before it is planned: one row a person and device (`user_id`, `arm`, `device_id`, `fingerprint`, `skip_reason`), by
    person, and one for a person without any; whoever is held back or held out has one each. In the lake as it is."""
    campaign = parse_campaign(run.campaign.document)
    tree = sql.statement(
        _FORESEEN,
        {
            "control": sql.text(CONTROL),
            "held_out": sql.text(HELD_OUT),
            "already_reached": sql.text(ALREADY_REACHED),
            "arm": _arm_of(run, campaign, "bucketed"),
            "bucket": sql.bucket(exp.column("user_id", table="audience"), campaign.id),
            "audience": exp.Subquery(this=_audience_of(run)),
            "reached": exp.Subquery(this=_reached(run)),
            "devices": exp.Subquery(this=sql.statement(_DEVICES)),
        },
    )
    return sql.printed(tree)


def record_sql(run_id: str) -> str:
    """Takes what the journal of a run knows into `deliveries`, as far as it is not there."""
    return sql.printed(sql.statement(_RECORD, {"run_id": sql.text(run_id)}))


def fates(run_id: str) -> exp.Expression:
    """One row a person whom a run tried to reach: `outcome`, `reason` (empty where sent) and `pushes`, how many were sent."""
    return sql.statement(_FATES, {"run_id": sql.text(run_id)})


def counts_sql(run_id: str) -> str:
    """One row an arm (or HELD_OUT) and fate: `arm`, `outcome` and `reason` or NULL, `people`, `pushes`."""
    tree = sql.statement(_COUNTS, {"run_id": sql.text(run_id), "fates": exp.Subquery(this=fates(run_id))})
    return sql.printed(tree)


def _recipients(run: Run) -> exp.Expression:
    return sql.statement(
        _RECIPIENTS,
        {
            "run_id": sql.text(run.run_id),
            "control": sql.text(CONTROL),
            "held_out": sql.text(HELD_OUT),
            "already_reached": sql.text(ALREADY_REACHED),
            "bucket": sql.bucket(exp.column("user_id", table="person"), "shard"),
            "max_shards": exp.Literal.number(most_shards(policy_of(run, parse_campaign(run.campaign.document)))),
            "people_per_shard": exp.Literal.number(f"{PEOPLE_PER_SHARD}e0"),
            "reached": exp.Subquery(this=_reached(run)),
            "devices": exp.Subquery(this=sql.statement(_DEVICES)),
        },
    )


def _arm_of(run: Run, campaign: Campaign, people: str) -> exp.Expression:
    """Of the `people` with a campaign's `bucket` each: their arm, but for whom the global control group holds out, whatever arm would be theirs."""
    arm, group = arm_sql(campaign, exp.column("bucket", table=people)), run.global_control
    if group is None:
        return arm
    own = sql.bucket(exp.column("user_id", table=people), group.salt)
    return exp.Case().when(exp.LT(this=own, expression=exp.Literal.number(group.buckets)), sql.text(HELD_OUT)).else_(arm)


def _reached(run: Run) -> exp.Query:
    """Everybody whom one of the runs that this one goes on with reached, once; and whom it may have reached, where that is never to be repeated."""
    resend = parse_campaign(run.campaign.document).delivery.when_unsure == "resend"
    outcomes = exp.column("outcome").isin("sent", *([] if resend else ["unknown"]))
    found = [cast(exp.Select, sql.statement(_REACHED, {"run_id": sql.text(each)})).where(outcomes) for each in run.continues]
    first, *others = found or [cast(exp.Select, sql.statement(_NOBODY))]
    people: exp.Query = reduce(lambda one, other: exp.union(one, other, distinct=False, copy=False), others, cast(exp.Query, first))
    return exp.select("user_id").distinct().from_(exp.Subquery(this=people).as_("journal"))


def _audience_of(run: Run) -> exp.Query:
    return audience(parse_campaign(run.campaign.document), run.as_of, _segments_of(run))


def _segments_of(run: Run) -> Mapping[str, Segment]:
    segments = {segment_id: parse_segment(kept.document) for segment_id, kept in run.segments.items()}
    return segments_with_goals(segments, run.goals)


def _members(identity: str, as_of: datetime, segments: Mapping[str, Segment]) -> exp.Select:
    # In a FROM of its own, so that whatever the compiler gives (a WITH, a set operation) can be an operand.
    members = exp.Subquery(this=audience_sql(segments[identity].rule, as_of, segments)).as_("member", copy=False)
    return exp.select("user_id").from_(members, copy=False)
