"""A run that is paused, resumed and aborted at drawn moments, while calls die, answers are lost, FCM puts off, and two executions deliver at once:
what the phones got, and what is written down, agree at the end."""

from collections import Counter
from contextlib import suppress
from datetime import timedelta
from random import Random

import pytest

from regulars.domain.errors import ConflictError
from regulars.ports import Push, PushResult
from regulars.usecases.abort_run import abort_run
from regulars.usecases.pause_run import pause_run
from tests.fakes.services import MemoryRunner, ScriptedSender
from tests.usecases.delivery_world import CrashError, World, recipient

PEOPLE, SHARDS = 120, 2
CALLS = 30
SEEDS = 6


class Storm:
    """`got` is how many pushes arrived at each phone, by its token."""

    def __init__(self, seed: int, when_unsure: str) -> None:
        self.draw, self.got, self.runner = Random(seed), Counter[str](), MemoryRunner()
        self.world = World(PEOPLE, shards=SHARDS, delivery={"when_unsure": when_unsure, "per_second": 100})
        half = PEOPLE // SHARDS
        everybody = [recipient(f"h{n}", f"d{n}", f"t{n}") for n in range(PEOPLE)]
        self.world.load(everybody[:half], everybody[half:])
        self.calm, self._depth = False, 0
        self.sender = ScriptedSender(self.answer, clock=self.world.clock)

    def answer(self, push: Push, number: int) -> PushResult:
        draw, token = self.draw, f"t{push.key + self._offset}"
        self.world.clock.advance(timedelta(seconds=draw.uniform(0.0, 0.3)))  # type: ignore[attr-defined]
        if not self.calm:
            self.act()
            if draw.random() < 0.02:
                self.got[token] += draw.random() < 0.5
                raise CrashError
            if draw.random() < 0.05:
                self.got[token] += draw.random() < 0.5
                return PushResult(push.key, "unknown", "no_answer")
            if draw.random() < 0.05:
                return PushResult(push.key, "later", "unavailable", delay=1.0)
        self.got[token] += 1
        return PushResult(push.key, "sent")

    def act(self) -> None:
        """Somebody does something with the run, or another execution of it has the same idea."""
        draw = self.draw.random()
        with suppress(ConflictError):
            if draw < 0.02:
                pause_run("spring-1", by="ina", runs=self.world.runs, clock=self.world.clock)
            elif draw < 0.03:
                self.resume()
            elif draw < 0.033:
                abort_run("spring-1", by="otto", runs=self.world.runs, campaign_runner=self.runner, clock=self.world.clock)
            elif draw < 0.06 and self._depth < 2:
                self.call(self.draw.randrange(SHARDS))

    def call(self, shard: int) -> None:
        before, self._offset = getattr(self, "_offset", 0), shard * PEOPLE // SHARDS
        self._depth += 1
        with suppress(CrashError):
            newest = self.world.runs.get("spring-1").value.executions
            self.world.deliver(self.sender, shard=shard, execution=max(1, newest - self.draw.randrange(2)))
        self._depth -= 1
        self._offset = before

    def resume(self) -> None:
        stored = self.world.runs.get("spring-1")
        if stored.value.pause:
            number = stored.value.executions + self.draw.randrange(2)
            self.world.runs.put(stored.value.resumed(number, self.world.clock.now()), expected=stored.version)

    def rage(self) -> None:
        for _ in range(CALLS):
            self.call(self.draw.randrange(SHARDS))
            self.world.clock.advance(timedelta(seconds=self.draw.uniform(0, 20)))  # type: ignore[attr-defined]
            self.resume()

    def pass_(self) -> None:
        """Nothing happens any more, and each shard is delivered to its end."""
        self.calm = True
        self.resume()
        for shard in range(SHARDS):
            for _ in range(50):
                self.world.clock.advance(timedelta(minutes=2))  # type: ignore[attr-defined]
                self._offset = shard * PEOPLE // SHARDS
                if self.world.deliver(self.sender, shard=shard).done:
                    break
            else:
                raise AssertionError("it never ends")


@pytest.mark.parametrize("when_unsure", ["skip", "resend"])
@pytest.mark.parametrize("seed", range(SEEDS))
def test_whatever_happens_nobody_gets_two_under_skip_and_nobody_is_missed_under_resend(seed: int, when_unsure: str) -> None:
    storm = Storm(seed, when_unsure)
    storm.rage()
    storm.pass_()
    run, fates, got = storm.world.runs.get("spring-1").value, storm.world.fates, storm.got
    arrived = {f"h{n}": got[f"t{n}"] for n in range(PEOPLE)}
    if when_unsure == "skip":
        assert max(arrived.values()) == 1
    for user, (outcome, _) in fates.items():
        assert outcome in ("sent", "unknown")
        assert outcome == "unknown" or arrived[user] >= 1, user
    if run.error:
        assert (run.shown_state, run.stopped_by) == ("aborted", "otto")
        assert all(arrived[user] == 0 for user in arrived.keys() - fates.keys()), "somebody got it of whom nothing is known"
    else:
        assert fates.keys() == arrived.keys(), "somebody is lost"
        assert when_unsure == "skip" or all(arrived.values()), "somebody is missed"
    assert all(progress.value.is_settled for progress in storm.world.progress.stored.values())


def test_the_storm_is_one() -> None:
    """Of so many, some are aborted, and in most calls something happened."""
    storms = [Storm(seed, "skip") for seed in range(SEEDS)]
    for storm in storms:
        storm.rage()
    ends = [storm.world.runs.get("spring-1").value.shown_state for storm in storms]
    assert 0 < ends.count("aborted") < SEEDS, ends
