"""The whole of `deliver`, from the shard's object to the journal's, against firebase-admin's `send_each` alone and our sender alone, in turns."""

import statistics
from collections.abc import Sequence

import orjson

from bench.deliver import LATENCY, Run, measured, row, send_theirs, untuned_collector
from bench.delivery_workers import WORKERS, workers
from bench.delivery_world import PUSH, TITLE, World, world
from bench.firebase import firebase_at
from bench.people_store import TRAITS, token
from bench.table import BenchRow
from regulars.domain.campaigns.run import PARALLEL_WORKERS
from regulars.domain.collection.device import PushTarget
from regulars.domain.messages.fcm import fcm_message
from regulars.ports import Push

PEOPLE, THEIRS = 10_000, 1_000
ROUNDS = 3


def rows() -> list[BenchRow]:
    with world(latency=LATENCY) as place, firebase_at(place.double) as app, workers(place) as together:
        ours, counted, theirs, bare, shared = list[Run](), list[Run](), list[Run](), list[Run](), list[Run]()
        for number in range(ROUNDS + 1):
            ours.append(_whole(place, f"bench-{number}", notes=False))
            counted.append(_whole(place, f"counted-{number}", notes=True))
            bare.append(measured(lambda: send(place, PEOPLE), PEOPLE))
            place.launch(f"shared-{number}", _shared(PEOPLE * WORKERS))
            shared.append(together(f"shared-{number}", PEOPLE * WORKERS))
            with untuned_collector():
                theirs.append(measured(lambda: send_theirs(app, THEIRS), THEIRS))
    ours, counted, theirs, bare, shared = ours[1:], counted[1:], theirs[1:], bare[1:], shared[1:]  # the first warms up
    note = f"firebase-admin send_each, answers after {LATENCY * 1000:.0f} ms; a person has {TRAITS} traits and one device"
    peer_rate, peer_cpu = _rates(theirs), _cpu(theirs)
    mine, floor = statistics.median(_cpu(ours)) * 100, statistics.median(_cpu(bare)) * 100
    return [
        row("deliver, the whole: rate", _rates(ours), peer_rate, "messages/s", f"{note}; higher is better"),
        row(f"deliver, {WORKERS} workers: rate", _rates(shared), peer_rate, "messages/s", f"{note}; a run has {PARALLEL_WORKERS} workers"),
        row("deliver, the whole: CPU", _cpu(ours), peer_cpu, "s / 10,000 messages", f"{note}; lower is better"),
        row("deliver, counted for caps: CPU", _cpu(counted), peer_cpu, "s / 10,000 messages", f"{note}; lower is better"),
        BenchRow("deliver, CPU a message", mine, floor, mine / floor, "us", "our sender alone; lower is better"),
    ]


def _whole(place: World, run_id: str, *, notes: bool) -> Run:
    place.launch(run_id, [range(PEOPLE)], notes=notes)
    return measured(lambda: _deliver(place, run_id), PEOPLE)


def _rates(runs: Sequence[Run]) -> list[float]:
    return [one.per_second for one in runs]


def _cpu(runs: Sequence[Run]) -> list[float]:
    return [one.cpu for one in runs]


def _shared(people: int) -> list[range]:
    each = people // WORKERS
    return [range(each * number, each * (number + 1)) for number in range(WORKERS)]


def _deliver(place: World, run_id: str) -> None:
    done = place.deliver(run_id, 0)
    if done.sent != PEOPLE:
        raise RuntimeError(f"{done.sent} of {PEOPLE} were sent to: nothing to compare")


def send(place: World, people: int) -> None:
    """As many messages of the same form."""
    data, push = {"campaign_id": "bench", "run_id": "bench", "variant": "treated", "message_id": "0" * 32}, {"title": TITLE, **PUSH}
    pushes = (Push(number, orjson.dumps({"message": fcm_message(push, PushTarget("token", token(number)), data)})) for number in range(people))
    with place.sender.open(per_second=100_000) as session:
        session.take(pushes)
        while session.busy:
            session.results()
