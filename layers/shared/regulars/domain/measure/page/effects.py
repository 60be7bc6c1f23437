"""What each variant changed, metric by metric: the twenty dots, the interval, and every estimate of it."""

from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element

from regulars.domain.charts import EffectPicture, Unit, dots, interval, sides
from regulars.domain.charts.scale import BARE
from regulars.domain.markup import element
from regulars.domain.measure.figures import EffectFigures, Metric, Verdict
from regulars.domain.measure.page import words
from regulars.domain.measure.page.facts import Headline, headline
from regulars.domain.measure.page.parts import Content, card, facts, name, paragraph, tag
from regulars.domain.measure.page.subject import Subject
from regulars.domain.measure.report import Report

METRICS: tuple[Metric, ...] = ("conversion", "value")

TAGS: dict[Verdict | None, tuple[str, str]] = {
    "more": ("more", "ok"),
    "less": ("less", "bad"),
    "unclear": ("cannot be told from chance", ""),
    None: ("nothing can be said", "warn"),
}
_METHODS = {"newcombe": "Newcombe", "welch": "Welch", "permutation": "permutation"}
_READ_EARLY = "The bar and the band are the interval that holds however often one looks; the dots are of this look alone."
_TOO_EARLY = "it is too early to say how surely"


def effect_cards(report: Report, subject: Subject) -> Iterator[Element]:
    for metric in METRICS:
        found = [effect for effect in report.effect if effect.metric == metric]
        if found:
            yield _card(report, subject, metric, found)


def _card(report: Report, subject: Subject, metric: Metric, effects: Sequence[EffectFigures]) -> Element:
    unit, times = scale_of(report, metric)
    pictures = {effect.variant: _picture(effect, subject.measured(metric), unit, times) for effect in effects}
    reach = [picture.reach for picture in pictures.values() if picture]
    span = (min(low for low, _ in reach), max(high for _, high in reach)) if reach else None
    several = len(effects) > 1
    each = [_effect(report, effect, pictures[effect.variant], span, unit, times, several=several) for effect in effects]
    left = _detectable(report, metric, unit, times) if span else ()
    return card(subject.measured(metric), *subject.of_metric(metric), element("div", *each, class_="effects"), *left)


def scale_of(report: Report, metric: Metric) -> tuple[Unit, float]:
    """Conversion is shown per hundred people, value in its currency, a head."""
    return (BARE, 100.0) if metric == "conversion" else (words.money_unit(report.currency), 1.0)


def _picture(effect: EffectFigures, title: str, unit: Unit, times: float) -> EffectPicture | None:
    read = headline(effect)
    if read is None:
        return None
    shown = read.times(times)
    values = tuple(value * times for value in effect.quantiles)
    told = f"Estimate {unit.signed(shown.difference, words.digits(shown.low, shown.high))}, {words.interval(unit, shown.low, shown.high)}."
    return EffectPicture(title, f"{told} {counted(values)}".strip(), shown.difference, shown.low, shown.high, values, "good", unit)


def counted(values: Sequence[float]) -> str:
    """The dots in words; nothing where there are none."""
    if not values:
        return ""
    found = sides(values)
    for count, where in ((found.above, "above"), (found.below, "below"), (found.at, "exactly at")):
        if count == len(values):
            return f"All {count} lie {where} no effect."
    told = [f"{count} {where}" for count, where in ((found.above, "above"), (found.below, "below"), (found.at, "exactly at")) if count]
    return f"Of {len(values)}, {' and '.join(told)} no effect."


def _effect(
    report: Report, effect: EffectFigures, drawn: EffectPicture | None, span: tuple[float, float] | None, unit: Unit, times: float, *, several: bool
) -> Element:
    said, mood = TAGS[effect.verdict] if effect.verdict != "unclear" or effect.judged_by else ("too early to say", "")
    who: list[Content] = [name(effect.variant)] if several else ["Against the control group"]
    head = element("div", element("h3", *who), tag(said, mood), class_="between")
    body = element("div", head, *_drawn(effect, drawn, span))
    estimates = [] if effect.difference is None else [facts(_estimates(report, effect, unit, times))]
    return element("article", body, *estimates, class_="effect")


def _drawn(effect: EffectFigures, drawn: EffectPicture | None, span: tuple[float, float] | None) -> Iterator[Element]:
    if drawn is None:
        yield paragraph(f"{words.opened(effect.note or _TOO_EARLY)}.")
        return
    whole = EffectPicture(drawn.title, drawn.words, drawn.estimate, drawn.low, drawn.high, drawn.values, drawn.more_is, drawn.unit, span)
    told = f"Each dot is one of twenty equally likely values of the true effect. {counted(drawn.values)}" if drawn.values else ""
    caption = " ".join(part for part in (told, _READ_EARLY if effect.judged_by == "anytime" and drawn.values else "") if part)
    yield element("figure", dots(whole) if drawn.values else interval(whole), element("figcaption", caption, class_="sm soft"))


def _estimates(report: Report, effect: EffectFigures, unit: Unit, times: float) -> Iterator[tuple[str, Sequence[Content]]]:
    if effect.difference is not None and effect.low is not None and effect.high is not None:
        plain = Headline(effect.difference, effect.low, effect.high)
        yield f"Difference ({_METHODS[effect.method]})", [_told(plain, unit, times)]
    if effect.relative is not None and effect.relative_low is not None and effect.relative_high is not None:
        range_ = f"{words.signed_percent(effect.relative_low)} to {words.signed_percent(effect.relative_high)}"
        yield "Against the control group", [element("b", words.signed_percent(effect.relative)), f" (95\N{NO-BREAK SPACE}% interval {range_})"]
    if (past := effect.adjusted) is not None:
        told = _told(Headline(past.difference, past.low, past.high), unit, times)
        yield "With the past taken out (CUPED)", [told, f"; explains {100 * past.explained:.0f} % of the variance"]
    if effect.anytime is not None:
        yield "However often one looks", [words.signed_range(unit, effect.anytime.low * times, effect.anytime.high * times)]
    if effect.p is not None:
        several = effect.p_adjusted is not None and sum(one.metric == effect.metric for one in report.effect) > 1
        corrected = f", corrected for all variants {words.p_value(effect.p_adjusted or 0)}" if several else ""
        yield "Chance alone", [f"{words.p_value(effect.p)}{corrected}"]
    if effect.note and effect.difference is not None:
        yield "Note", [effect.note]


def _told(read: Headline, unit: Unit, times: float) -> Element:
    shown = read.times(times)
    estimate = unit.signed(shown.difference, words.digits(shown.low, shown.high))
    return element("span", element("b", estimate), f" ({words.interval(unit, shown.low, shown.high)})")


def _detectable(report: Report, metric: Metric, unit: Unit, times: float) -> Iterator[Element]:
    least = report.detectable.conversion if metric == "conversion" else report.detectable.value
    if least is not None:
        told = f"{unit.plain(least * times, words.digits(least * times))}{' of 100' if metric == 'conversion' else ''}"
        yield paragraph(f"Groups of this size show a difference of {told} four times in five, and a smaller one less often.", classes="sm soft")
