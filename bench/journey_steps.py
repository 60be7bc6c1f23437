"""What a step of a person costs live, in dollars by counted requests and units, and how soon an event becomes a push on the local cloud."""

import json
import os
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from bench.amounts import Amounts
from bench.cost_campaign import fill_profiles
from bench.metered_cloud import MeteredCloud, metered_cloud
from bench.table import BenchRow
from local.ports import first_free_port
from regulars.domain import prices
from regulars.domain.journeys.inputs import Due, JourneyInput, Trigger, input_document

TOGETHER: Final = 10
"""Inputs in a call of the worker: the most of a FIFO queue, and what there is when many people do something."""
BATCHES: Final = 6
STEP_USD: Final = 2.5
"""Per million, the most that it may be."""
FIFO_REQUESTS: Final = 4
"""Of a batch: sent by the fast lane and by load, received and deleted."""

INDEXED: Final = {"dynamodb_write": 1.0}
"""A unit of the index, which the meter does not see, for an entry that comes or goes
(https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html#GSI.ThroughputConsiderations.Writes)."""

PER_SECOND: Final = 50
SECONDS: Final = 10
WITHIN: Final = 1.0
KNOWN_SECONDS: Final = 11.0
"""So soon what is launched is known to every function."""

_REST: Final[Mapping[str, Any]] = {
    "id": "rest",
    "entry": {"event": "Came", "max_age": "2d"},
    "start": "day",
    "steps": {"day": {"wait": "1d", "then": "tell"}, "tell": {"message": {"push": {"title": "Hi {{ person.traits.firstName }}"}}, "then": None}},
}
_SAY: Final[Mapping[str, Any]] = {
    "id": "say",
    "entry": {"event": "Came"},
    "start": "tell",
    "steps": {"tell": {"message": {"push": {"title": "{{ event.number }}"}}, "then": "day"}, "day": {"wait": "1d", "then": None}},
}


def rows() -> list[BenchRow]:
    came, told, capped = _steps()
    both = (came + told) / 2
    each = f"one that only waits ${came:.2f}, one that sends ${told:.2f} (${capped:.2f} under a cap)"
    note = f"dollars a million that it may cost; one in two sends a message: {each}"
    late = _push_seconds()
    at = f"seconds that it may take: 95 of 100, at {PER_SECOND} events a second for {SECONDS} s, functions, cloud and client on this machine"
    return [
        BenchRow("journeys, a step of a person", both, STEP_USD, both / STEP_USD, "$ / million", note),
        BenchRow("journeys, from an event to the push", late, WITHIN, late / WITHIN, "s", at),
    ]


def _steps() -> tuple[float, float, float]:
    """Dollars per million: of somebody who comes in and waits, of somebody whose wait is over and who is sent to, and the same under a cap."""
    from local import fcm

    double = fcm.start()
    try:
        with metered_cloud(double) as cloud:
            people = TOGETHER * (BATCHES + 1)
            fill_profiles(cloud, people)
            cloud.fill_secret()
            came, told = _both(cloud, _REST, people)
            _, capped = _both(cloud, {**_REST, "id": "capped", "delivery": {"cap": {"count": 3, "within": "7d"}}}, people)
            return came, told, capped
    finally:
        double.stop()


def _both(cloud: MeteredCloud, journey: Mapping[str, Any], people: int) -> tuple[float, float]:
    """Coming in and waiting, and being sent to, of people to whom nothing else happens."""
    _launch(cloud, {**journey, "entry": {**journey["entry"], "event": journey["id"]}})
    now = datetime.now(UTC)
    yesterday = now - timedelta(hours=25)  # so that their day is over as soon as they are in
    came = _counted(cloud, [Trigger(f"user-{number}", "event", journey["id"], yesterday, f"m{number}") for number in range(people)])
    told = _counted(cloud, [Due(f"user-{number}", journey["id"], "", now) for number in range(people)])
    return _usd(came.add(INDEXED)), _usd(told.add(INDEXED))


def _counted(cloud: MeteredCloud, inputs: Sequence[JourneyInput]) -> Amounts:
    """Of one person, what the worker used in batches; the first one, which is cold, is left out."""
    records = [{"messageId": str(place), "body": input_document(this)} for place, this in enumerate(inputs)]
    batches = [records[start : start + TOGETHER] for start in range(0, len(records), TOGETHER)]
    cloud.invoke("AdvanceFunction", {"Records": batches[0]})
    found = Amounts()
    for batch in batches[1:]:
        answer, used = cloud.invoke("AdvanceFunction", {"Records": batch})
        if answer["batchItemFailures"]:
            raise RuntimeError(f"the worker could not move people: {answer}")
        found.add(used.amounts)
    return found.times(1 / (TOGETHER * (len(batches) - 1))).add({"sqs_fifo_request": FIFO_REQUESTS / TOGETHER})


