"""Everybody's message, made and thrown away: what a launch would do, said before it is done. Nothing is sent, claimed or assigned."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from regulars.domain.campaigns.audience import foreseen_sql
from regulars.domain.campaigns.campaign import CONTROL, Campaign
from regulars.domain.campaigns.cost import expected_cost
from regulars.domain.campaigns.duration import expected_seconds
from regulars.domain.campaigns.foresight import Complaint, Fate, Preflight, Problem, Tally, objections
from regulars.domain.campaigns.foresight_document import failed_document, preflight_document
from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.campaigns.relaunch import continued
from regulars.domain.campaigns.run import Run
from regulars.domain.campaigns.source import ShardSource
from regulars.domain.campaigns.templates import message_path
from regulars.domain.delivery.decision import Ready, Skip, decide
from regulars.domain.delivery.outcomes import message_id
from regulars.domain.delivery.rate import ProjectLimit
from regulars.domain.delivery.recipients import Address, Recipient, windows
from regulars.domain.errors import RegularsError
from regulars.domain.messages.reading import traits_read
from regulars.domain.messages.rendering import Unsendable
from regulars.domain.reasons import NOT_SENT_REASONS
from regulars.ports import Clock, DefinitionStore, DeviceStore, ObjectStore, ProfileStore, QueryEngine, RunStore
from regulars.usecases.launch_campaign import launchable, runs_of
from regulars.usecases.result_page import result_lines
from regulars.usecases.whole_profiles import whole_profiles

PREFLIGHT_RUN: Final = "preflight"
"""The `run_id` that a message says which is not sent. No run is called so."""


def preflight_key(preflight_id: str) -> str:
    """Where the result is written, in the lake's bucket."""
    return f"preflights/{preflight_id}.json"


def preflight(
    preflight_id: str,
    campaign_id: str,
    *,
    as_of: datetime | None,
    deadline: datetime,
    limit: ProjectLimit,
    definitions: DefinitionStore,
    runs: RunStore,
    queries: QueryEngine,
    profiles: ProfileStore,
    devices: DeviceStore,
    lake: ObjectStore,
    clock: Clock,
) -> Preflight:
    """Of the campaign's newest version, as of now or of a past moment; written to `preflight_key`, or why there is none. Who comes after `deadline`
    is not looked at, and a problem says so. Raises what `launch_campaign` does but for a run under way, QueryFailedError, StoreUnavailableError."""
    try:
        now = clock.now()
        run = _foreseen_run(launchable(campaign_id, as_of=as_of or now, definitions=definitions, now=now), runs)
        query = queries.run(foreseen_sql(run))
        people = _recipients(query.result, lake)
        tally, complete = _tallied(run, people, profiles=profiles, devices=devices, clock=clock, deadline=deadline)
        found = _told(run, tally, limit, scanned=query.bytes_scanned, complete=complete, last_audience=_last_audience(campaign_id, runs))
        lake.put(preflight_key(preflight_id), preflight_document(found))
        return found
    except RegularsError as error:
        lake.put(preflight_key(preflight_id), failed_document(error))
        raise


def _foreseen_run(run: Run, runs: RunStore) -> Run:
    """It would go on with the same runs as a launch; a run under way is the launch's matter."""
    ended = (each for each in runs_of(run.campaign.id, runs) if not each.goes_on)
    return replace(run, run_id=PREFLIGHT_RUN, continues=continued(ended, run.launched_at) if run.as_of == run.launched_at else ())


def _last_audience(campaign_id: str, runs: RunStore) -> int:
    """Of the last run that had anybody in it."""
    return next((run.counts.audience for run in runs_of(campaign_id, runs) if run.sends and run.counts.audience), 0)


def _recipients(result: str, lake: ObjectStore) -> Iterator[Recipient]:
    """Rows of `foreseen_sql`, where Athena wrote them."""
    for user_id, arm, device_id, fingerprint, skip_reason in result_lines(result.removeprefix("s3://").partition("/")[2], lake=lake):
        address = Address("push", device_id, fingerprint or "") if device_id else None
        yield Recipient(user_id or "", arm or "", address, skip_reason or "")


