"""What has to be known to read a report aright: each note by itself, the gravest first."""

from collections.abc import Iterator

from regulars.domain.measure.figures import GuardrailFigures
from regulars.domain.measure.findings import Findings, no_value
from regulars.domain.measure.wording import hundred, moment, more, people, signed, together
from regulars.domain.reasons import NOT_REACHED

_LOOK_AT = (
    "look at what takes people out of one arm alone: an audience that asks for what an earlier run of this campaign did to them (its message, its "
    "opens, the goals that it brought about), a `bucket` rule with this campaign's id as its salt, ids that were merged or erased since"
)

_LOOK_AT_JOURNEY = "look whether the holdout was changed while people came in, and at ids that were merged or erased since"

_FEW_SENT = 0.5
"""Below this share of the treated the note says how thin the effect is spread."""

_DID = {"unsubscribed": "unsubscribed", "uninstalled": "uninstalled the app", "complained": "complained"}


def notes(found: Findings) -> list[str]:
    told = (
        mismatch(found),
        _nothing_sent(found),
        *_warnings(found),
        _unfinished(found),
        _thin(found),
        _in_several(found),
        currencies(found),
        left_out(found),
    )
    return [note for note in (*told, _adjusted(found), _held_out(found), _still_open(found)) if note]


def mismatch(found: Findings) -> str:
    """Who came, who was to be expected, and what to look at; nothing where the arms are in proportion."""
    if found.ratio.ok:
        return ""
    chance = "in less than one run of a thousand" if found.ratio.p else "never"
    return f"{came(found)}, which chance does {chance}: {_LOOK_AT if found.study.kind == 'campaign' else _LOOK_AT_JOURNEY}"


def came(found: Findings) -> str:
    return together([f"{arm.name} has {people(arm.people)} instead of {found.ratio.expected.get(arm.name, 0):,.0f}" for arm in found.arms])


def message(found: Findings) -> str:
    """What people were sent: a journey may have several."""
    return "the message" if found.study.kind == "campaign" else "a message"


def left_out(found: Findings) -> str:
    """How many values count nowhere, or that there are none at all."""
    goal = found.study.goal
    if goal is None or not goal.value:
        return ""
    if nowhere := no_value(goal, found.arms):
        return nowhere
    events, unreadable, foreign = (sum(getattr(arm, name) for arm in found.arms) for name in ("goal_events", "unreadable", "foreign"))
    told = [f"{unreadable:,} had no readable number at `{'.'.join(goal.value)}`"] if unreadable else []
    told += [f"{foreign:,} were in another currency than {goal.currency}"] if foreign else []
    return f"of {events:,} times {goal.event}, {together(told)}: left out of the value" if told else ""


def currencies(found: Findings) -> str:
    """Said where numbers of several currencies were added up."""
    if len(found.currencies) < 2:
        return ""
    return f"the values are in {together(found.currencies)} and were added as if they were one: say in `goal.currency` which one counts"


def harm(found: GuardrailFigures, *, many: bool) -> str:
    """One guard-rail that was hit: `of every 1,000 people 8.0 more unsubscribed than would have without it (95 % interval +2.0 to +14.0)`."""
    if found.difference is None or found.low is None or found.high is None:
        return ""
    of = hundred((found.difference,))
    after = f" after {found.variant}" if many else ""
    difference = f"of every {of:,} people {more(of * found.difference)} {_DID[found.guardrail]}{after} than would have without it"
    return f"{difference} (95 % interval {signed(of * found.low)} to {signed(of * found.high)})"


def _warnings(found: Findings) -> Iterator[str]:
    for each in found.warnings:
        yield f"warning: {harm(each, many=len(found.treated) > 1)}"


def _held_out(found: Findings) -> str:
    held_out = found.study.held_out
    return (
        f"{people(held_out)} more would have been in the audience, and {'is' if held_out == 1 else 'are'} held out of all campaigns"
        if held_out
        else ""
    )


def _has_effect(found: Findings) -> bool:
    """Whether there is anything to say of one."""
    return any(one.estimate for one in found.effects)


def _nothing_sent(found: Findings) -> str:
    return "" if found.sends or not _has_effect(found) else "nothing was sent: what differs between the arms is chance, or something else's doing"


def _unfinished(found: Findings) -> str:
    left = sum(arm.skipped.get(NOT_REACHED, 0) for arm in found.treated)
    if not left:
        return ""
    counted = "; they count all the same, so the effect is smaller than one on those reached" if found.sends and _has_effect(found) else ""
    return f"{people(left)} of the treated never had their turn{counted}"


def _thin(found: Findings) -> str:
    treated, sent = sum(arm.people for arm in found.treated), sum(arm.sent for arm in found.treated)
    if not found.sends or not _has_effect(found) or sent >= _FEW_SENT * treated:
        return ""
    told = f"{sent:,} of {treated:,} treated people were sent {message(found)}"
    return f"{told}: the effect is a mean over all of them, those too whom nothing could change"


def _in_several(found: Findings) -> str:
    if not found.in_several:
        return ""
    return f"{people(found.in_several)} left out: ids that were in different arms, or held out of all campaigns, have become one person's since"


def _adjusted(found: Findings) -> str:
    """The verdict on money is then not the one of the plain interval."""
    explained = [one.adjusted.explained for one in found.effects if one.is_adjusted and one.adjusted]
    goal = found.study.goal
    if not explained or goal is None:
        return ""
    share = together([f"{100 * each:.0f} %" for each in explained])
    told = f"{'.'.join(goal.value)} a head is judged without what the same people's past explains of it (CUPED)"
    return f"{told}, which is {share} of its variance"


def _still_open(found: Findings) -> str:
    if found.window is None or found.window.closed:
        return ""
    until = f"the window is open until {moment(found.window.end)}"
    return f"{until}: verdicts on the goal hold however often one looks, those on guard-rails for this look alone"