def _usd(amounts: Amounts) -> float:
    return prices.usd(amounts) * 1e6


def _launch(cloud: MeteredCloud, document: Mapping[str, Any]) -> None:
    from regulars import wiring
    from regulars.usecases.launch_journey import launch_journey
    from regulars.usecases.put_journey import put_journey

    with cloud.in_environment("AdminFunction"):
        definitions, lake, clock = wiring.definitions(), wiring.lake(), wiring.clock()
        put_journey(document, by="bench", definitions=definitions, lake=lake, clock=clock)
        registry, trigger = wiring.journey_registry(), _NoTrigger()
        launch_journey(document["id"], by="bench", registry=registry, definitions=definitions, lake=lake, wake=trigger, clock=clock)


class _NoTrigger:
    def start(self) -> None:
        """What is counted is invoked from here."""


def _push_seconds() -> float:
    """Seconds from a client's call to the double's answer, of 95 in 100; each event is of somebody else, whose telephone is known."""
    people = PER_SECOND * SECONDS
    with _Running() as platform:
        for start in range(0, people, PER_SECOND):
            platform.collect("batch", {"batch": [_registered(number) for number in range(start, start + PER_SECOND)]})
        platform.command("flush")
        platform.put_journey(_SAY)
        platform.command("journey", "launch", _SAY["id"], "--yes")
        time.sleep(KNOWN_SECONDS)
        sent: dict[int, float] = {}

        def come(number: int) -> None:
            sent[number] = time.time()
            platform.collect("track", {"event": "Came", "userId": f"user-{number}", "messageId": f"m{number}", "properties": {"number": number}})

        with ThreadPoolExecutor(PER_SECOND) as clients:
            begun = time.time()
            for number in range(people):
                time.sleep(max(0.0, begun + number / PER_SECOND - time.time()))
                clients.submit(come, number)
        return _of_95(sorted(arrived - sent[number] for number, arrived in platform.arrived(people).items()))


def _registered(number: int) -> Mapping[str, Any]:
    device = {"id": f"phone-{number}", "type": "android", "token": f"{number:08d}:APA91b{'t' * 100}"}
    return {"type": "identify", "userId": f"user-{number}", "traits": {"firstName": "Ada"}, "context": {"device": device}}


def _of_95(waits: Sequence[float]) -> float:
    return waits[int(len(waits) * 0.95)]


class _Running:
    """`regulars up` in a process of its own, and its clients."""

    def __enter__(self) -> "_Running":
        self._regulars = Path(sys.executable).with_name("regulars")
        command = [str(self._regulars), "up", "--json", "--port", str(first_free_port(23_000)), "--write-key", "bench"]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self._info = json.loads(self._process.stdout.readline())
        self._trusted = ssl.create_default_context(cafile=self._info["ca"])
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(30)

    def command(self, *words: str) -> None:
        """Raises CalledProcessError."""
        environment = {**os.environ, "REGULARS_API": self._info["api"], "REGULARS_TOKEN": self._info["token"]}
        subprocess.run([self._regulars, *words], env=environment, check=True, capture_output=True)

    def put_journey(self, document: Mapping[str, Any]) -> None:
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            file.write(json.dumps(document))
            file.flush()
            self.command("journey", "put", file.name)

    def collect(self, call: str, body: Mapping[str, Any]) -> None:
        content = json.dumps({**body, "writeKey": "bench"}).encode()
        request = urllib.request.Request(f"{self._info['api']}/v1/{call}", content, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            answer.read()

    def arrived(self, people: int, patience: float = 60.0) -> Mapping[int, float]:
        """When each number came to the double, in seconds since 1970. Raises RuntimeError where not all of them do."""
        end, found = time.monotonic() + patience, dict[int, float]()
        while len(found) < people:
            if time.monotonic() > end:
                raise RuntimeError(f"{len(found)} of {people} pushes came to the double")
            time.sleep(0.5)
            with urllib.request.urlopen(f"{self._info['fcm']}/__admin/messages?since=0", context=self._trusted, timeout=60) as answer:
                for each in json.loads(answer.read())["messages"]:
                    found[int(each["body"]["message"]["notification"]["title"])] = _seconds(each["at"])
        return found


def _seconds(at: Any) -> float:
    return float(at) if isinstance(at, int | float) else datetime.fromisoformat(at).timestamp()
