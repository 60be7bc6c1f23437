"""Delivery: messages a second and CPU of our sender against firebase-admin's `send_each`, through the same double, in turns."""

import gc
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import orjson

from bench.firebase import firebase_at
from bench.people_store import token
from bench.table import BenchRow
from local.fcm import FcmDouble, start
from regulars.adapters.fcm import FcmSender
from regulars.domain.collection.device import PushTarget
from regulars.domain.messages.fcm import fcm_message
from regulars.ports import Push

LATENCY = 0.06
"""Seconds an answer takes, about what FCM's do."""
ROUNDS = 2
OURS, THEIRS, THEIR_BATCH = 20_000, 1_000, 500  # two seconds or more of each
UNLIMITED = 1_000_000.0
TITLE, BODY = "Your cart is waiting", "3 items are left in it, complete the order today and save 10%"


class Run(NamedTuple):
    per_second: float
    cpu: float
    """Seconds of CPU a 10,000 messages, building them included."""


def rows() -> list[BenchRow]:
    """The bare sender's; what the whole of `deliver` does is `delivery`'s."""
    double = start()
    try:
        double.set_faults(latency=LATENCY)
        ours, theirs = [], []
        sender = FcmSender(double.service_account, base_url=double.url, ca_bundle=str(double.ca_path))
        with firebase_at(double) as app:
            # Both once before they are measured: imports, connections, access tokens.
            _send_ours(sender, 100)
            send_theirs(app, 100)
            for _ in range(ROUNDS):
                ours.append(measured(lambda: _send_ours(sender, OURS), OURS))
                theirs.append(measured(lambda: send_theirs(app, THEIRS), THEIRS))
        _check(double)
    finally:
        double.stop()
    note = f"firebase-admin send_each, answers after {LATENCY * 1000:.0f} ms"
    return [
        row("deliver, sender: rate", [one.per_second for one in ours], [one.per_second for one in theirs], "messages/s", f"{note}; higher is better"),
        row("deliver, sender: CPU", [one.cpu for one in ours], [one.cpu for one in theirs], "s / 10,000 messages", f"{note}; lower is better"),
    ]


def row(name: str, ours: list[float], theirs: list[float], unit: str, note: str) -> BenchRow:
    mine, peer = statistics.median(ours), statistics.median(theirs)
    return BenchRow(name, mine, peer, mine / peer, unit, note)


def measured(send: Callable[[], None], count: int) -> Run:
    wall, cpu = time.perf_counter(), time.process_time()
    send()
    return Run(count / (time.perf_counter() - wall), (time.process_time() - cpu) / count * 10_000)


def _data(number: int) -> dict[str, str]:
    return {"campaign_id": "bench", "run_id": "bench", "variant": "a", "message_id": f"bench:{number}"}


def _send_ours(sender: FcmSender, count: int) -> None:
    push = {"title": TITLE, "body": BODY, "collapse_key": "cart", "ttl": "86400s"}
    pushes = (
        Push(number, orjson.dumps({"message": fcm_message(push, PushTarget("token", token(number)), _data(number))})) for number in range(count)
    )
    sent = 0
    with sender.open(per_second=UNLIMITED) as session:
        session.take(pushes)
        while session.busy:
            sent += sum(result.outcome == "sent" for result in session.results())
    if sent != count:
        raise RuntimeError("our sender did not send every message: nothing to compare")


def send_theirs(app: Any, count: int) -> None:
    from firebase_admin import messaging

    for begin in range(0, count, THEIR_BATCH):
        numbers = range(begin, min(begin + THEIR_BATCH, count))
        messages = [
            messaging.Message(
                token=token(number),
                notification=messaging.Notification(TITLE, BODY),
                data=_data(number),
                android=messaging.AndroidConfig(collapse_key="cart", ttl=86400),
            )
            for number in numbers
        ]
        if messaging.send_each(messages, app=app).success_count != len(messages):
            raise RuntimeError("firebase-admin did not send every message: nothing to compare")


@contextmanager
def untuned_collector() -> Iterator[None]:
    """Python's collector of cycles as it is by itself, which our function changes: the peer has it so."""
    ours = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    try:
        yield
    finally:
        gc.set_threshold(*ours)


def _check(double: FcmDouble) -> None:
    expected = 200 + ROUNDS * (OURS + THEIRS)
    accepted = double.counts()["accepted"]
    if accepted != expected:
        raise RuntimeError(f"the double accepted {accepted} messages in place of {expected}")
