"""Ready-made segments by the customer life cycle, for the names that a shop's own events have.

recognised(known events, names that somebody gave)  ->  ShopNames  ->  ready_made(names)  ->  definitions to save
"""

from regulars.domain.segments.lifecycle.definitions import ACTIVE_DAYS, LAPSED_DAYS, Purpose, ReadyMade, Stage, ready_made
from regulars.domain.segments.lifecycle.names import Role, ShopNames, recognised
from regulars.domain.segments.lifecycle.standing import Standing, standing_of, written_for

__all__ = [
    "ACTIVE_DAYS",
    "LAPSED_DAYS",
    "Purpose",
    "ReadyMade",
    "Role",
    "ShopNames",
    "Stage",
    "Standing",
    "ready_made",
    "recognised",
    "standing_of",
    "written_for",
]
