"""What use cases answer: their classes are named here, and imported by pydantic when a route that answers one is first called or described.

A route's annotation would otherwise import every use case, and the SQL compiler with them, at each cold start (`make bench`, row `import admin`).
"""

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema


@dataclass(frozen=True)
class _Later:
    """Stands for a class (https://docs.pydantic.dev/latest/concepts/types/#customizing-validation-with-__get_pydantic_core_schema__)."""

    module: str
    name: str

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return handler(getattr(import_module(self.module), self.name))


if TYPE_CHECKING:
    from regulars.domain.analysis.answers import LakeShown, QueryExport, QueryLook, QueryRows
    from regulars.domain.analysis.bound import QueryPlan
    from regulars.domain.evaluations import Evaluation
    from regulars.domain.imports.job import Progress as ImportProgress
    from regulars.domain.imports.pinpoint_segments import Translated as TranslatedSegment
    from regulars.domain.measure.report import Report
    from regulars.domain.messages.checks import MessagesChecked
    from regulars.domain.messages.topics import TopicChanged
    from regulars.domain.operations import LogPage
    from regulars.domain.segments.vocabulary import Vocabulary
    from regulars.usecases.archive_campaign import ArchivedCampaign
    from regulars.usecases.archive_definition import Archived
    from regulars.usecases.assess_power import PowerLook
    from regulars.usecases.backtest_segment import BacktestLook
    from regulars.usecases.check_health import Health
    from regulars.usecases.check_quality import QualityLook
    from regulars.usecases.compare_versions import Difference, Versions
    from regulars.usecases.count_costs import Costs
    from regulars.usecases.draw_journey import JourneyDrawn
    from regulars.usecases.evaluate_segment import Members, SegmentSql
    from regulars.usecases.evaluation_record import EvaluationLook
    from regulars.usecases.explain_identities import IdentitiesLook
    from regulars.usecases.explain_journey import JourneyWhyLook
    from regulars.usecases.explain_outcome import WhyLook
    from regulars.usecases.explain_person import PersonExplained
    from regulars.usecases.explain_segment import Explanation, ExplanationLook
    from regulars.usecases.export_segment import ExportPage
    from regulars.usecases.find_people import PeopleFound
    from regulars.usecases.flush import FlushProgress
    from regulars.usecases.issue_key import IssuedKey
    from regulars.usecases.issue_secret import IssuedSecret
    from regulars.usecases.last_sizes import Sizes
    from regulars.usecases.launch_journey import JourneyChanged
    from regulars.usecases.list_dead_letters import DeadLetterQueues, LettersLook
    from regulars.usecases.list_import_errors import ImportErrors
    from regulars.usecases.list_journeys_of_person import JourneysOfPerson
    from regulars.usecases.list_sources import SourceSummary
    from regulars.usecases.look_back import HindsightLook
    from regulars.usecases.move_dead_letters import LettersMoved
    from regulars.usecases.preflight_journey import JourneyPreflight
    from regulars.usecases.put_campaign import SavedCampaign, Verdict
    from regulars.usecases.put_feed import FeedShown
    from regulars.usecases.put_journey import JourneyVerdict
    from regulars.usecases.put_segment import JudgedSegment, SavedSegment
    from regulars.usecases.record_consent import RecordedConsent
    from regulars.usecases.render_message import Rendered
    from regulars.usecases.render_report import RenderedReport
    from regulars.usecases.replay_quarantined import ReplayPage
    from regulars.usecases.report_journey import JourneyReportLook
    from regulars.usecases.report_run import ReportLook
    from regulars.usecases.save_definition import Saved
    from regulars.usecases.search_quarantine import QuarantinedEvents, Search
    from regulars.usecases.show_catalog import ShownCatalog
    from regulars.usecases.show_evaluations import Evaluations
    from regulars.usecases.show_journeys import JourneyLine, JourneyStatus
    from regulars.usecases.show_refresh import RefreshShown
    from regulars.usecases.start_journey import JourneyStarted
    from regulars.usecases.start_preflight import PreflightLook
    from regulars.usecases.suggest_names import Suggested
    from regulars.usecases.suggest_segments import Suggestions
    from regulars.usecases.view_lifecycle import LifecycleLook
    from regulars.usecases.view_overview import OverviewLook
    from regulars.usecases.view_person import ViewLook
