"""A shard is whatever files Athena cut it into: what is sent does not depend on it, and memory does not grow with it."""

import gzip
import json
import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.campaigns.places import manifest_key
from regulars.domain.campaigns.shards import Fingerprints, Shard, read_recipients, shard_manifest
from regulars.domain.delivery.recipients import WINDOW, windows
from regulars.domain.errors import ShardCutOffError
from tests.drawn import drawn
from tests.fakes.services import ScriptedSender
from tests.usecases.delivery_world import World, crash_after, recipient

PEOPLE = 40


def cut(world: World, sizes: list[int]) -> None:
    """The world's people, in files of these sizes and a last one for the rest; an empty file is one, too."""
    rows = [json.dumps(recipient(f"h{n}", f"d{n}", f"t{n}")).encode() + b"\n" for n in range(PEOPLE)]
    keys = []
    for number, size in enumerate([*sizes, PEOPLE]):
        keys.append(f"runs/spring-1/recipients/1/shard=0/{number:03d}")
        world.lake.content[keys[-1]] = gzip.compress(b"".join(rows[:size]))
        del rows[:size]
    world.lake.content[manifest_key("spring-1")] = shard_manifest("spring-1", [Shard(0, keys)])


@drawn(50)
@given(st.lists(st.integers(0, PEOPLE), max_size=12), st.integers(1, 2000))
def test_any_cutting_into_files_gives_the_same_pushes(sizes: list[int], chunk: int) -> None:
    world = World(PEOPLE)
    world.lake.chunk = chunk
    cut(world, sizes)
    assert world.deliver().done
    assert sorted(world.sender.tokens) == sorted(f"t{n}" for n in range(PEOPLE))
    assert set(world.fates.values()) == {("sent", None)}


@given(st.lists(st.integers(0, PEOPLE), max_size=6), st.integers(0, PEOPLE - 1))
@drawn(25)
def test_however_it_is_cut_nobody_is_sent_to_twice_after_a_crash(sizes: list[int], sent: int) -> None:
    world = World(PEOPLE)
    cut(world, sizes)
    crashed = crash_after(sent)
    with pytest.raises(Exception):  # noqa: B017
        world.deliver(crashed)
    assert world.deliver().done
    tokens = crashed.tokens + world.sender.tokens
    assert len(tokens) == len(set(tokens))
    assert len(world.fates) == PEOPLE


def test_a_file_of_several_gzip_members_in_any_pieces_is_one() -> None:
    lines = [json.dumps({"user_id": f"h{n}", "arm": "a"}).encode() for n in range(7)]
    body = gzip.compress(lines[0] + b"\n" + lines[1]) + gzip.compress(b"\n" + b"\n".join(lines[2:]))
    for size in range(1, len(body) + 1):
        pieces = [body[start : start + size] for start in range(0, len(body), size)]
        assert [person.user_id for person in read_recipients(pieces, "a.gz")] == [f"h{n}" for n in range(7)]


# ------------------------------------------------------------------------------------------------------- cut off


@drawn(50)
@given(st.integers(1, 400), st.integers(1, 3000))
def test_whoever_comes_before_the_place_where_a_file_is_cut_off_is_sent_to_and_the_place_is_named(missing: int, chunk: int) -> None:
    world, key = World(PEOPLE), "runs/spring-1/recipients/1/shard=0/000"
    cut(world, [])
    body = world.lake.content[key]
    world.lake.chunk, world.lake.content[key] = chunk, body[: max(1, len(body) - missing)]
    with pytest.raises(ShardCutOffError, match=f"{key} is cut off at byte {max(1, len(body) - missing):,}"):
        world.deliver()
    assert set(world.fates.values()) <= {("sent", None)}
    assert len(world.sender.tokens) == len(world.fates) < PEOPLE or missing <= 8
    assert world.settle() == 0


def test_what_is_no_gzip_says_where() -> None:
    whole = gzip.compress(b'{"user_id": "h1", "arm": "a"}\n')
    with pytest.raises(ShardCutOffError, match=rf"a\.gz is no gzip between bytes {len(whole)} and {len(whole) + 15}"):
        list(read_recipients([whole + b"not gzip at all"], "a.gz"))


def test_a_shard_that_is_cut_off_keeps_no_other_from_its_people() -> None:
    world = World(2, shards=2)
    world.load([recipient("h0", "d0", "t0")], [recipient("h1", "d1", "t1")])
    world.lake.content["runs/spring-1/recipients/1/shard=0/a.gz"] = world.lake.content["runs/spring-1/recipients/1/shard=0/a.gz"][:10]
    world.register("h1", d1="renewed")  # so that the tokens of all shards are asked for
    assert world.deliver(shard=1).sent == 1


# ------------------------------------------------------------------------------------------------------- memory


def file_of(people: int) -> bytes:
    return gzip.compress(b"".join(json.dumps(recipient(f"h{n}", f"d{n}", f"t{n}")).encode() + b"\n" for n in range(people)), 1)


def peak(work: Iterator[object]) -> int:
    """Bytes that going through it had allocated at most, beyond what was there before."""
    tracemalloc.start()
    try:
        for _ in work:
            pass
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_reading_a_file_four_times_as_long_takes_no_more_memory() -> None:
    def pieces(body: bytes) -> Iterator[bytes]:
        return (body[start : start + 10_000] for start in range(0, len(body), 10_000))

    short, long = (peak(windows(read_recipients(pieces(file_of(people)), "a.gz"))) for people in (20 * WINDOW, 80 * WINDOW))
    assert long < 1.3 * short


def test_fingerprints_take_about_eight_bytes_each() -> None:
    count = 50_000
    marks = (f"{n * 0x9E3779B97F4A7C15 % 2**64:016x}" for n in range(count))
    tracemalloc.start()
    try:
        known = Fingerprints(marks)
        assert tracemalloc.get_traced_memory()[1] < 16 * count + 4096 * 120
    finally:
        tracemalloc.stop()
    assert f"{7 * 0x9E3779B97F4A7C15 % 2**64:016x}" in known
    assert "0000000000000001" not in known


def test_the_sender_of_a_file_is_asked_for_no_more_than_it_can_hold() -> None:
    world = World(0)
    world.lake.content["runs/spring-1/recipients/1/shard=0/a.gz"] = file_of(3 * WINDOW)
    assert world.deliver(ScriptedSender()).skipped == 3 * WINDOW
