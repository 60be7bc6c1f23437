"""Our side of HTTP/2 against the library `h2` as the server, byte by byte, without a network."""

from typing import Any

import h2.config
import h2.connection
import h2.errors
import h2.events
import h2.settings
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.adapters.http2 import hpack
from regulars.adapters.http2.connection import MAX_STREAMS, Connection, Ended, Exchange, Outcome
from regulars.adapters.http2.frames import CONTINUATION, DATA, END_HEADERS, END_STREAM, GOAWAY, HEADERS, PUSH_PROMISE, RST_STREAM, SETTINGS, frame

REQUEST = [(b":method", b"POST"), (b":scheme", b"https"), (b":authority", b"fcm"), (b":path", b"/send")]
FIELDS = b"".join(hpack.encoded(name, value) for name, value in REQUEST)
OK = [(":status", "200"), ("content-type", "application/json")]


class Peers:
    """A client of ours and a server of `h2`'s, each of which gets what the other wrote by `exchange`."""

    def __init__(self, allowed: int = MAX_STREAMS, settings: dict[int, int] | None = None) -> None:
        self.client: Connection[int] = Connection(allowed)
        self.server = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        if settings:
            self.server.local_settings = h2.settings.Settings(client=False, initial_values=settings)
        self.server.initiate_connection()
        self.seen: list[Any] = []
        self.exchange()

    def exchange(self, cut: int = 1 << 20) -> list[Ended[int]]:
        ended: list[Ended[int]] = []
        while self.client.outgoing or self.server._data_to_send:
            written = bytes(self.client.outgoing)
            self.client.offer(len(written))
            self.client.wrote(len(written))
            self.seen += self.server.receive_data(written)
            came = self.server.data_to_send()
            for at in range(0, len(came), cut):
                ended += self.client.receive(came[at : at + cut])
        return ended

    def start(self, tag: int, body: bytes = b"{}") -> Exchange[int]:
        exchange = Exchange(tag, FIELDS, body, give_up_at=0.0, wait_until=0.0)
        self.client.start(exchange)
        return exchange

    def answer(self, stream: int, body: bytes = b"", fields: list[tuple[str, str]] = OK) -> None:
        self.server.send_headers(stream, fields)
        self.server.send_data(stream, body, end_stream=True)


def outcomes(ended: list[Ended[int]]) -> dict[int, Outcome]:
    return {one.exchange.tag: one.outcome for one in ended}


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=30), st.integers(1, 50))
def test_each_request_arrives_whole_and_has_its_own_answer_however_the_bytes_are_cut(bodies: list[bytes], cut: int) -> None:
    peers = Peers()
    sent = [peers.start(number, body) for number, body in enumerate(bodies)]
    peers.exchange()
    arrived = {event.stream_id: event.data for event in peers.seen if isinstance(event, h2.events.DataReceived)}
    assert [arrived.get(one.stream, b"") for one in sent] == bodies
    for one in reversed(sent):
        peers.answer(one.stream, one.body[::-1], [*OK, ("retry-after", str(one.tag))])
    assert outcomes(peers.exchange(cut)) == dict.fromkeys(range(len(bodies)), Outcome.ANSWERED)
    assert [(one.status, bytes(one.answer), int(one.retry_after)) for one in sent] == [(200, body[::-1], tag) for tag, body in enumerate(bodies)]
    assert peers.client.in_flight == 0


def test_nothing_goes_out_before_the_servers_settings_are_known_and_no_more_than_they_allow() -> None:
    client: Connection[int] = Connection(MAX_STREAMS)
    assert client.room == 0
    peers = Peers(settings={h2.settings.SettingCodes.MAX_CONCURRENT_STREAMS: 3})
    assert peers.client.room == 3
    peers.start(1)
    assert peers.client.room == 2


