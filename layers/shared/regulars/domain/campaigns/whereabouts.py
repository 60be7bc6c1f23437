"""Where somebody is in a run: what was recorded of them, and what each gate said by it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from sqlglot import exp

from regulars.domain.campaigns.arms import bounds
from regulars.domain.campaigns.audience import member_sql
from regulars.domain.campaigns.campaign import CONTROL, Campaign
from regulars.domain.campaigns.gates import Gate, GateName, Stop, in_order, stop_of
from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.campaigns.run import Run
from regulars.domain.delivery.global_control import HELD_OUT
from regulars.domain.lake import sql
from regulars.domain.lake.buckets import BUCKETS
from regulars.domain.lake.time_travel import read_at
from regulars.domain.lake.times import lake_moment
from regulars.domain.queries import ResultRow
from regulars.domain.reasons import NOT_REACHED
from regulars.domain.segments.phrases import span_phrase

_RECORDED = """
SELECT assigned.arm, assigned.bucket, delivered.device_id, delivered.outcome, delivered.reason, delivered.delivered_ts
FROM (SELECT DISTINCT arm, bucket FROM assignments WHERE run_id = :run_id AND user_id = :user_id) AS assigned
LEFT JOIN (
  SELECT user_id, device_id, outcome, reason, delivered_ts FROM deliveries WHERE run_id = :run_id AND user_id = :user_id
  UNION ALL
  SELECT user_id, device_id, outcome, reason, CAST(delivered_ts AS TIMESTAMP(6)) AS delivered_ts
  FROM raw_deliveries WHERE run_id = :run_id AND user_id = :user_id
) AS delivered ON delivered.user_id = :user_id
"""

_PLACES = ("sent", "unknown", "failed", "skipped")
"""From the best of what may become of a recipient to the least, as `audience.fates` has it."""


@dataclass(frozen=True)
class DeviceFate:
    """What became of the message to one device, as far as it is recorded; `device_id` is empty where it was to none."""

    device_id: str
    outcome: str
    reason: str
    at: datetime


@dataclass(frozen=True)
class Whereabouts:
    """`outcome` is that of the best device; `not_in_audience`, `held_out`, `control` and `pending` (nothing is recorded yet) are of people without
    any."""

    user_id: str
    run_id: str
    outcome: str
    reason: str
    gates: Sequence[Gate]
    devices: Sequence[DeviceFate]
    arm: str = ""
    """Empty of people whom the run has in none."""

    def explained(self, detail: str) -> "Whereabouts":
        """With more about the gate that was shut."""
        return replace(self, gates=[replace(gate, because=f"{gate.because} {detail}") if gate.passed is False else gate for gate in self.gates])


def recorded_sql(run_id: str, user_id: str) -> str:
    """What is recorded of them, or in the run's journal still: a row a device, none for whoever is not in the run."""
    return sql.printed(sql.statement(_RECORDED, {"run_id": sql.text(run_id), "user_id": sql.text(user_id)}))


def memberships_sql(run: Run, user_id: str) -> str:
    """Which of the campaign's segments had them, as of the run: rows of `segment`. Reads the run's own snapshots, which it must have."""
    campaign = parse_campaign(run.campaign.document)
    asked = [member_sql(run, segment, user_id) for segment in campaign.segments]
    found: exp.Query = asked[0]
    for each in asked[1:]:
        found = exp.union(found, each, distinct=False, copy=False)
    if run.plan:
        read_at(found, run.plan.snapshots)
    return sql.printed(cast(exp.Expression, found))


def whereabouts(
    run: Run, user_id: str, rows: Iterable[ResultRow], segments: frozenset[str] | None, *, is_known: bool, held: Stop | None = None
) -> Whereabouts:
    """`rows` are those of `recorded_sql`; `segments` those of `memberships_sql`, None where that cannot be asked any more. `is_known`: there is a
    profile of this id. `held` is what somebody waits for of whom nothing is recorded yet."""
    found = list(rows)
    if not found:
        return _absent(run, user_id, segments, is_known=is_known)
    campaign, devices = parse_campaign(run.campaign.document), _devices(found)
    arm, bucket = found[0]["arm"] or "", int(found[0]["bucket"] or 0)
    outcome, reason, stop = _end(run, user_id, campaign, arm, bucket, devices)
    if outcome == "pending" and held:
        stop = held
    return Whereabouts(
        user_id, run.run_id, outcome, reason, in_order(_passed(run, user_id, campaign, segments, arm, bucket, devices), stop), devices, arm
    )


