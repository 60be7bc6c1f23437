"""How the figures come about: only what this report uses, each with its source."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from regulars.domain.markup import element
from regulars.domain.measure.effect import PAST_MATTERS
from regulars.domain.measure.page.facts import is_open
from regulars.domain.measure.page.parts import card
from regulars.domain.measure.report import Report

_WHO = (
    "Who is compared",
    "People are drawn into the arms by lot, always the same people in a campaign, and stay where they were drawn whether or not a push reached them "
    "(intention to treat). The same clock runs for all of them. So the message is the only thing that differs.",
)
_METHODS = {
    "newcombe": (
        "Shares of people",
        "The difference of two shares by Newcombe's hybrid score interval (R. G. Newcombe, Statistics in Medicine 17, 1998, 873-890, method 10).",
    ),
    "welch": (
        "Value a head",
        "The difference of two means without equal variances (B. L. Welch, Biometrika 34, 1947, 28-35). Dividing these people anew, thousands of "
        "times, showed that it holds for them.",
    ),
    "permutation": (
        "Value a head, where it is uneven",
        "Some people spend so much more than others that Welch's interval would be too sure of itself. So the same people are divided anew, many "
        "times, and the interval is of what chance alone does not do (A. Janssen, Statistics and Probability Letters 36, 1997, 9-21; E. Chung and "
        "J. P. Romano, Annals of Statistics 41, 2013, 484-507).",
    ),
}
_DOTS = (
    "The twenty dots",
    "The interval read as a distribution: twenty values, each as likely as any other if nothing had been known before (a flat prior). Nineteen in "
    "twenty of all values lie in the interval. People who see dots decide better than those who see a bar (M. Kay and others, CHI 2016; M. Fernandes "
    "and others, CHI 2018).",
)
_PAST = (
    "The past taken out",
    "What the same people had done in as long before explains a part of what they did after, in all arms alike; without it the interval is narrower "
    "(CUPED: A. Deng, Y. Xu, R. Kohavi and T. Walker, WSDM 2013). The verdict is taken from there where the past explains at least "
    f"{100 * PAST_MATTERS:.0f} % of the variance of everybody together, which is settled without a look at who is in which arm.",
)
_OFTEN = (
    "Looking early",
    "Whoever looks every day and stops at a good figure is misled by a usual interval. The wider one holds for all looks together (S. R. Howard, "
    "A. Ramdas, J. McAuliffe and J. Sekhon, Annals of Statistics 49, 2021, 1055-1080); until the window has closed, the verdict is taken from it.",
)
_SEVERAL = (
    "Several variants",
    "Of many comparisons one soon looks remarkable by chance, so each p is corrected for how many there are (S. Holm, Scandinavian Journal of "
    "Statistics 6, 1979, 65-70).",
)
_RATIO = (
    "As large as planned",
    "A chi-square test of how many people are in each arm. Where its p is below 0.001, something other than the lot has chosen them, and nothing is "
    "estimated.",
)
_RELATIVE = (
    "Against the control group",
    "The difference as a share of what the control group did: of shares by A. Donner and G. Y. Zou, Statistical Methods in Medical Research 21, "
    "2012, 347-359; of value by E. C. Fieller, Journal of the Royal Statistical Society B 16, 1954, 175-185.",
)


def methods_card(report: Report) -> Element:
    told = [element("div", element("dt", title), element("dd", text)) for title, text in _used(report)]
    return card("How this is computed", element("dl", *told, class_="methods"), classes="sm")


def _used(report: Report) -> Iterator[tuple[str, str]]:
    yield _WHO
    yield _RATIO
    methods = {effect.method for effect in report.effect if effect.low is not None}
    yield from (text for method, text in _METHODS.items() if method in methods)
    if any(effect.relative_low is not None for effect in report.effect):
        yield _RELATIVE
    if any(effect.adjusted for effect in report.effect):
        yield _PAST
    if is_open(report) or any(effect.anytime for effect in report.effect):
        yield _OFTEN
    if any(effect.quantiles for effect in report.effect):
        yield _DOTS
    if report.comparisons:
        yield _SEVERAL
