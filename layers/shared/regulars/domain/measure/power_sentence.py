"""What a campaign can show, in a few sentences for somebody who will read nothing else."""

from collections.abc import Iterator
from typing import Final

from regulars.domain.campaigns.foresight import Detectable
from regulars.domain.measure.power_figures import PowerFigures
from regulars.domain.numbers import spelled

_FEW: Final = 100
"""Ours: of fewer people of the past a rate is a rough guess."""


def power_sentence(found: PowerFigures) -> str:
    if not found.audience:
        return "Nobody is in the audience."
    return " ".join([_groups(found), _past(found), *_shown(found), *_asked(found)])


def power_notes(found: PowerFigures, variants: int) -> Iterator[str]:
    """What to know beside the figures."""
    if 0 < found.past.people < _FEW:
        yield f"only {found.past.people:,} people were in the audience then: the figures are rough"
    if found.past.unreadable:
        yield f"of {found.past.goal_events:,} times {found.goal}, {found.past.unreadable:,} had no readable value, and are left out"
    if variants > 1:
        yield f"each of the {variants} variants is compared with the control group by itself; correcting for several asks for a little more"
    if found.held_out:
        yield f"{found.held_out:,} people more are held out of all campaigns"


def unseen(found: Detectable, control: int, goal: str, campaign_id: str) -> str:
    """What a preflight says of a control group that finds only what hardly happens."""
    more = "no effect" if found.conversion is None else f"only an effect of {_points(found.conversion)} or more"
    share = f" ({_percent(found.relative)} more than without)" if found.relative is not None else ""
    return f"{control:,} people held back show {more}{share} on who does {goal}: `regulars campaign power {campaign_id}` says what would do"


def _groups(found: PowerFigures) -> str:
    return f"Of {found.audience:,} people {found.control:,} would be held back ({found.control_percent:g} %)."


def _past(found: PowerFigures) -> str:
    past, window = found.past, _days(found.within_days)
    if found.rate is None:
        return f"Nobody was in the audience at {past.since:%Y-%m-%d}, so what its people do without the message cannot be known."
    who = f"Of the {past.people:,} who were in it at {past.since:%Y-%m-%d},"
    if not found.rate:
        most = _percent(_most_unseen(past.people))
        return f"{who} nobody did {found.goal} within {window}, so what a lift would be cannot be known: below {most} may."
    return f"{who} {_percent(found.rate)} did {found.goal} within {window}."


def _most_unseen(people: int) -> float:
    """The share that may do what none of so many did, with 95 % confidence: J. A. Hanley and A. Lippman-Hand, "If nothing goes wrong, is everything
    all right?", JAMA 249 (1983) 1743-1745, the rule of three."""
    return min(1.0, 3 / people)


def _shown(found: PowerFigures) -> Iterator[str]:
    if found.rate is None:
        return
    share = found.detectable.conversion
    if share is None:
        yield "Nobody is held back, so no effect can be seen." if not found.control else "With these groups no effect can be seen, however large."
        return
    relative = f" ({_percent(found.detectable.relative)} more than without)" if found.detectable.relative is not None else ""
    value = f", or {spelled(found.detectable.value, 2)} a head" if found.detectable.value is not None else ""
    yield f"Four times in five the report would see an effect of {_points(share)}{relative} or more{value}."


def _asked(found: PowerFigures) -> Iterator[str]:
    effect = found.effect
    if found.rate is None or not effect.difference:
        return
    size = (
        f"A lift of {_percent(effect.lift)} ({_points(effect.difference)})"
        if effect.lift is not None
        else f"An effect of {_points(effect.difference)}"
    )
    if effect.people_needed is None:
        yield f"{size} cannot be seen: " + ("nobody is held back." if not found.control_percent else "there are not as many who do not do it anyhow.")
        return
    if effect.people_needed <= found.audience:
        yield f"{size} can be seen: it needs {effect.people_needed:,} people."
        return
    yield f"{size} needs {effect.people_needed:,} people."
    if effect.control_percent is not None:
        yield f"In this audience a control group of {effect.control_percent:g} % would do."
    if effect.days is not None:
        yield f"Within {_days(effect.days)} it could be seen as it is."
    if effect.control_percent is None and effect.days is None:
        yield "In this audience no control group is large enough."


def _percent(share: float) -> str:
    return f"{100 * share:,.0f} %" if share >= 1 else f"{100 * share:.3g} %"


def _points(share: float) -> str:
    return f"{100 * share:.3g} points"


def _days(days: float) -> str:
    return "1 day" if days == 1 else f"{days:g} days"