def _tallied(
    run: Run, people: Iterable[Recipient], *, profiles: ProfileStore, devices: DeviceStore, clock: Clock, deadline: datetime
) -> tuple[Tally, bool]:
    """Everybody counted, and whether that was everybody."""
    tally, complete = Tally(), True
    looks = _Looks(run, profiles, devices, clock)

    def fates() -> Iterator[Fate]:
        nonlocal complete
        for _, window in windows(people):
            if clock.now() >= deadline:
                complete = False
                return
            yield from looks.fates(window)

    tally.add(fates())
    return tally, complete


class _Looks:
    """What is known of people at this moment, and what a run would therefore do."""

    def __init__(self, run: Run, profiles: ProfileStore, devices: DeviceStore, clock: Clock) -> None:
        campaign = parse_campaign(run.campaign.document)
        self._source = ShardSource(run, campaign, ())
        self._profiles, self._devices, self._clock, self._run_id = profiles, devices, clock, run.run_id
        self._paths = {variant.id: message_path(campaign, variant.id) for variant in campaign.variants}
        self._reads = _reads(campaign)

    def fates(self, people: Sequence[Recipient]) -> Iterator[Fate]:
        treated = [person for person in people if person.arm != CONTROL]
        known = whole_profiles(sorted({person.user_id for person in treated}), profiles=self._profiles)
        owned = self._devices.get_many(sorted({person.device_id for person in treated if person.device_id}))
        now = self._clock.now()
        for person in people:
            if person.arm == CONTROL:
                yield Fate(person)
                continue
            device = owned.get(person.device_id)
            match decide(person, known.get(person.user_id), device.value if device else None):
                case Skip(_, reason):
                    yield Fate(person, reason=reason)
                case Ready() as ready:
                    yield self._rendered(ready, now)

    def _rendered(self, ready: Ready, now: datetime) -> Fate:
        person = ready.recipient
        lacks = [complaint for names, complaint in self._reads[person.arm] if not _has(ready.traits, names)]
        made = self._source.message(ready, message_id(self._run_id, person.user_id, person.device_id), now)
        if isinstance(made, Unsendable):
            wrong = Complaint("error", made.field or self._paths[person.arm], made.because or NOT_SENT_REASONS[made.reason])
            return Fate(person, reason=made.reason, tried=True, complaints=(wrong, *lacks))
        return Fate(person, made, complaints=lacks)


def _reads(campaign: Campaign) -> Mapping[str, Sequence[tuple[Sequence[str], Complaint]]]:
    """By variant: each trait that its message reads, and what is to be said of people who lack it."""
    found: dict[str, list[tuple[Sequence[str], Complaint]]] = {}
    for variant in campaign.variants:
        path = message_path(campaign, variant.id)
        found[variant.id] = [
            (names, Complaint("warning", field, f"they lack the trait {'.'.join(names)}, which this text reads: it shows {shows}"))
            for field, names, shows in traits_read(variant.push.document(), path)
        ]
    return found


def _has(traits: Mapping[str, object], names: Sequence[str]) -> bool:
    """Null is as good as absent."""
    value: object = traits
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value is not None


def _told(run: Run, tally: Tally, limit: ProjectLimit, *, scanned: int, complete: bool, last_audience: int) -> Preflight:
    cut_off = [] if complete else [Problem("warning", "audience", f"only the first {tally.audience:,} people could be looked at in time", 0)]
    problems = [*tally.problems, *cut_off]
    campaign = parse_campaign(run.campaign.document)
    return Preflight(
        campaign_id=run.campaign.id,
        version=run.campaign.version,
        as_of=run.as_of,
        audience=tally.audience,
        control=tally.control,
        eligible=tally.eligible,
        messages=tally.messages,
        reasons=dict(tally.reasons.most_common()),
        problems=problems,
        duration_s=round(expected_seconds(tally.messages, campaign.delivery.per_second, limit), 3),
        cost_usd=expected_cost(scanned, treated=tally.audience - tally.control, pushes=tally.messages)["total"],
        examples=tally.examples,
        objections=objections(tally, problems, last_audience),
    )
