"""What is odd about a journey, though it can be honoured."""

from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from regulars.domain.definitions import PutWarning
from regulars.domain.journeys.journey import ONCE, Journey
from regulars.domain.journeys.rules import ENTRY
from regulars.domain.journeys.steps import Collect, Message, WaitFor, Waiting, WaitUntil, Webhook, gathers_items
from regulars.domain.lake.buckets import BUCKETS
from regulars.domain.language import printable
from regulars.domain.segments.judgement import Test
from regulars.domain.segments.rule import AllOf, AnyOf, Bucket, Consent, Everyone, Not, OwnTime, Reference, Rule, Trait, Users, walk


def warnings(journey: Journey) -> Iterator[PutWarning]:
    yield from _measured(journey)
    yield from _entered(journey)
    yield from _asked_of_history(journey)
    yield from _unknown_to_both(journey)
    if not any(isinstance(step, Message) for step in journey.steps.values()):
        yield PutWarning("steps", "nobody ever gets a message")
    for name, step in journey.steps.items():
        if isinstance(step, WaitUntil | Collect) and step.until is not None and not step.until.spread:
            key = "wait_until" if isinstance(step, WaitUntil) else "until"
            yield PutWarning(f"steps.{name}.{key}", "everybody leaves at the same second: `spread`, as in 15m, lets them go one by one")
        if isinstance(step, Webhook) and _is_ours_alone(step.url):
            yield PutWarning(f"steps.{name}.webhook.url", "not everybody can reach this address, so it is never asked")
        if isinstance(step, WaitFor) and step.then == step.otherwise:
            yield PutWarning(f"steps.{name}", "`then` and `else` lead to the same step: a `wait` says so")


def _asked_of_history(journey: Journey) -> Iterator[PutWarning]:
    for place, rule in journey.rules():
        for path in asked_of_the_lake(rule, place):
            yield PutWarning(path, "asks what the person did before, which tests know, and neither a journey that runs nor a look back does")


def asked_of_the_lake(rule: Rule, place: str) -> Iterator[str]:
    """Where a rule asks what a person's profile does not know: that has traits, and what follows from them and from the id."""
    for path, part in walk(rule, place):
        clause = part.clause if isinstance(part, OwnTime) else part
        if not isinstance(clause, AllOf | AnyOf | Not | Everyone | Users | Bucket | Trait | Consent | Reference):
            yield path


def _unknown_to_both(journey: Journey) -> Iterator[PutWarning]:
    """Of whom a trait is not known, neither a clause about it nor its opposite is true."""
    for place, rule in journey.rules():
        parts = list(walk(rule, place))
        minded = {part.path for _, part in parts if isinstance(part, Trait) and isinstance(part.test, Test) and part.test.operator == "exists"}
        for path, part in parts:
            if isinstance(part, Not) and isinstance(part.rule, Trait) and part.rule.path[0] != ENTRY and part.rule.path not in minded:
                nobody = "comes in" if place == "entry.if" else "goes this way"
                trait, beside = printable(".".join(part.rule.path)), '`{"trait": .., "exists": false}` beside it in an `any` means them too'
                yield PutWarning(path, f"nobody {nobody} of whom `{trait}` is not known: {beside}")


def _is_ours_alone(url: str) -> bool:
    """Whether it names an address that is none of the whole internet; what a name leads to is seen when it is asked."""
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or not ip_address(host).is_global
    except ValueError:  # a name
        return False


def _measured(journey: Journey) -> Iterator[PutWarning]:
    if journey.holdout_buckets == 0:
        yield PutWarning("holdout", "nobody is held out: what the journey changed cannot be known")
    if journey.holdout_buckets == BUCKETS:
        yield PutWarning("holdout.percent", "everybody is held out: nobody gets anything")
    goal = journey.goal
    if goal and not any(end.pattern.name == goal.event for end in journey.exits) and not _waits_for(journey, goal.event):
        yield PutWarning(
            "goal.event", f"`{printable(goal.event)}` is the goal and does not end the journey: whoever has reached it goes on getting messages"
        )


def _waits_for(journey: Journey, event: str) -> bool:
    return any(isinstance(step, WaitFor) and step.pattern.name == event for step in journey.steps.values())


def _entered(journey: Journey) -> Iterator[PutWarning]:
    if journey.entry.kind == "segment" and journey.reentry == ONCE:
        yield PutWarning("reentry", "without it each person comes in once, ever, however often they come into the segment again")
    if gathers_items(journey.steps.values()) and journey.reentry == ONCE:
        yield PutWarning("reentry", "without it each person gets one digest, ever: `after`, as in 1m, lets the next item begin the next one")
    if journey.entry.kind == "content" and journey.delivery.cap is None:
        yield PutWarning("delivery.cap", "nothing keeps a source that publishes a hundred items at once from sending somebody a hundred messages")
    if journey.reentry.most == 1 and journey.reentry.after:
        yield PutWarning("reentry.max", "with 1 nobody enters again, and `after` says nothing")
    first = journey.steps.get(journey.start)
    if journey.reentry.restarts and first is not None and not isinstance(first, Waiting):
        yield PutWarning("reentry.while_in", "whoever does it again begins anew, and gets again at once what comes before the first wait")
