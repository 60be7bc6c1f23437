"""ObjectStore: the same promises from S3 (moto) and from memory."""

from collections.abc import Callable

import boto3
import pytest

from regulars.adapters import s3_objects
from regulars.adapters.s3_objects import S3Objects
from regulars.domain.errors import NotFoundError, StoreUnavailableError
from regulars.ports import ObjectStore
from tests.contracts.suite import suite
from tests.fakes.stores import MemoryObjects


@pytest.fixture
def s3(aws: None) -> ObjectStore:
    boto3.client("s3").create_bucket(Bucket="lake")
    return S3Objects("lake")


def shut() -> ObjectStore:
    store = MemoryObjects()
    store.fails = lambda key: True
    return store


objects = suite(ObjectStore, adapter="s3", fake=MemoryObjects)


def test_what_is_put_can_be_got_and_put_again(objects: ObjectStore) -> None:
    assert objects.put("raw/a", b"\x00one") is True
    assert objects.get("raw/a") == b"\x00one"
    assert objects.put("raw/a", b"two") is True
    assert objects.get("raw/a") == b"two"


def test_only_the_first_put_of_a_key_that_must_be_absent_is_kept(objects: ObjectStore) -> None:
    assert objects.put("claim", b"first", only_if_absent=True) is True
    assert objects.put("claim", b"second", only_if_absent=True) is False
    assert objects.get("claim") == b"first"


def test_a_key_that_is_not_there_is_not_found(objects: ObjectStore) -> None:
    with pytest.raises(NotFoundError, match="raw/nothing"):
        objects.get("raw/nothing")


@pytest.mark.parametrize("size", [0, 1, 999, 1000, 1001, 2500])
def test_an_object_comes_in_pieces_that_make_it_up(objects: ObjectStore, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3_objects, "CHUNK", MemoryObjects.chunk)
    body = bytes(number % 251 for number in range(size))
    objects.put("large", body)
    pieces = list(objects.chunks("large"))
    assert b"".join(pieces) == body
    assert all(len(piece) <= 1000 for piece in pieces)


def test_an_object_is_read_from_the_middle_on(objects: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3_objects, "CHUNK", MemoryObjects.chunk)
    body = bytes(number % 251 for number in range(2500))
    objects.put("large", body)
    assert [len(piece) for piece in objects.chunks("large", start=700)] == [1000, 800]
    assert b"".join(objects.chunks("large", start=700)) == body[700:]
    assert list(objects.chunks("large", start=2500)) == [b""]


def test_a_copy_stays_as_it_was(objects: ObjectStore) -> None:
    objects.put("query-results/1.csv", b"ann")
    objects.copy("query-results/1.csv", "evaluations/1.csv")
    objects.put("query-results/1.csv", b"bob")
    assert objects.get("evaluations/1.csv") == b"ann"
    with pytest.raises(NotFoundError, match="nothing"):
        objects.copy("nothing", "evaluations/2.csv")


def test_that_there_is_no_such_object_is_said_before_the_first_piece(objects: ObjectStore) -> None:
    with pytest.raises(NotFoundError, match="raw/nothing"):
        objects.chunks("raw/nothing")


def test_keys_are_listed_by_prefix_and_in_order(objects: ObjectStore) -> None:
    for key in ("raw/b", "raw/a/2", "raw/a/10", "raws", "quarantine/a"):
        objects.put(key, b"")
    assert list(objects.keys("raw/")) == ["raw/a/10", "raw/a/2", "raw/b"]
    assert list(objects.keys("nothing/")) == []
    assert list(objects.keys("raw/", after="raw/a/10")) == ["raw/a/2", "raw/b"]
    assert list(objects.keys("raw/", after="raw/a/")) == ["raw/a/10", "raw/a/2", "raw/b"], "what it comes after need not be there"


def test_more_keys_than_a_page_holds_are_all_listed(objects: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "3")  # S3's own page is 1,000
    wanted = [f"many/{n}" for n in range(8)]
    for key in wanted:
        objects.put(key, b"")
    assert list(objects.keys("many/")) == wanted


@pytest.mark.parametrize("make", [lambda: S3Objects("nothing"), shut])
def test_a_bucket_that_cannot_be_written_says_so(make: Callable[[], ObjectStore], aws: None) -> None:
    with pytest.raises(StoreUnavailableError):
        make().put("a", b"")


def test_a_bucket_that_is_not_there_is_no_missing_object(aws: None) -> None:
    with pytest.raises(StoreUnavailableError):
        S3Objects("nothing").get("a")
    with pytest.raises(StoreUnavailableError):
        list(S3Objects("nothing").keys(""))


def test_versions_come_by_key_and_differ_where_the_content_does(objects: ObjectStore) -> None:
    for key, body in (("a/2", b"two"), ("a/1", b"one"), ("b/1", b"one")):
        objects.put(key, body)
    before = list(objects.versions("a/"))
    assert [key for key, _ in before] == ["a/1", "a/2"]
    objects.put("a/2", b"another")
    after = list(objects.versions("a/"))
    assert after[0] == before[0] and after[1] != before[1]


def test_a_bucket_that_may_not_be_listed_is_not_one_to_be_tried_again(aws: None) -> None:
    with pytest.raises(NotFoundError, match="there is no bucket theirs that may be listed"):
        next(S3Objects("theirs").versions(""))
