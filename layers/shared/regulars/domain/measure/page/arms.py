"""People by arm, and treated arms against each other."""

from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element

from regulars.domain.campaigns.campaign import CONTROL
from regulars.domain.charts import Unit
from regulars.domain.charts.scale import BARE
from regulars.domain.markup import element
from regulars.domain.measure.figures import ArmFigures, ComparisonFigures, Metric
from regulars.domain.measure.page import words
from regulars.domain.measure.page.effects import scale_of
from regulars.domain.measure.page.facts import effect_on, headline
from regulars.domain.measure.page.parts import Content, card, name, paragraph, table, tag
from regulars.domain.measure.report import Report

_VERDICTS = {"more": "more", "less": "less", "unclear": "cannot be told apart", None: "nothing can be said"}
_TOO_EARLY = "too early to say"


def arms_card(report: Report) -> Element:
    valued = any(arm.value_a_head is not None for arm in report.arms)
    titles = ["Arm", "People"]
    titles += ["Reached the goal", "Rate", "Because of it"] if report.window else []
    titles += ["Value", "Value a head", "Earned by it"] if valued else []
    rows = [_row(report, arm, valued=valued) for arm in report.arms]
    return card("Everybody, by arm", table("People and what they did, by arm", titles, rows), *_reported(report))


def _row(report: Report, arm: ArmFigures, *, valued: bool) -> Sequence[Content]:
    return [name(arm.arm), f"{arm.people:,}", *(_conversions(arm, report) if report.window else ()), *(_value(arm, report) if valued else ())]


def _conversions(arm: ArmFigures, report: Report) -> Iterator[Content]:
    yield from (f"{arm.converted:,}", words.percent(arm.rate))
    yield _caused(report, arm, "conversion", arm.caused, BARE)


def _value(arm: ArmFigures, report: Report) -> Iterator[Content]:
    unit = words.money_unit(report.currency)
    if arm.value_a_head is None:
        yield from (words.NOT_KNOWN, words.NOT_KNOWN)
    else:
        yield unit.plain(arm.value, min(words.digits(arm.value), 2))
        yield unit.plain(arm.value_a_head, words.digits(arm.value_a_head))
    yield _caused(report, arm, "value", arm.caused_value, unit)


def _caused(report: Report, arm: ArmFigures, metric: Metric, caused: float | None, unit: Unit) -> str:
    """Where the verdict is unclear the bounds alone, as in the sentence: a single number would be quoted without them."""
    if arm.arm == CONTROL:
        return ""
    effect = effect_on(report, arm, metric)
    if caused is None or effect is None:
        return words.NOT_KNOWN
    most = 0 if metric == "conversion" else 2
    if effect.verdict != "unclear":
        return unit.signed(caused, min(words.digits(caused), most))
    read = headline(effect)
    return words.signed_range(unit, read.low * arm.people, read.high * arm.people, most=most) if read else _TOO_EARLY


def _reported(report: Report) -> Iterator[Element]:
    """What the app told of the message. It explains an effect and never stands for one: whom a push reaches is no accident."""
    treated = [arm for arm in report.arms if arm.arm != CONTROL]
    if any(arm.sent for arm in treated):
        steps = ("sent", "received", "opened", *(("direct",) if report.window else ()))
        titles = ["Arm", "Sent", "Received", "Opened", "Reached the goal after a tap"][: len(steps) + 1]
        rows: list[Sequence[Content]] = [[name(arm.arm), *(f"{getattr(arm, step):,}" for step in steps)] for arm in treated]
        yield table("What the app told of the message, by arm", titles, rows)
        yield paragraph("Who opens a message would often have come without it: these figures are no effect.", classes="sm soft")


def comparisons_cards(report: Report) -> Iterator[Element]:
    """Where there are several variants: which is best, if one is."""
    if report.comparisons:
        yield card("Variants against each other", *_winner(report), *_compared(report))


def _winner(report: Report) -> Iterator[Element]:
    because = report.winner.because
    if report.winner.variant is None:
        yield element("p", tag("no winner"), f" {words.opened(because)}.")
    else:
        yield element("p", tag("winner", "ok"), " ", element("b", name(report.winner.variant)), f": {because}.")


def _compared(report: Report) -> Iterator[Element]:
    if any(each.difference is not None for each in report.comparisons):
        titles = ["Variant", "Against", "Metric", "Verdict", "Difference", "95 % interval", "p, corrected"]
        yield table("Each variant minus each other one", titles, [_comparison(report, each) for each in report.comparisons], words=4)


def _comparison(report: Report, compared: ComparisonFigures) -> Sequence[Content]:
    unit, times = scale_of(report, compared.metric)
    metric = "goal, of 100 people" if compared.metric == "conversion" else "value a head"
    found: list[Content] = [name(compared.variant), name(compared.against), metric, _VERDICTS[compared.verdict]]
    if compared.difference is None or compared.low is None or compared.high is None:
        return [*found, words.NOT_KNOWN, compared.note or "", ""]
    low, high = compared.low * times, compared.high * times
    corrected = "" if compared.p_adjusted is None else words.p_value(compared.p_adjusted)
    return [*found, unit.signed(compared.difference * times, words.digits(low, high)), words.signed_range(unit, low, high), corrected]
