"""Whom a shard holds back, in the lake: an object that each call of `deliver` that holds somebody writes anew. Where it is lost, or a call dies
before it has written it, everybody is asked about again."""

from regulars.domain.campaigns.places import held_key
from regulars.domain.delivery.held import NOBODY, Held, held_document, held_of
from regulars.domain.errors import NotFoundError
from regulars.ports import ObjectStore


def read_held(run_id: str, shard: int, *, lake: ObjectStore) -> Held:
    try:
        return held_of(lake.get(held_key(run_id, shard)))
    except NotFoundError:
        return NOBODY


def keep_held(run_id: str, shard: int, held: Held, *, lake: ObjectStore) -> None:
    lake.put(held_key(run_id, shard), held_document(held))
