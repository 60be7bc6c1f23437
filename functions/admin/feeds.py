"""Feeds of content: put, listed, shown, polled, removed."""

from collections.abc import Sequence
from dataclasses import dataclass

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from regulars import wiring

from .access import READ, WRITE
from .answers import FeedShown
from .definitions import PutBody, named
from .requests import Request

router = APIGatewayHttpRouter()


@dataclass(frozen=True)
class Feeds:
    """By id."""

    feeds: Sequence[FeedShown]


@router.put("/admin/feeds/<feed_id>", summary="Have a feed of content polled; what is in it at first is learned, and not told", security=WRITE)
def put(feed_id: str, document: PutBody) -> FeedShown:
    from regulars.usecases.put_feed import put_feed

    return put_feed(named(document, feed_id), feeds=wiring.feeds(), trigger=wiring.poll_trigger(), clock=wiring.clock())


@router.get("/admin/feeds", summary="Every feed of content, and how its polling stands", security=READ)
def list_all() -> Feeds:
    from regulars.usecases.put_feed import shown

    return Feeds([shown(each) for each in wiring.feeds().all()])


@router.get("/admin/feeds/<feed_id>", summary="A feed of content, how its polling stands, and why it cannot be read", security=READ)
def get(feed_id: str) -> FeedShown:
    from regulars.usecases.put_feed import shown

    return shown(wiring.feeds().get(feed_id).value)


@router.post("/admin/feeds/<feed_id>/poll", summary="Have a feed of content read now", security=WRITE)
def poll(feed_id: str, request: Request) -> FeedShown:
    from regulars.usecases.put_feed import shown

    polling = wiring.feeds().get(feed_id).value
    wiring.poll_trigger().start(feed_id)
    return shown(polling)


@router.post("/admin/feeds/<feed_id>/remove", summary="Have a feed of content polled no more", security=WRITE)
def remove(feed_id: str, request: Request) -> FeedShown:
    from regulars.usecases.put_feed import remove_feed

    return remove_feed(feed_id, feeds=wiring.feeds(), trigger=wiring.poll_trigger())
