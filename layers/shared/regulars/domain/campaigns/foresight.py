"""What a launch would do, before it is launched: everybody's fate, counted as a stream of people goes by."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Final, Literal

import orjson

from regulars.domain.campaigns.campaign import CONTROL
from regulars.domain.delivery.global_control import HELD_OUT
from regulars.domain.delivery.recipients import Recipient
from regulars.domain.reasons import NOT_SENT_REASONS

MOST_EXAMPLES: Final = 3
"""Of each variant, and of each problem."""

MOST_PROBLEMS: Final = 50
"""Those that come later are counted as one."""

TEN_TIMES: Final = 10
"""So many times the audience of the last run is more than anybody means without saying so."""


@dataclass(frozen=True)
class Example:
    """What a person would get on a device: the texts alone, so that nothing of them is shown that the message does not say. Empty where there is no
    message for them."""

    user_id: str
    variant: str
    device_id: str
    push: Mapping[str, str]


@dataclass(frozen=True)
class Problem:
    """What is wrong for so many people. An error means that they get nothing; `path` is that of the campaign's document, and `trait` what these
    people lack of what the text there names, where that is it."""

    severity: Literal["error", "warning"]
    path: str
    message: str
    people: int
    examples: Sequence[Example] = ()
    trait: str = ""


@dataclass(frozen=True)
class Detectable:
    """The smallest effect that a control group shows four times in five: on conversion in shares (0.01 is a point), the same by what it would be
    anyhow, and on the value a head. None where that is not known, or none is."""

    conversion: float | None = None
    relative: float | None = None
    value: float | None = None


@dataclass(frozen=True)
class Preflight:
    """In people: audience = control + eligible + the sum of `reasons`, which says why the others would get nothing. `messages` are pushes, to
    devices. `objections` are why nobody should launch this without a second look."""

    campaign_id: str
    version: int
    as_of: datetime
    audience: int
    control: int
    eligible: int
    messages: int
    reasons: Mapping[str, int]
    problems: Sequence[Problem]
    duration_s: float
    cost_usd: float
    examples: Sequence[Example]
    objections: Sequence[str]
    detectable: Detectable | None = None
    """None without a goal, and where the past could not be asked."""
    held_out: int = 0
    """People of the global control group who would have been in the audience. They are in none of the other figures."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """Something about one recipient's message: see Problem."""

    severity: Literal["error", "warning"]
    path: str
    message: str
    trait: str = ""


@dataclass(frozen=True, slots=True)
class Fate:
    """Of one recipient: the request `body` that would go out, or the `reason` why none would, and whether a message was `tried` to be made."""

    recipient: Recipient
    body: bytes = b""
    reason: str = ""
    tried: bool = False
    complaints: Sequence[Complaint] = ()


@dataclass
class _Found:
    """Of a problem that goes by."""

    people: int = 0
    examples: list[Example] = field(default_factory=list)


class Tally:
    """Counts people as they go by, and keeps none of them but for examples."""

    def __init__(self) -> None:
        self.audience = self.control = self.held_out = self.eligible = self.messages = 0
        self.reasons: Counter[str] = Counter()
        self._problems: dict[Complaint, _Found] = {}
        self._examples: dict[str, list[Example]] = {}

    def add(self, fates: Iterable[Fate]) -> None:
        """Those of a person follow each other."""
        for _, own in groupby(fates, key=lambda fate: fate.recipient.user_id):
            self._person(list(own))

    @property
    def examples(self) -> Sequence[Example]:
        return [example for variant in sorted(self._examples) for example in self._examples[variant]]

    @property
    def problems(self) -> Sequence[Problem]:
        """The errors first, then by how many people have them."""
        found = [Problem(each.severity, each.path, each.message, it.people, tuple(it.examples), each.trait) for each, it in self._problems.items()]
        return sorted(found, key=lambda problem: (problem.severity, -problem.people, problem.path, problem.message))

    def _person(self, fates: Sequence[Fate]) -> None:
        if fates[0].recipient.arm == HELD_OUT:
            self.held_out += 1
            return
        self.audience += 1
        if fates[0].recipient.arm == CONTROL:
            self.control += 1
            return
        sent = [fate for fate in fates if fate.body]
        self.messages += len(sent)
        if sent:
            self.eligible += 1
            self._show(sent[0])
        else:
            self.reasons[min(fates, key=lambda fate: (not fate.tried, fate.reason)).reason] += 1
        told = {complaint: fate for fate in fates for complaint in fate.complaints}
        for complaint, fate in told.items():
            self._complain(complaint, fate)

    def _show(self, fate: Fate) -> None:
        shown = self._examples.setdefault(fate.recipient.arm, [])
        if len(shown) < MOST_EXAMPLES:
            shown.append(_example(fate))

    def _complain(self, complaint: Complaint, fate: Fate) -> None:
        if complaint not in self._problems and len(self._problems) >= MOST_PROBLEMS:
            complaint = Complaint(complaint.severity, "message", "there are more problems than can be listed: mend these first")
        found = self._problems.setdefault(complaint, _Found())
        found.people += 1
        if len(found.examples) < MOST_EXAMPLES:
            found.examples.append(_example(fate))


def objections(tally: Tally, problems: Sequence[Problem], last_audience: int) -> Sequence[str]:
    """Why nobody should launch this without a second look. `last_audience` is how many people the last run had, 0 where there was none."""
    found = []
    if not tally.eligible:
        found.append(f"nobody would get it: {_why_nobody(tally)}")
    found += [f"{each.people:,} people would get nothing: {each.path}: {each.message}" for each in problems if each.severity == "error"]
    if last_audience and tally.audience >= TEN_TIMES * last_audience:
        found.append(f"the audience is {tally.audience:,} people, and that of the last run was {last_audience:,}")
    return found


def _why_nobody(tally: Tally) -> str:
    if not tally.audience:
        return "everybody is held out of all campaigns" if tally.held_out else "nobody is in the audience"
    if not tally.reasons:
        return "everybody is in the control group"
    reason, people = tally.reasons.most_common(1)[0]
    return f"of {tally.audience - tally.control:,} people, {people:,} because: {NOT_SENT_REASONS[reason]}"


def _example(fate: Fate) -> Example:
    who = fate.recipient
    return Example(who.user_id, who.arm, who.device_id, shown_texts(fate.body) if fate.body else {})


def shown_texts(body: bytes) -> Mapping[str, str]:
    """What a person sees of FCM's request body."""
    message = orjson.loads(body)["message"]
    texts = {name: text for name, text in message.get("notification", {}).items() if name in ("title", "body", "image")}
    link = message.get("data", {}).get("deep_link")
    return {**texts, "deep_link": link} if link else texts
