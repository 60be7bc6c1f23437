"""Figures in words, as people read them: with their unit, their sign, and no more digits than they hold."""

from datetime import datetime

from regulars.domain.charts import Unit
from regulars.domain.charts.scale import BARE

_SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "INR": "₹", "BRL": "R$", "CAD": "CA$", "AUD": "A$", "CNY": "CN¥", "KRW": "₩", "ILS": "₪"}
"""Signs that stand before an amount (https://cldr.unicode.org/, English); any other currency is named by its code."""

NOT_KNOWN = "not known"
_SMALLEST_P = 0.001
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def money_unit(currency: str | None) -> Unit:
    """Of a goal's value; bare where nobody has said which currency that is."""
    if not currency:
        return BARE
    return Unit(before=_SYMBOLS.get(currency, f"{currency}\N{NO-BREAK SPACE}"))


def digits(*figures: float) -> int:
    """How many decimals tell these figures from each other: two, and up to five where they are small. Large amounts need none."""
    largest = max(map(abs, figures), default=0.0)
    if largest >= 1_000:
        return 0
    return next((count for count, least in ((2, 0.2), (3, 0.02), (4, 0.002)) if largest >= least), 5) if largest else 2


def signed_range(unit: Unit, low: float, high: float, *, most: int = 5) -> str:
    """`+€0.49 to +€1.06`, with so many decimals at most; no line ends inside of a figure."""
    places = min(digits(low, high), most)
    return f"{_whole(unit.signed(low, places))} to {_whole(unit.signed(high, places))}"


def interval(unit: Unit, low: float, high: float, *, most: int = 5) -> str:
    return f"95\N{NO-BREAK SPACE}% interval {signed_range(unit, low, high, most=most)}"


def _whole(figure: str) -> str:
    """A line may end between a sign and what stands before an amount: https://www.unicode.org/reports/tr14/#PR."""
    return f"{figure[:1]}\N{WORD JOINER}{figure[1:]}" if figure[:1] in "+−" else figure


def percent(share: float | None) -> str:
    return NOT_KNOWN if share is None else f"{100 * share:.2f} %"


def signed_percent(share: float) -> str:
    places = 0 if abs(share) >= 0.1 else 1
    return Unit(after=" %").signed(100 * share, places)


def p_value(p: float) -> str:
    return f"p < {_SMALLEST_P}" if p < _SMALLEST_P else f"p = {p:.3f}" if p < 0.1 else f"p = {p:.2f}"


def dollars(amount: float) -> str:
    """What we paid. A price that is there is never nothing."""
    if not amount:
        return "$0"
    if 0 < amount < 0.0001:
        return "under $0.0001"
    return Unit(before="$").plain(amount, 2 if abs(amount) >= 1 else 4)


def moment(at: datetime) -> str:
    """`7 Oct 2017, 09:00 UTC`."""
    return f"{at.day} {_MONTHS[at.month - 1]} {at.year}, {at:%H:%M} UTC"


def opened(text: str) -> str:
    """The text as the beginning of a sentence."""
    return f"{text[:1].upper()}{text[1:]}"
