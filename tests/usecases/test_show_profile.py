from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from regulars.domain.errors import InvalidRequestError, NotFoundError
from regulars.ports import Stored
from regulars.usecases.show_profile import show_profile

ADA = {"user_id": "ada", "traits": {"plan": {"value": "pro", "at": "2026-01-01T00:00:00Z"}}, "devices": {}}


class Profiles:
    def get_many(self, user_ids: Sequence[str]) -> Mapping[str, Stored]:
        return {"ada": Stored(ADA, 3)} if "ada" in user_ids else {}

    def put(self, user_id: str, document: dict[str, Any], *, expected: int) -> None:
        raise AssertionError("showing writes nothing")


def test_a_known_person_is_shown_whole() -> None:
    assert show_profile("ada", profiles=Profiles()) == ADA


def test_an_unknown_person_is_not_found() -> None:
    with pytest.raises(NotFoundError, match="'bob'"):
        show_profile("bob", profiles=Profiles())


def test_an_empty_id_is_refused() -> None:
    with pytest.raises(InvalidRequestError, match="user_id"):
        show_profile("", profiles=Profiles())