def test_a_body_waits_for_the_window_of_the_connection_and_of_its_stream() -> None:
    peers = Peers()
    big = b"x" * 40_000
    assert peers.client.has_window(big)
    first = peers.start(1, big)
    assert not peers.client.has_window(big)
    peers.exchange()
    peers.server.acknowledge_received_data(40_000, first.stream)
    peers.exchange()
    assert peers.client.has_window(big)
    small = Peers(settings={h2.settings.SettingCodes.INITIAL_WINDOW_SIZE: 10})
    assert not small.client.has_window(b"x" * 11)
    assert small.client.has_window(b"x" * 10)


def test_what_is_above_the_last_stream_of_a_goaway_was_not_processed_and_the_rest_may_still_be_answered() -> None:
    peers = Peers()
    sent = [peers.start(number) for number in range(5)]
    peers.exchange()
    peers.server.close_connection(last_stream_id=sent[1].stream, additional_data=b"max_age")
    came = peers.server.data_to_send() + frame(HEADERS, END_HEADERS | END_STREAM, sent[0].stream, b"\x88")
    ended = peers.client.receive(came)
    assert outcomes(ended) == {2: Outcome.UNPROCESSED, 3: Outcome.UNPROCESSED, 4: Outcome.UNPROCESSED, 0: Outcome.ANSWERED}
    assert "max_age" in ended[0].error
    assert (peers.client.draining, peers.client.room, peers.client.in_flight) == (True, 0, 1)
    assert outcomes(peers.client.lose("closed")) == {1: Outcome.UNSURE}


def test_a_goaway_that_only_warns_ends_nothing() -> None:
    peers = Peers()
    peers.start(1)
    peers.exchange()
    assert peers.client.receive(frame(GOAWAY, 0, 0, b"\x7f\xff\xff\xff" + bytes(4))) == []
    assert (peers.client.draining, peers.client.in_flight) == (True, 1)


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        (h2.errors.ErrorCodes.REFUSED_STREAM, Outcome.UNPROCESSED),
        (h2.errors.ErrorCodes.CANCEL, Outcome.UNSURE),
        (h2.errors.ErrorCodes.INTERNAL_ERROR, Outcome.UNSURE),
        (h2.errors.ErrorCodes.ENHANCE_YOUR_CALM, Outcome.UNSURE),
    ],
)
def test_only_a_refused_stream_was_surely_not_processed(code: h2.errors.ErrorCodes, outcome: Outcome) -> None:
    peers = Peers()
    sent = [peers.start(1), peers.start(2)]
    peers.exchange()
    peers.server.reset_stream(sent[0].stream, code)
    peers.answer(sent[1].stream)
    assert outcomes(peers.exchange()) == {1: outcome, 2: Outcome.ANSWERED}


def test_a_server_that_refuses_streams_gets_fewer_at_once() -> None:
    peers = Peers()
    sent = [peers.start(number) for number in range(10)]
    peers.exchange()
    for one in sent[4:]:
        peers.server.reset_stream(one.stream, h2.errors.ErrorCodes.REFUSED_STREAM)
    peers.exchange()
    assert peers.client.room == 0


def test_each_answer_allows_one_more_stream() -> None:
    peers = Peers(allowed=2)
    sent = [peers.start(1), peers.start(2)]
    assert peers.client.room == 0
    peers.exchange()
    peers.answer(sent[0].stream)
    peers.exchange()
    assert peers.client.room == 2


def test_a_request_of_which_the_end_has_not_left_was_surely_not_processed() -> None:
    peers = Peers()
    sent = [peers.start(number, b"x" * 1000) for number in range(3)]
    peers.client.offer(sent[0].ends_at - peers.client._written)
    assert outcomes(peers.client.lose("reset")) == {0: Outcome.UNSURE, 1: Outcome.UNPROCESSED, 2: Outcome.UNPROCESSED}


def test_news_before_the_answer_and_trailers_after_it_are_not_the_answer() -> None:
    peers = Peers()
    one = peers.start(1)
    peers.exchange()
    peers.server.send_headers(one.stream, [(":status", "103"), ("link", "</x>")])
    peers.server.send_headers(one.stream, [(":status", "503"), ("retry-after", "7")])
    peers.server.send_data(one.stream, b"no", pad_length=9)
    peers.server.send_headers(one.stream, [("retry-after", "99")], end_stream=True)
    assert outcomes(peers.exchange()) == {1: Outcome.ANSWERED}
    assert (one.status, one.retry_after, bytes(one.answer)) == (503, b"7", b"no")