def _absent(run: Run, user_id: str, segments: frozenset[str] | None, *, is_known: bool) -> Whereabouts:
    """Of somebody whom the run has in no arm."""
    if not (run.has_ended or run.manifest):
        early = Stop("audience", "the run has not taken its audience yet", None)
        return Whereabouts(user_id, run.run_id, "pending", "", in_order({}, early), ())
    because = _why_absent(parse_campaign(run.campaign.document), segments)
    nobody = "" if is_known else "; nothing is known of a person with this id, which is taken letter by letter"
    return Whereabouts(user_id, run.run_id, "not_in_audience", "", in_order({}, Stop("audience", because + nobody)), ())


def _why_absent(campaign: Campaign, segments: frozenset[str] | None) -> str:
    if segments is None:
        return "not in the audience as of the run; by which segment cannot be asked any more, three days after it"
    if excluded := [each for each in campaign.exclude if each in segments]:
        return f"excluded: in the segment {', '.join(excluded)} as of the run"
    return f"in none of the segments {', '.join(campaign.include)} as of the run"


def _end(run: Run, user_id: str, campaign: Campaign, arm: str, bucket: int, devices: Sequence[DeviceFate]) -> tuple[str, str, Stop | None]:
    """The outcome, the reason, and where it came to its end."""
    if arm == HELD_OUT:
        return "held_out", "", Stop("global_control", _held_out(run, user_id))
    if arm == CONTROL:
        return CONTROL, "", Stop("arm", f"held back: bucket {bucket:,} is of the control group, which {_range(campaign, arm)}")
    if devices:
        return devices[0].outcome, devices[0].reason, stop_of(devices[0].reason) if devices[0].reason else None
    if run.has_ended:
        return "skipped", NOT_REACHED, stop_of(NOT_REACHED)
    return "pending", "", Stop("turn", "the run goes on, and nothing is recorded of them yet", None)


def _passed(
    run: Run, user_id: str, campaign: Campaign, segments: frozenset[str] | None, arm: str, bucket: int, devices: Sequence[DeviceFate]
) -> Mapping[GateName, str]:
    """What it means of each gate that it was passed in this run."""
    by = f"by the segment {', '.join(each for each in campaign.include if each in segments)}" if segments is not None else "as it was recorded"
    promised, at = campaign.delivery, f" at {devices[0].at.isoformat(timespec='seconds')}" if devices else ""
    quiet, cap = promised.quiet_hours, promised.cap
    return {
        "audience": f"in the audience {by}",
        "global_control": _not_held_out(run, user_id),
        "arm": f"bucket {bucket:,} is of the arm {arm}, which {_range(campaign, arm)}",
        "reached_before": f"reached by none of the runs that this one goes on with ({', '.join(run.continues) or 'there are none'})",
        "turn": f"it was their turn{at}",
        "device": f"the device {devices[0].device_id} was theirs, and could be pushed to" if devices else "a device is theirs",
        "consent": f"nothing they said speaks against {promised.purpose or 'a push'}",
        "local_time": "their own clock had come to the hour" if run.local_time else "the run goes to everybody at once",
        "quiet_hours": f"not between {quiet.start:%H:%M} and {quiet.end:%H:%M} by their own clock" if quiet else "the campaign has none",
        "cap": f"fewer than {cap.count} in {span_phrase(cap.within)}" if cap else "the campaign has none",
        "rendered": "the message was made for them",
        "fcm": f"FCM accepted it{at}",
    }


def _held_out(run: Run, user_id: str) -> str:
    group = run.global_control
    return f"held out of all campaigns until {group.until}: {group.place_of(user_id)}" if group else "held out of all campaigns"


def _not_held_out(run: Run, user_id: str) -> str:
    group = run.global_control
    return f"not of the global control group: {group.place_of(user_id)}" if group else "nobody is held out of this message"


def _range(campaign: Campaign, arm: str) -> str:
    """Which buckets are the arm's."""
    first = 0
    for name, end in bounds(campaign):
        if name == arm:
            return f"has those from {first:,} to {end - 1:,} of {BUCKETS:,}"
        first = end
    return "had other buckets in the run's version"


def _devices(rows: Iterable[ResultRow]) -> Sequence[DeviceFate]:
    """The best outcome of each device, the best device first."""
    best: dict[str, DeviceFate] = {}
    found = [
        DeviceFate(row["device_id"] or "", row["outcome"] or "", row["reason"] or "", lake_moment(row["delivered_ts"] or ""))
        for row in rows
        if row["outcome"]
    ]
    for fate in sorted(found, key=_place):
        best.setdefault(fate.device_id, fate)
    return sorted(best.values(), key=_place)


def _place(fate: DeviceFate) -> tuple[int, str, str]:
    return _PLACES.index(fate.outcome), fate.reason, fate.device_id
