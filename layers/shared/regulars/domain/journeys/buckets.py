"""Chance, the same for a person every time: by buckets, as arms of campaigns are assigned."""

from regulars.domain.journeys.journey import Journey
from regulars.domain.journeys.steps import Split
from regulars.domain.lake.buckets import BUCKETS, bucket_of


def is_held_out(journey: Journey, user_id: str) -> bool:
    """The salt is no campaign's: whoever is held out here is not, for that, held out anywhere else."""
    return journey.holdout_buckets > 0 and bucket_of(user_id, f"journey/{journey.id}") < journey.holdout_buckets


def way_of(journey: Journey, step: str, split: Split, user_id: str) -> tuple[str, str | None]:
    """The arm, and where it leads: by weight, in the order of the document."""
    bucket, total, weight = bucket_of(user_id, f"journey/{journey.id}/{step}"), sum(arm.weight for arm in split.arms), 0
    for arm in split.arms:
        weight += arm.weight
        if bucket < BUCKETS * weight // total:
            return arm.id, arm.then
    raise AssertionError("the weights of a split add up to all")


def place_in_spread(journey: Journey, step: str, user_id: str) -> int:
    return bucket_of(user_id, f"journey/{journey.id}/{step}/spread")
