"""Nobody's ids make nobody one person."""

import pytest

from regulars.domain.cleaning.placeholders import is_placeholder
from regulars.domain.cleaning.standards import Standards
from regulars.domain.collection.change import anonymous_key
from regulars.domain.collection.device import PushTarget, made_id
from regulars.domain.collection.rejection import EventRejectedError
from tests.domain.cleaning.samples import ENVELOPE, clean, corrections

NOBODY = ["undefined", "Undefined", "null", "[object Object]", "NaN", "None", "0", "anonymous", "guest", "(null)", "<nil>", '"undefined"', "'null'"]
ZEROS = ["0000", "-", "00000000-0000-0000-0000-000000000000"]
UNFILLED = ["{{userId}}", "${user.id}", "%7B%7BuserId%7D%7D"]


@pytest.mark.parametrize("text", [*NOBODY, *ZEROS, *UNFILLED])
def test_an_id_that_a_mistake_leaves_is_nobodys(text: str) -> None:
    assert is_placeholder(text)


@pytest.mark.parametrize("text", ["u-1", "007", "nannette", "0a", "00000000-0000-0000-0000-000000000001", "Guest House", "{a}", "x"])
def test_an_id_that_could_be_somebodys_is(text: str) -> None:
    assert not is_placeholder(text)


@pytest.mark.parametrize("nobody", [*NOBODY, *ZEROS, *UNFILLED, 0])
def test_nobodys_user_id_leaves_the_event_to_its_anonymous_visitor(nobody: object) -> None:
    event = clean(userId=nobody, anonymousId="a-1", type="identify", traits={"plan": "pro"})
    assert (event.user_id, event.anonymous_id, event.traits) == (None, "a-1", {"plan": "pro"})
    change = event.change()
    assert change is not None and change.user_id == anonymous_key("a-1")
    assert corrections(event) == {"userId": ("placeholder", str(nobody))}


@pytest.mark.parametrize("ids", [{"userId": "undefined"}, {"userId": None, "anonymousId": "null"}, {"userId": "null", "anonymousId": "0"}])
def test_an_event_of_nobody_at_all_is_rejected_with_a_reason_of_its_own(ids: dict[str, str]) -> None:
    with pytest.raises(EventRejectedError, match="is nobody's id, and there is no other") as rejected:
        clean(**ids)
    assert rejected.value.reason == "placeholder_id"


def test_nobodys_anonymous_id_leaves_the_event_to_its_user() -> None:
    event = clean(anonymousId="undefined")
    assert (event.user_id, event.anonymous_id) == ("u-1", None)
    assert corrections(event) == {"anonymousId": ("placeholder", "undefined")}


def test_a_message_id_that_many_share_gives_way_to_one_of_our_own() -> None:
    event = clean(messageId="undefined")
    assert event.message_id == ENVELOPE.event_id(3)
    assert corrections(event) == {"messageId": ("placeholder", "undefined")}


def test_an_alias_of_nobody_joins_nobody_and_a_group_that_is_none_has_no_members() -> None:
    assert clean(type="alias", previousId="undefined").properties == {}
    assert clean(type="group", groupId="null", properties={"a": 1}).properties == {"a": 1}
    assert clean(type="alias", previousId="a-1").properties == {"previousId": "a-1"}


def test_a_device_with_nobodys_id_is_known_by_its_token() -> None:
    event = clean(context={"device": {"id": "00000000-0000-0000-0000-000000000000", "token": "T-1", "type": "ios"}})
    assert event.device is not None
    assert (event.device.id, event.device.target) == (made_id(PushTarget("token", "T-1")), PushTarget("token", "T-1"))
    assert corrections(event) == {"context.device.id": ("placeholder", "00000000-0000-0000-0000-000000000000")}


def test_a_token_that_is_none_reaches_nobody() -> None:
    event = clean(context={"device": {"token": "(null)", "type": "ios"}})
    assert event.device is not None
    assert (event.device.id, event.device.target, event.device.registers) == (None, None, False)


def test_an_advertising_id_of_zeros_is_taken_out() -> None:
    event = clean(context={"device": {"id": "d-1", "advertisingId": "00000000-0000-0000-0000-000000000000"}})
    assert event.context == {"device": {"id": "d-1"}}
    assert corrections(event) == {"context.device.advertisingId": ("placeholder", "00000000-0000-0000-0000-000000000000")}


def test_an_operator_adds_placeholders_of_the_house() -> None:
    standards = Standards.of(" TestKunde ,,dummy", "")
    assert clean(standards, userId="testkunde", anonymousId="a-1").user_id is None
    assert clean(standards, userId="undefined", anonymousId="a-1").user_id is None
    assert clean(userId="testkunde").user_id == "testkunde"


def test_ids_names_and_tokens_lose_what_surrounds_them_and_it_is_noted() -> None:
    event = clean(
        userId="u-1\n",
        anonymousId="\ufeffa-1\u200b",
        messageId="m-1\u00a0",
        event=" Cafe\u0301 Visited\t",
        context={"device": {"id": " d-1", "token": "T-1\r\n"}},
    )
    assert (event.user_id, event.anonymous_id, event.message_id, event.name) == ("u-1", "a-1", "m-1", "Caf\u00e9 Visited")
    assert event.device is not None
    assert (event.device.id, event.device.target) == ("d-1", PushTarget("token", "T-1"))
    assert corrections(event)["userId"] == ("trim", "u-1\n")
    assert set(corrections(event)) == {"userId", "anonymousId", "messageId", "event", "context.device.id", "context.device.token"}


def test_a_number_that_is_an_id_is_no_correction() -> None:
    assert clean(userId=7).corrections == ()