def test_header_fields_may_come_in_pieces() -> None:
    peers = Peers()
    one = peers.start(1)
    peers.exchange()
    pieces = frame(HEADERS, END_STREAM, one.stream, b"\x88") + frame(CONTINUATION, END_HEADERS, one.stream, b"\x0f\x26\x013")
    assert outcomes(peers.client.receive(pieces)) == {1: Outcome.ANSWERED}
    assert one.retry_after == b"3"


def test_an_answer_that_comes_after_its_request_was_cancelled_is_read_and_dropped() -> None:
    peers = Peers()
    first, second = peers.start(1), peers.start(2)
    peers.exchange()
    peers.answer(first.stream, fields=[*OK, ("x-kept", "in the table")])
    peers.client.cancel(first)
    assert peers.exchange() == []
    peers.answer(second.stream, fields=[*OK, ("x-kept", "in the table")])
    assert outcomes(peers.exchange()) == {2: Outcome.ANSWERED}


def test_pings_are_answered() -> None:
    peers = Peers()
    peers.server.ping(b"12345678")
    peers.exchange()
    assert any(isinstance(event, h2.events.PingAckReceived) for event in peers.seen)


def test_answers_beyond_the_window_go_on_coming() -> None:
    peers = Peers()
    for number in range(20):
        one = peers.start(number)
        peers.exchange()
        peers.server.send_headers(one.stream, OK)
        for _ in range(64):
            peers.server.send_data(one.stream, b"x" * 16_384)
        peers.server.end_stream(one.stream)
        assert outcomes(peers.exchange()) == {number: Outcome.ANSWERED}


@pytest.mark.parametrize(
    ("came", "what"),
    [
        (frame(PUSH_PROMISE, END_HEADERS, 1, bytes(4)), "a push"),
        (frame(HEADERS, END_HEADERS, 1, b"\x80"), "index 0"),
        (frame(HEADERS, END_HEADERS, 1, hpack.encoded(b":status", b"many")), "status"),
        (frame(HEADERS, END_HEADERS, 1, b""), "status"),
        (frame(DATA, END_STREAM, 1, b"x"), "without a status"),
        (frame(HEADERS, 0, 1, b"\x88") + frame(DATA, 0, 1), "interrupted"),
        (frame(CONTINUATION, END_HEADERS, 1, b"\x88"), "never began"),
        (frame(DATA, 0x8, 1, b"\x09xx"), "padding"),
        (frame(SETTINGS, 0, 0, b"12345"), "multiple"),
        (frame(GOAWAY, 0, 0, b"123"), "8 bytes"),
        (b"\xff\xff\xff" + bytes(6), "a frame of"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "a frame of"),
    ],
)
def test_a_server_that_breaks_the_protocol_is_not_believed_from_there_on(came: bytes, what: str) -> None:
    peers = Peers()
    first, second = peers.start(1), peers.start(2)
    peers.exchange()
    good = frame(HEADERS, END_HEADERS | END_STREAM, second.stream, b"\x88")
    assert outcomes(peers.client.receive(good + came + good)) == {2: Outcome.ANSWERED}
    assert what in peers.client.broken
    assert peers.client.room == 0
    assert outcomes(peers.client.lose(peers.client.broken)) == {first.tag: Outcome.UNSURE}


@given(st.binary(max_size=200))
def test_any_bytes_are_survived(came: bytes) -> None:
    peers = Peers()
    peers.start(1)
    peers.exchange()
    peers.client.receive(came)


def test_a_stream_that_was_reset_before_is_not_missed() -> None:
    peers = Peers()
    assert peers.client.receive(frame(RST_STREAM, 0, 99, bytes(4))) == []
    assert not peers.client.broken