else:
    Archived = Annotated[Any, _Later("regulars.usecases.archive_definition", "Archived")]
    ArchivedCampaign = Annotated[Any, _Later("regulars.usecases.archive_campaign", "ArchivedCampaign")]
    BacktestLook = Annotated[Any, _Later("regulars.usecases.backtest_segment", "BacktestLook")]
    Costs = Annotated[Any, _Later("regulars.usecases.count_costs", "Costs")]
    Difference = Annotated[Any, _Later("regulars.usecases.compare_versions", "Difference")]
    Versions = Annotated[Any, _Later("regulars.usecases.compare_versions", "Versions")]
    Evaluation = Annotated[Any, _Later("regulars.domain.evaluations", "Evaluation")]
    EvaluationLook = Annotated[Any, _Later("regulars.usecases.evaluation_record", "EvaluationLook")]
    ExportPage = Annotated[Any, _Later("regulars.usecases.export_segment", "ExportPage")]
    Evaluations = Annotated[Any, _Later("regulars.usecases.show_evaluations", "Evaluations")]
    Members = Annotated[Any, _Later("regulars.usecases.evaluate_segment", "Members")]
    SegmentSql = Annotated[Any, _Later("regulars.usecases.evaluate_segment", "SegmentSql")]
    Explanation = Annotated[Any, _Later("regulars.usecases.explain_segment", "Explanation")]
    ExplanationLook = Annotated[Any, _Later("regulars.usecases.explain_segment", "ExplanationLook")]
    FeedShown = Annotated[Any, _Later("regulars.usecases.put_feed", "FeedShown")]
    FlushProgress = Annotated[Any, _Later("regulars.usecases.flush", "FlushProgress")]
    HindsightLook = Annotated[Any, _Later("regulars.usecases.look_back", "HindsightLook")]
    IdentitiesLook = Annotated[Any, _Later("regulars.usecases.explain_identities", "IdentitiesLook")]
    ShownCatalog = Annotated[Any, _Later("regulars.usecases.show_catalog", "ShownCatalog")]
    Health = Annotated[Any, _Later("regulars.usecases.check_health", "Health")]
    DeadLetterQueues = Annotated[Any, _Later("regulars.usecases.list_dead_letters", "DeadLetterQueues")]
    LettersLook = Annotated[Any, _Later("regulars.usecases.list_dead_letters", "LettersLook")]
    LettersMoved = Annotated[Any, _Later("regulars.usecases.move_dead_letters", "LettersMoved")]
    ImportErrors = Annotated[Any, _Later("regulars.usecases.list_import_errors", "ImportErrors")]
    ImportProgress = Annotated[Any, _Later("regulars.domain.imports.job", "Progress")]
    IssuedKey = Annotated[Any, _Later("regulars.usecases.issue_key", "IssuedKey")]
    IssuedSecret = Annotated[Any, _Later("regulars.usecases.issue_secret", "IssuedSecret")]
    JourneyChanged = Annotated[Any, _Later("regulars.usecases.launch_journey", "JourneyChanged")]
    JourneyStarted = Annotated[Any, _Later("regulars.usecases.start_journey", "JourneyStarted")]
    JourneyDrawn = Annotated[Any, _Later("regulars.usecases.draw_journey", "JourneyDrawn")]
    JourneyLine = Annotated[Any, _Later("regulars.usecases.show_journeys", "JourneyLine")]
    JourneyReportLook = Annotated[Any, _Later("regulars.usecases.report_journey", "JourneyReportLook")]
    JourneyWhyLook = Annotated[Any, _Later("regulars.usecases.explain_journey", "JourneyWhyLook")]
    JourneyPreflight = Annotated[Any, _Later("regulars.usecases.preflight_journey", "JourneyPreflight")]
    JourneysOfPerson = Annotated[Any, _Later("regulars.usecases.list_journeys_of_person", "JourneysOfPerson")]
    JourneyStatus = Annotated[Any, _Later("regulars.usecases.show_journeys", "JourneyStatus")]
    JourneyVerdict = Annotated[Any, _Later("regulars.usecases.put_journey", "JourneyVerdict")]
    LakeShown = Annotated[Any, _Later("regulars.domain.analysis.answers", "LakeShown")]
    JudgedSegment = Annotated[Any, _Later("regulars.usecases.put_segment", "JudgedSegment")]
    LifecycleLook = Annotated[Any, _Later("regulars.usecases.view_lifecycle", "LifecycleLook")]
    LogPage = Annotated[Any, _Later("regulars.domain.operations", "LogPage")]
    MessagesChecked = Annotated[Any, _Later("regulars.domain.messages.checks", "MessagesChecked")]
    TopicChanged = Annotated[Any, _Later("regulars.domain.messages.topics", "TopicChanged")]
    OverviewLook = Annotated[Any, _Later("regulars.usecases.view_overview", "OverviewLook")]
    PersonExplained = Annotated[Any, _Later("regulars.usecases.explain_person", "PersonExplained")]
    PeopleFound = Annotated[Any, _Later("regulars.usecases.find_people", "PeopleFound")]
    PowerLook = Annotated[Any, _Later("regulars.usecases.assess_power", "PowerLook")]
    PreflightLook = Annotated[Any, _Later("regulars.usecases.start_preflight", "PreflightLook")]
    QualityLook = Annotated[Any, _Later("regulars.usecases.check_quality", "QualityLook")]
    QuarantinedEvents = Annotated[Any, _Later("regulars.usecases.search_quarantine", "QuarantinedEvents")]
    QueryExport = Annotated[Any, _Later("regulars.domain.analysis.answers", "QueryExport")]
    QueryLook = Annotated[Any, _Later("regulars.domain.analysis.answers", "QueryLook")]
    QueryPlan = Annotated[Any, _Later("regulars.domain.analysis.bound", "QueryPlan")]
    QueryRows = Annotated[Any, _Later("regulars.domain.analysis.answers", "QueryRows")]
    RecordedConsent = Annotated[Any, _Later("regulars.usecases.record_consent", "RecordedConsent")]
    ReplayPage = Annotated[Any, _Later("regulars.usecases.replay_quarantined", "ReplayPage")]
    Report = Annotated[Any, _Later("regulars.domain.measure.report", "Report")]
    ReportLook = Annotated[Any, _Later("regulars.usecases.report_run", "ReportLook")]
    Saved = Annotated[Any, _Later("regulars.usecases.save_definition", "Saved")]
    SavedCampaign = Annotated[Any, _Later("regulars.usecases.put_campaign", "SavedCampaign")]
    SavedSegment = Annotated[Any, _Later("regulars.usecases.put_segment", "SavedSegment")]
    Search = Annotated[Any, _Later("regulars.usecases.search_quarantine", "Search")]
    Sizes = Annotated[Any, _Later("regulars.usecases.last_sizes", "Sizes")]
    SourceSummary = Annotated[Any, _Later("regulars.usecases.list_sources", "SourceSummary")]
    RenderedReport = Annotated[Any, _Later("regulars.usecases.render_report", "RenderedReport")]
    Rendered = Annotated[Any, _Later("regulars.usecases.render_message", "Rendered")]
    RefreshShown = Annotated[Any, _Later("regulars.usecases.show_refresh", "RefreshShown")]
    Suggested = Annotated[Any, _Later("regulars.usecases.suggest_names", "Suggested")]
    Suggestions = Annotated[Any, _Later("regulars.usecases.suggest_segments", "Suggestions")]
    TranslatedSegment = Annotated[Any, _Later("regulars.domain.imports.pinpoint_segments", "Translated")]
    Verdict = Annotated[Any, _Later("regulars.usecases.put_campaign", "Verdict")]
    ViewLook = Annotated[Any, _Later("regulars.usecases.view_person", "ViewLook")]
    Vocabulary = Annotated[Any, _Later("regulars.domain.segments.vocabulary", "Vocabulary")]
    WhyLook = Annotated[Any, _Later("regulars.usecases.explain_outcome", "WhyLook")]

