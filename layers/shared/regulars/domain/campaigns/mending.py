"""A run that is paused because FCM refuses its message goes on with the campaign's newest version: the message alone may be another."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from regulars.domain.campaigns.campaign import Campaign
from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.campaigns.run import Run
from regulars.domain.definitions import Definition
from regulars.domain.errors import ConflictError, MessageRefusedError

_DECIDED: Final[Mapping[str, Callable[[Campaign], object]]] = {
    "audience": lambda it: (it.include, it.exclude),
    "control": lambda it: it.control_buckets,
    "variants": lambda it: [(variant.id, variant.weight) for variant in it.variants],
    "goal": lambda it: it.goal,
    "delivery": lambda it: it.delivery,
    "schedule": lambda it: it.schedule,
}
"""What the run's people were divided by, are promised, and are measured by."""


def needs_mending(run: Run) -> bool:
    return run.pause is not None and run.error is not None and run.error.code == MessageRefusedError.code


def mended(run: Run, newest: Definition) -> Run:
    """The run with the messages of the campaign's newest version. Raises ConflictError where that is the refused one, or changes more."""
    if newest.version == run.campaign.version:
        raise ConflictError(f"FCM would refuse run {run.run_id} again: mend the message of campaign {newest.id}, put it, and resume")
    before, after = parse_campaign(run.campaign.document), parse_campaign(newest.document)
    changed = [name for name, of in _DECIDED.items() if of(before) != of(after)]
    if changed:
        raise ConflictError(
            f"run {run.run_id} can't take version {newest.version} of campaign {newest.id}, which changes its {' and '.join(changed)}: put one that "
            "changes nothing but the message, or abort the run and launch the campaign"
        )
    return replace(run, campaign=newest)
