"""The connections to one server: opened as they are needed, watched, and let go when they end."""

import math
import selectors
import time
from collections import deque
from typing import Generic

from regulars.adapters.http2.connection import Ended, Exchange, Outcome, Tag
from regulars.adapters.http2.exposure import Exposure
from regulars.adapters.http2.link import Link, Server

CONNECT_SECONDS = 3.0
IDLE_SECONDS = 60.0
"""A connection that carried nothing for so long is not trusted with a request: networks forget connections without a word after some minutes
(350 s: https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html)."""


class Pool(Generic[Tag]):
    """At most `connections` take new requests; one that must drain does not count."""

    def __init__(self, server: Server) -> None:
        self.connections = 1
        self._unreachable = ""
        self._server = server
        self._links: list[Link[Tag]] = []
        self._selector = selectors.DefaultSelector()
        self._exposure = Exposure()
        self._attempts = 0

    def move(self, seconds: float) -> list[Ended[Tag]]:
        """Waits up to `seconds` for something to come, and gives the requests that ended by it."""
        ready = self._selector.select(seconds)
        now = time.monotonic()
        ended: list[Ended[Tag]] = []
        for key, _ in ready:
            ended += key.data.advance()
        for link in list(self._links):
            ended += self._look_after(link, now)
        for one in ended:
            if one.outcome is Outcome.ANSWERED:
                self._exposure.answered()
        return ended

    def flush(self) -> list[Ended[Tag]]:
        """Writes what the connections were given to carry."""
        ended: list[Ended[Tag]] = []
        for link in self._links:
            if link.http2.settled and link.http2.outgoing:
                ended += link.flush()
                self._selector.modify(link.fd, link.events, link)
        return ended

    def carry(self, waiting: deque[Exchange[Tag]], now: float) -> None:
        """Takes from `waiting` what the connections have room for, the same number for each."""
        while waiting and (links := [one for one in self._links if one.may_carry(waiting[0], now)]):
            share = math.ceil(len(waiting) / len(links))
            for link in links:
                link.carry(waiting, share, now)

    def grow(self, waiting: int, now: float) -> None:
        """Opens connections for so many requests that wait, as far as they are allowed."""
        taking = [link for link in self._links if not link.http2.draining and not link.is_silent(now)]
        coming = sum(link.http2.allowed for link in taking if not link.http2.settled)
        limit = self._exposure.connections(self.connections)
        while coming < waiting and len(taking) < limit and now >= self._exposure.open_from:
            link: Link[Tag] = Link(self._server, self._attempts, self._exposure.first, now)
            self._attempts += 1
            self._links.append(link)
            if link.lost:
                self._let_go(link, now)
                return
            self._selector.register(link.fd, link.events, link)
            taking.append(link)
            coming += link.http2.allowed

    def unreachable_since_last(self) -> str:
        """Why the last connection that was tried did not come about, if there is no other; told once."""
        why, self._unreachable = self._unreachable, ""
        return why

    def give_up(self, exchange: Exchange[Tag]) -> None:
        """The time of a request that a connection carries is over. One that said nothing all that time takes no more."""
        link = next(link for link in self._links if link.http2.carries(exchange))
        link.http2.cancel(exchange)
        if link.heard_at < exchange.opened_at and not link.http2.draining:
            link.http2.draining = True
            self._exposure.broke(time.monotonic(), answered=link.http2.answered)

    def drop(self) -> None:
        """Closes the connections that carry something."""
        for link in [link for link in self._links if link.http2.in_flight]:
            self._remove(link)

    def _look_after(self, link: Link[Tag], now: float) -> list[Ended[Tag]]:
        http2 = link.http2
        if not link.lost and not http2.settled and now - link.began_at > CONNECT_SECONDS:
            link.lost = f"{self._server} did not take a connection within {CONNECT_SECONDS:.0f} s"
        if link.lost or (http2.draining and not http2.in_flight):
            return self._let_go(link, now)
        if http2.settled and not http2.in_flight and now - link.used_at > IDLE_SECONDS:
            self._remove(link)
        else:
            self._selector.modify(link.fd, link.events, link)
        return []

    def _let_go(self, link: Link[Tag], now: float) -> list[Ended[Tag]]:
        lost = link.http2.lose(link.lost)
        self._exposure.broke(now, answered=link.http2.answered)
        self._remove(link)
        if not link.http2.settled and all(other.http2.draining for other in self._links):
            self._unreachable = link.lost
        return lost

    def _remove(self, link: Link[Tag]) -> None:
        if link.fd in self._selector.get_map():
            self._selector.unregister(link.fd)
        self._links.remove(link)
        link.close()
