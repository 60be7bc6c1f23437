"""What should not have happened more often because of the message: of it, more is bad."""

from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element

from regulars.domain.campaigns.campaign import Guardrail
from regulars.domain.charts import EffectPicture, dots, interval, sides
from regulars.domain.charts.scale import BARE
from regulars.domain.markup import element
from regulars.domain.measure.figures import GuardrailFigures, Verdict
from regulars.domain.measure.page import words
from regulars.domain.measure.page.parts import Content, card, name, paragraph, tag
from regulars.domain.measure.report import Report

_DONE: dict[Guardrail, str] = {"unsubscribed": "said no to messages", "uninstalled": "took the app off", "complained": "complained"}
_TAGS: dict[Verdict | None, tuple[str, str]] = {
    "more": ("more: it did harm", "bad"),
    "less": ("fewer", "ok"),
    "unclear": ("cannot be told from chance", ""),
    None: ("nothing can be said", "warn"),
}


def guardrail_cards(report: Report) -> Iterator[Element]:
    if report.guardrails:
        several = len({each.variant for each in report.guardrails}) > 1
        cells = [_guardrail(each, several=several) for each in report.guardrails]
        yield card("What it must not do", paragraph("Extra people of every 100. More is worse here."), element("div", *cells, class_="effects"))


def _guardrail(found: GuardrailFigures, *, several: bool) -> Element:
    said, mood = _TAGS[found.verdict]
    who: list[Content] = [_DONE[found.guardrail].capitalize(), *((" · ", name(found.variant)) if several else ())]
    head = element("div", element("h3", *who), tag(said, mood), class_="between")
    counts = f"{found.people:,} of those for whom it was, {found.control:,} of those held back."
    return element("article", head, *_drawn(found, counts))


def _drawn(found: GuardrailFigures, counts: str) -> Sequence[Element]:
    if not found.people + found.control:
        return [paragraph("Nobody, of those for whom it was or of those held back.", classes="sm soft")]
    if found.difference is None or found.low is None or found.high is None:
        note = f" {words.opened(found.note)}." if found.note else ""
        return [paragraph(f"{counts}{note}", classes="sm soft")]
    difference, low, high = (100 * figure for figure in (found.difference, found.low, found.high))
    told = f"{BARE.signed(difference, words.digits(low, high))} of 100 people, {words.interval(BARE, low, high)}"
    title, values = f"Extra people who {_DONE[found.guardrail]}, of every 100", tuple(100 * value for value in found.quantiles)
    drawn = EffectPicture(title, f"{told}. {_counted(found)}".strip(), difference, low, high, values, more_is="bad")
    note = f" {words.opened(found.note)}." if found.note else ""
    caption = " ".join(part for part in (_counted(found), f"{told}. {counts}{note}") if part)
    return [element("figure", dots(drawn) if values else interval(drawn), element("figcaption", caption, class_="sm soft num"))]


def _counted(found: GuardrailFigures) -> str:
    """Of the dots, how many are bad news."""
    return f"{sides(found.quantiles).above} of {len(found.quantiles)} dots mean more." if found.quantiles else ""