__all__ = [
    "Archived",
    "ArchivedCampaign",
    "BacktestLook",
    "Costs",
    "DeadLetterQueues",
    "Difference",
    "Evaluation",
    "EvaluationLook",
    "Evaluations",
    "Explanation",
    "ExplanationLook",
    "ExportPage",
    "FeedShown",
    "FlushProgress",
    "Health",
    "HindsightLook",
    "IdentitiesLook",
    "ImportErrors",
    "ImportProgress",
    "IssuedKey",
    "IssuedSecret",
    "JourneyChanged",
    "JourneyDrawn",
    "JourneyLine",
    "JourneyPreflight",
    "JourneyReportLook",
    "JourneyStarted",
    "JourneyStatus",
    "JourneyVerdict",
    "JourneyWhyLook",
    "JourneysOfPerson",
    "JudgedSegment",
    "LakeShown",
    "LettersLook",
    "LettersMoved",
    "LifecycleLook",
    "LogPage",
    "Members",
    "MessagesChecked",
    "OverviewLook",
    "PeopleFound",
    "PersonExplained",
    "PowerLook",
    "PreflightLook",
    "QualityLook",
    "QuarantinedEvents",
    "QueryExport",
    "QueryLook",
    "QueryPlan",
    "QueryRows",
    "RecordedConsent",
    "RefreshShown",
    "Rendered",
    "RenderedReport",
    "ReplayPage",
    "Report",
    "ReportLook",
    "Saved",
    "SavedCampaign",
    "SavedSegment",
    "Search",
    "SegmentSql",
    "ShownCatalog",
    "Sizes",
    "SourceSummary",
    "Suggested",
    "Suggestions",
    "TopicChanged",
    "TranslatedSegment",
    "Verdict",
    "Versions",
    "ViewLook",
    "Vocabulary",
    "WhyLook",
]
