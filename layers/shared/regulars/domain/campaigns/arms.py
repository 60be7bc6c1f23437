"""Which arm a person is in: a pure function of the campaign and the person, the same in Python and in SQL.

The bucket has the campaign's id as its salt, so arms never change between runs of a campaign. The control group has the
first buckets; the variants share the rest by weight, in the order of the document. A new weight or control percentage moves people.
"""

from collections.abc import Sequence

from sqlglot import exp

from regulars.domain.campaigns.campaign import CONTROL, Campaign
from regulars.domain.lake import sql
from regulars.domain.lake.buckets import BUCKETS, bucket_of


def bounds(campaign: Campaign) -> Sequence[tuple[str, int]]:
    """Each arm and the first bucket after it, in order; the last one is 10,000. The control arm is absent where it has no bucket.

    With 10 % control and variants a and b of weights 1 and 2: `(("control", 1000), ("a", 4000), ("b", 10000))`.
    """
    control = campaign.control_buckets
    total = sum(variant.weight for variant in campaign.variants)
    ends: list[tuple[str, int]] = [(CONTROL, control)] if control else []
    weight = 0
    for variant in campaign.variants:
        weight += variant.weight
        ends.append((variant.id, control + (BUCKETS - control) * weight // total))
    return tuple(ends)


def arm_of(campaign: Campaign, person: str) -> str:
    """`control` or a variant's id."""
    bucket = bucket_of(person, campaign.id)
    return next(arm for arm, end in bounds(campaign) if bucket < end)


def arm_sql(campaign: Campaign, bucket: exp.Expression) -> exp.Expression:
    """The same as a CASE over the bucket's column."""
    *first, (last, _) = bounds(campaign)
    if not first:
        return sql.text(last)
    case = exp.Case()
    for arm, end in first:
        case = case.when(exp.LT(this=bucket.copy(), expression=exp.Literal.number(end)), sql.text(arm))
    return case.else_(sql.text(last))
