"""`deliver` in several processes at once, as a run has it: a shard each."""

import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any

from bench.deliver import Run
from bench.delivery_world import World, deliver_shard
from regulars.adapters.fcm import FcmSender

WORKERS = 2
"""As many as the machines that this is measured on have cores; a run has twice as many."""

_senders: list[FcmSender] = []


@contextmanager
def workers(place: World) -> Iterator[Callable[[str, int], Run]]:
    """Gives what sends a run of so many people in WORKERS shards and says how fast it went, all of them together."""
    began = (place.double.service_account, place.double.url, str(place.double.ca_path))
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn"), initializer=_begin, initargs=began) as pool:

        def send(run_id: str, people: int) -> Run:
            wall = time.perf_counter()
            used = list(pool.map(_deliver, [run_id] * WORKERS, range(WORKERS)))
            seconds = time.perf_counter() - wall
            if (sent := sum(sent for sent, _ in used)) != people:
                raise RuntimeError(f"{sent} of {people} were sent to: nothing to compare")
            return Run(people / seconds, sum(cpu for _, cpu in used) / people * 10_000)

        yield send


def _begin(service_account: Mapping[str, Any], url: str, ca_bundle: str) -> None:
    """What a warm function has."""
    import functions.deliver.handler  # noqa: F401 - sets Python's collector of cycles, as it does for the function

    _senders.append(FcmSender(service_account, base_url=url, ca_bundle=ca_bundle))


def _deliver(run_id: str, shard: int) -> tuple[int, float]:
    """How many were sent to, and the CPU that it took."""
    cpu = time.process_time()
    done = deliver_shard(_senders[0], run_id, shard)
    return done.sent, time.process_time() - cpu
