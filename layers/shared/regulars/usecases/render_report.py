"""A report as a page, once it is there."""

from collections.abc import Sequence
from dataclasses import dataclass

from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.documents import JsonObject
from regulars.domain.journeys.parse import parse_journey
from regulars.domain.journeys.registry import Standing
from regulars.domain.markup import Markup
from regulars.domain.measure.page import journey_page, report_page, report_sections
from regulars.domain.queries import QueryState
from regulars.ports import JourneyStore, ObjectStore, QueryEngine, RunStore
from regulars.usecases.report_journey import look_at_journey_report
from regulars.usecases.report_run import ReportLook, look_at_report, newest_look


@dataclass(frozen=True)
class RenderedReport:
    """`html` is there once `state` is succeeded: a file that needs no other. `sections` say the same element by element, for a page that takes no
    HTML. `reason` says why it failed."""

    ticket: str
    state: QueryState
    reason: str | None = None
    html: str | None = None
    sections: Sequence[Markup] = ()


def render_report(ticket: str, *, runs: RunStore, queries: QueryEngine, lake: ObjectStore) -> RenderedReport:
    """Raises InvalidRequestError for a ticket that is not a report's, NotFoundError, StoreUnavailableError."""
    return _rendered(look_at_report(ticket, runs=runs, queries=queries, lake=lake), runs)


def render_newest_report(run_id: str, *, runs: RunStore, lake: ObjectStore) -> RenderedReport:
    """Of what was counted last, without asking Athena. Raises NotFoundError where nothing was yet, StoreUnavailableError."""
    return _rendered(newest_look(run_id, runs=runs, lake=lake), runs)


def render_journey_report(
    ticket: str, document: JsonObject, standing: Standing, *, queries: QueryEngine, lake: ObjectStore, journeys: JourneyStore
) -> RenderedReport:
    """As `look_at_journey_report`, which says what it raises."""
    look = look_at_journey_report(ticket, document, standing, queries=queries, lake=lake, journeys=journeys)
    if look.report is None:
        return RenderedReport(look.ticket, look.state, look.reason)
    return RenderedReport(look.ticket, look.state, html=journey_page(look.report, parse_journey(document)))


def _rendered(look: ReportLook, runs: RunStore) -> RenderedReport:
    if look.report is None:
        return RenderedReport(look.ticket, look.state, look.reason)
    run = runs.get(look.report.run_id).value
    campaign = parse_campaign(run.campaign.document)
    html, sections = report_page(look.report, run, campaign), report_sections(look.report, run, campaign)
    return RenderedReport(look.ticket, look.state, html=html, sections=sections)
