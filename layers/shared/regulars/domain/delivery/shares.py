"""A percentage of people, as the buckets that they fall into."""

from decimal import Decimal

from regulars.domain.lake.buckets import BUCKETS
from regulars.domain.language import Value

_BUCKETS_A_PERCENT = BUCKETS // 100


def read_share(percent: Value) -> int:
    """How many of the 10,000 buckets it is: a number from 0 to 100 with at most two decimals."""
    buckets = Decimal(str(percent.number(0, 100))) * _BUCKETS_A_PERCENT
    if buckets != int(buckets):
        percent.refuse("at most two decimals: people fall into 10,000 buckets")
    return int(buckets)


def percent_of(buckets: int) -> float:
    """As somebody would write it: 5, 2.5."""
    percent = buckets / _BUCKETS_A_PERCENT
    return int(percent) if percent.is_integer() else percent
