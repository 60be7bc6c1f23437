"""ProfileStore: the same promises from DynamoDB (moto) and from memory."""

from typing import Any

import orjson
import pytest

from regulars.adapters import dynamo_items
from regulars.adapters.dynamo_profiles import DynamoProfiles
from regulars.domain.collection.change import anonymous_key
from regulars.domain.errors import ConflictError, StoreUnavailableError
from regulars.domain.people.profile import Profile
from regulars.domain.people.traits import KnownTrait
from regulars.ports import ProfileStore, Stored
from tests.contracts.conftest import Tables
from tests.contracts.suite import suite
from tests.examples import person
from tests.fakes.stores import MemoryProfiles


@pytest.fixture
def dynamo(table: Tables) -> ProfileStore:
    return DynamoProfiles(table("ProfilesTable"))


profiles = suite(ProfileStore, adapter="dynamo", fake=MemoryProfiles)


def test_a_profile_comes_back_as_it_was_with_its_version(profiles: ProfileStore) -> None:
    profile = Profile(
        "u1",
        {"näme": KnownTrait([1.5, None, {"a": ""}], "t"), "nothing": KnownTrait(None, "t")},
        {"d1": "t", "d2": "t"},
        {anonymous_key("ä"): "t"},
    )
    profiles.put(profile, expected=0)
    assert profiles.get_many(["u1"]) == {"u1": Stored(profile, 1)}
    profiles.put(Profile("u1"), expected=1)
    assert profiles.get_many(["u1"]) == {"u1": Stored(Profile("u1"), 2)}


@pytest.mark.parametrize("expected", [0, 2])
def test_a_write_that_expects_another_version_is_a_conflict_and_changes_nothing(profiles: ProfileStore, expected: int) -> None:
    first = person("u1", first=True)
    profiles.put(first, expected=0)
    with pytest.raises(ConflictError):
        profiles.put(person("u1", first=False), expected=expected)
    assert profiles.get_many(["u1"]) == {"u1": Stored(first, 1)}


def test_a_write_to_a_profile_that_is_gone_is_a_conflict(profiles: ProfileStore) -> None:
    with pytest.raises(ConflictError):
        profiles.put(Profile("u1"), expected=3)
    assert profiles.get_many(["u1"]) == {}


def test_many_are_written_each_on_its_own_and_those_that_another_wrote_are_named(profiles: ProfileStore) -> None:
    known = [Profile(f"u{n}") for n in range(60)]
    assert profiles.put_many([Stored(profile, 0) for profile in known]) == set()
    profiles.put(person("u7", theirs=1), expected=1)
    ours = [Stored(person(f"u{n}", ours=n), 1) for n in range(60)]
    lost = profiles.put_many([Stored(person("new", ours=1), 0), Stored(person("u8", ours=0), 0), *(one for one in ours if one.value.user_id != "u8")])
    assert set(lost) == {"u7", "u8"}
    found = profiles.get_many(["u7", "u8", "u59", "new"])
    assert found == {
        "u7": Stored(person("u7", theirs=1), 2),
        "u8": Stored(Profile("u8"), 1),
        "u59": Stored(person("u59", ours=59), 2),
        "new": Stored(person("new", ours=1), 1),
    }


def test_many_written_to_profiles_that_are_gone_are_all_named(profiles: ProfileStore) -> None:
    assert set(profiles.put_many([Stored(Profile("u1"), 3), Stored(Profile("u2"), 1)])) == {"u1", "u2"}
    assert profiles.get_many(["u1", "u2"]) == {}
    assert profiles.put_many([]) == set()


def test_unknown_people_are_simply_absent(profiles: ProfileStore) -> None:
    profiles.put(Profile("u1"), expected=0)
    assert set(profiles.get_many(["u1", "u2", "u1"])) == {"u1"}
    assert profiles.get_many([]) == {}


def test_any_number_of_people_can_be_read_at_once(profiles: ProfileStore) -> None:
    everybody = [f"u{n}" for n in range(230)]
    for user_id in everybody:
        profiles.put(Profile(user_id), expected=0)
    found = profiles.get_many(everybody)
    assert {user_id: stored.value for user_id, stored in found.items()} == {user_id: Profile(user_id) for user_id in everybody}


def test_a_table_that_is_not_there_says_so(aws: None) -> None:
    with pytest.raises(StoreUnavailableError):
        DynamoProfiles("nothing").put(Profile("u1"), expected=0)
    with pytest.raises(StoreUnavailableError):
        DynamoProfiles("nothing").get_many(["u1"])
    with pytest.raises(StoreUnavailableError, match="ResourceNotFound"):
        DynamoProfiles("nothing").put_many([Stored(Profile("u1"), 0)])


class ThrottledTable:
    """Answers one key a call and leaves the others unprocessed, as DynamoDB does under load; moto never does."""

    def __init__(self, *, answers: int) -> None:
        self._answers = answers

    def batch_get_item(self, **request: Any) -> dict[str, Any]:
        first, *others = request["RequestItems"]["profiles"]["Keys"]
        found = []
        if self._answers:
            self._answers -= 1
            found = [{**first, "document": {"S": orjson.dumps({"user_id": first["user_id"]["S"]}).decode()}, "version": {"N": "1"}}]
        left = others if found else [first, *others]
        return {"Responses": {"profiles": found}, "UnprocessedKeys": {"profiles": {"Keys": left}} if left else {}}


def throttle(monkeypatch: pytest.MonkeyPatch, table: object) -> None:
    monkeypatch.setattr(dynamo_items, "client", lambda service, **_: table)
    monkeypatch.setattr(dynamo_items, "back_off", lambda attempt: None)


def test_keys_that_dynamodb_leaves_unprocessed_are_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    throttle(monkeypatch, ThrottledTable(answers=3))
    assert set(DynamoProfiles("profiles").get_many(["u1", "u2", "u3"])) == {"u1", "u2", "u3"}


def test_keys_that_stay_unprocessed_are_an_error_and_not_unknown_people(monkeypatch: pytest.MonkeyPatch) -> None:
    throttle(monkeypatch, ThrottledTable(answers=1))
    with pytest.raises(StoreUnavailableError):
        DynamoProfiles("profiles").get_many(["u1", "u2"])


class ThrottledStatements:
    """Executes one statement a call and refuses the others for now."""

    def __init__(self, *, executes: int) -> None:
        self.executed: list[str] = []
        self._executes = executes

    def batch_execute_statement(self, *, Statements: list[Any]) -> dict[str, Any]:  # noqa: N803
        answers: list[dict[str, Any]] = [{"Error": {"Code": "ThrottlingError", "Message": "later"}} for _ in Statements]
        if len(self.executed) < self._executes:
            self.executed.append(Statements[0]["Parameters"][0]["S"])
            answers[0] = {"TableName": "profiles"}
        return {"Responses": answers}


def test_statements_that_dynamodb_throttles_are_repeated_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    table = ThrottledStatements(executes=3)
    throttle(monkeypatch, table)
    assert DynamoProfiles("profiles").put_many([Stored(Profile(f"u{n}"), 0) for n in range(3)]) == set()
    assert table.executed == ["u0", "u1", "u2"]


def test_statements_that_stay_throttled_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    throttle(monkeypatch, ThrottledStatements(executes=1))
    with pytest.raises(StoreUnavailableError):
        DynamoProfiles("profiles").put_many([Stored(Profile("u1"), 0), Stored(Profile("u2"), 0)])
