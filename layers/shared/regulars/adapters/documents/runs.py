"""A run's document: the definitions that it was launched with are in it."""

from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta

from regulars.adapters.documents import Document
from regulars.domain.campaigns.counts import Counts
from regulars.domain.campaigns.pause import Pause
from regulars.domain.campaigns.plan import Plan, Statements
from regulars.domain.campaigns.run import Run, RunError
from regulars.domain.definitions import Definition, DefinitionKind
from regulars.domain.delivery.global_control import GlobalControl
from regulars.domain.segments.rule import ConversionGoal

PROGRESS_OF_SHARDS = 4
"""The `layout` of a run whose progress and shards are as they are now. A run under way that has less was launched by a version that wrote elsewhere
whom it was sending to, or cut its shards otherwise: to go on with it could send twice."""

_SUPERSEDED = RunError("superseded", "launched by an earlier version of Regulars, and still under way when this one was deployed: launch it again")

_UNKNOWN_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)


def run_document(run: Run) -> Document:
    statements = run.plan.statements if run.plan else None
    return {
        "layout": PROGRESS_OF_SHARDS,
        "run_id": run.run_id,
        "campaign_id": run.campaign.id,
        "campaign": dict(run.campaign.document),
        "campaign_version": run.campaign.version,
        "campaign_saved": _saving(run.campaign),
        "segments": {name: {**each.document, "version": each.version} for name, each in run.segments.items()},
        "segments_saved": {name: _saving(each) for name, each in run.segments.items()},
        "goals": {name: _goal(goal) for name, goal in run.goals.items()},
        "as_of": run.as_of.isoformat(),
        "planned_at": run.planned_at.isoformat(),
        "launched_at": run.launched_at.isoformat(),
        "launched_by": run.launched_by,
        "concluded_at": run.concluded_at.isoformat() if run.concluded_at else None,
        "stopped_at": run.stopped_at.isoformat() if run.stopped_at else None,
        "stopped_by": run.stopped_by,
        "pause": {"at": run.pause.at.isoformat(), "by": run.pause.by} if run.pause else None,
        "continues": list(run.continues),
        "executions": run.executions,
        "resumed_at": run.resumed_at.isoformat() if run.resumed_at else None,
        "notes": run.notes,
        "local_time": run.local_time.isoformat() if run.local_time else None,
        "occurrence": run.occurrence.isoformat() if run.occurrence else None,
        "sends": run.sends,
        "intention": run.intention,
        "global_control": _group(run.global_control),
        "state": run.state,
        "counts": asdict(run.counts),
        "error": asdict(run.error) if run.error else None,
        "cost": dict(run.cost) if run.cost is not None else None,
        "manifest": run.manifest,
        "shards": run.shards,
        "statistics": {name: {"bytes_scanned": scanned} for name, scanned in run.bytes_scanned.items()},
        **({"snapshots": dict(run.plan.snapshots), "sql": asdict(statements)} if run.plan and statements else {}),
    }


def run_of(document: Document) -> Run:
    saved, segments_saved = document.get("campaign_saved", {}), document.get("segments_saved", {})
    state, error = document["state"], document.get("error")
    under_way = state in ("planned", "running") and document.get("layout", 1) < PROGRESS_OF_SHARDS
    return Run(
        run_id=document["run_id"],
        campaign=_recorded("campaign", document["campaign_id"], document["campaign"], document["campaign_version"], saved),
        segments={name: _segment(name, each, segments_saved.get(name, {})) for name, each in document["segments"].items()},
        as_of=datetime.fromisoformat(document["as_of"]),
        planned_at=datetime.fromisoformat(document["planned_at"]),
        launched_at=datetime.fromisoformat(document["launched_at"]),
        launched_by=document["launched_by"],
        state=state,
        counts=Counts(**document["counts"]),
        plan=_plan(document),
        manifest=document.get("manifest") or "",
        shards=document.get("shards"),
        bytes_scanned={name: query["bytes_scanned"] for name, query in document.get("statistics", {}).items()},
        cost=document.get("cost"),
        error=RunError(**error) if error else _SUPERSEDED if under_way else None,
        concluded_at=_moment(document.get("concluded_at")),
        stopped_at=_moment(document.get("stopped_at")),
        stopped_by=document.get("stopped_by", ""),
        pause=_pause(document.get("pause")),
        continues=tuple(document.get("continues", ())),
        executions=document.get("executions", 1),
        resumed_at=_moment(document.get("resumed_at")),
        notes=document.get("notes", False),
        local_time=_moment(document.get("local_time")),
        occurrence=_moment(document.get("occurrence")),
        sends=document.get("sends", True),
        intention=document.get("intention", ""),
        global_control=_group_of(document.get("global_control")),
        goals={name: _goal_of(goal) for name, goal in document.get("goals", {}).items()},
    )


def _pause(document: Document | None) -> Pause | None:
    return Pause(datetime.fromisoformat(document["at"]), document["by"]) if document else None


def _group(group: GlobalControl | None) -> Document | None:
    return {"buckets": group.buckets, "salt": group.salt, "until": group.until.isoformat()} if group else None


def _group_of(document: Document | None) -> GlobalControl | None:
    return GlobalControl(int(document["buckets"]), document["salt"], date.fromisoformat(document["until"])) if document else None


def _goal(goal: ConversionGoal | None) -> Document | None:
    return {"event": goal.event, "within_s": int(goal.within.total_seconds())} if goal else None


def _goal_of(document: Document | None) -> ConversionGoal | None:
    return ConversionGoal(document["event"], timedelta(seconds=int(document["within_s"]))) if document else None


def _plan(document: Document) -> Plan | None:
    """Runs of before kept one snapshot, that of `events`, and read all else as it was."""
    if not document.get("sql") or not {"snapshot", "snapshots"} & set(document):
        return None
    of_events = document.get("snapshot")
    return Plan(document.get("snapshots", {"events": of_events} if of_events else {}), Statements(**document["sql"]))


def _saving(definition: Definition) -> Document:
    return {"at": definition.saved_at.isoformat(), "by": definition.saved_by}


def _segment(name: str, kept: Document, saved: Document) -> Definition:
    document = {key: value for key, value in kept.items() if key != "version"}
    return _recorded("segment", name, document, kept["version"], saved)


def _recorded(kind: DefinitionKind, identity: str, document: Document, version: int, saved: Document) -> Definition:
    """A definition in a run. Runs of before did not keep when and by whom it was saved."""
    return Definition(kind, identity, version, document, _moment(saved.get("at")) or _UNKNOWN_MOMENT, saved.get("by", ""))


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
