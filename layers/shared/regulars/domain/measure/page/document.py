"""The whole page."""

import hashlib
from base64 import b64encode
from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element

from regulars.domain.campaigns.campaign import Campaign
from regulars.domain.campaigns.run import Run
from regulars.domain.journeys.journey import Journey
from regulars.domain.markup import Markup, element, unwritten, written
from regulars.domain.measure.journey_report import JourneyReport
from regulars.domain.measure.page.arms import arms_card, comparisons_cards
from regulars.domain.measure.page.details import details_card, notes_cards
from regulars.domain.measure.page.effects import effect_cards
from regulars.domain.measure.page.guardrails import guardrail_cards
from regulars.domain.measure.page.methods import methods_card
from regulars.domain.measure.page.money import money_card
from regulars.domain.measure.page.reach import reach_card
from regulars.domain.measure.page.steps import steps_card
from regulars.domain.measure.page.style import STYLE
from regulars.domain.measure.page.subject import Subject, subject_of_journey, subject_of_run
from regulars.domain.measure.page.verdict import tags, top, verdict
from regulars.domain.measure.report import Report

_DOCTYPE = "<!doctype html>\n"


def report_page(report: Report, run: Run, campaign: Campaign) -> str:
    """HTML that needs nothing from anywhere: no script, no picture, no font, and a policy that lets a browser refuse whatever else."""
    return page_of(report, subject_of_run(run, campaign))


def journey_page(found: JourneyReport, journey: Journey) -> str:
    """The same of a journey, with what became of people at each step."""
    return page_of(found.effect, subject_of_journey(journey, found.since), [steps_card(found.steps)])


def page_of(report: Report, subject: Subject, more: Sequence[Element] = ()) -> str:
    page = element(
        "html",
        _head(subject),
        element("body", element("main", top(report, subject), element("div", *_cards(report, subject, more), class_="stack"))),
        lang="en",
    )
    return f"{_DOCTYPE}{written(page)}\n"


def report_sections(report: Report, run: Run, campaign: Campaign) -> Sequence[Markup]:
    """What the page says below its heading, for a page of somebody else's: what it is a report of in a word, then card by card."""
    subject = subject_of_run(run, campaign)
    return [unwritten(section) for section in (element("p", *tags(report, subject), class_="row"), *_cards(report, subject))]


def _head(subject: Subject) -> Element:
    style = element("style")
    style.text = STYLE
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_policy()),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", f"What {subject.title} changed · Regulars"),
        style,
    )


def _policy() -> str:
    """Only this very style sheet (https://www.w3.org/TR/CSP3/#grammardef-hash-source)."""
    hashed = b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{hashed}'; base-uri 'none'; form-action 'none'"


def _cards(report: Report, subject: Subject, more: Sequence[Element] = ()) -> Iterator[Element]:
    yield verdict(report)
    yield from effect_cards(report, subject)
    yield from comparisons_cards(report)
    yield money_card(report, sends=subject.sends)
    yield from guardrail_cards(report)
    yield arms_card(report)
    yield reach_card(report)
    yield from more
    yield from notes_cards(report)
    yield methods_card(report)
    yield details_card(report, subject)
