"""What the claims of a token say about who asks."""

from datetime import UTC, datetime, timedelta

import pytest

from regulars.domain.access import FRESH, GROUPS, SCOPES, caller_of
from regulars.domain.errors import ForbiddenError, SignInAgainError

EVERY = " ".join(SCOPES)
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


def person(groups: str, *, scope: str = EVERY, auth_time: datetime = NOW) -> dict[str, str]:
    return {
        "sub": "8a1f",
        "client_id": "browser",
        "username": "mara",
        "scope": scope,
        "cognito:groups": groups,
        "auth_time": str(int(auth_time.timestamp())),
    }


def at(moment: datetime) -> str:
    return str(int(moment.timestamp()))


def test_a_program_has_the_scopes_of_its_client() -> None:
    caller = caller_of({"sub": "operator", "client_id": "operator", "scope": "regulars/read regulars/send"})
    assert (caller.id, caller.is_person, caller.scopes) == ("operator", False, ["regulars/read", "regulars/send"])


@pytest.mark.parametrize(("group", "may"), GROUPS.items())
def test_a_person_may_what_their_group_may(group: str, may: tuple[str, ...]) -> None:
    caller = caller_of(person(f"[{group}]"))
    assert (caller.name, caller.is_person, set(caller.scopes)) == ("mara", True, set(may))


def test_two_groups_add_up_and_never_beyond_what_the_token_has() -> None:
    assert set(caller_of(person("[analyst privacy_officer]")).scopes) == {"regulars/read", "regulars/query", "regulars/privacy"}
    assert caller_of(person("[marketer]", scope="regulars/read")).scopes == ["regulars/read"]


@pytest.mark.parametrize("groups", ["", "[]", "[admins]", "marketers"])
def test_whoever_is_in_no_group_of_ours_may_nothing_and_hears_who_may(groups: str) -> None:
    caller = caller_of(person(groups))
    assert not caller.scopes
    with pytest.raises(ForbiddenError, match="regulars/read, which the groups marketer, analyst, operator, privacy_officer have"):
        caller.require("regulars/read")


def test_a_token_that_names_nobody_may_nothing_as_a_person() -> None:
    assert caller_of({"client_id": "browser", "scope": EVERY}).scopes == []


def test_a_person_does_what_cannot_be_taken_back_within_ten_minutes_of_signing_in() -> None:
    claims = {**person("[marketer]"), "auth_time": at(NOW)}
    caller_of(claims).require_fresh_sign_in(NOW + FRESH)
    for late in (NOW + FRESH + timedelta(seconds=1), NOW + timedelta(days=1)):
        with pytest.raises(SignInAgainError):
            caller_of(claims).require_fresh_sign_in(late)
    with pytest.raises(SignInAgainError):
        caller_of({**claims, "auth_time": ""}).require_fresh_sign_in(NOW)


def test_a_program_is_not_asked_when_it_signed_in() -> None:
    caller_of({"sub": "operator", "client_id": "operator", "scope": EVERY, "auth_time": "1"}).require_fresh_sign_in(NOW)
