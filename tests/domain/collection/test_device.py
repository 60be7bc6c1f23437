"""What an event says of the device that it came from."""

import hashlib
from typing import Any

import pytest

from regulars.domain.collection.device import MAX_TARGET_LENGTH, DeviceSeen, PushTarget, device_of

TOKEN, FID = PushTarget("token", "t1"), PushTarget("fid", "f1")


def seen(device: Any, name: str = "Order Completed", properties: dict[str, Any] | None = None, **context: Any) -> DeviceSeen | None:
    return device_of(name, {"device": device, **context}, properties or {})


def test_everything_that_a_mobile_sdk_tells_is_read() -> None:
    device = {"id": "d1", "token": "t1", "type": "iOS", "model": "iPhone17,1", "advertisingId": "x"}
    found = seen(device, locale="de-AT", timezone="Europe/Vienna", app={"version": "5.2.0", "build": "77"})
    assert found == DeviceSeen("d1", TOKEN, "ios", "de-AT", "Europe/Vienna", "5.2.0", registers=True)


@pytest.mark.parametrize("device", [{"id": "d1", "fid": "f1"}, {"id": "d1", "fid": " f1 ", "token": "t1"}])
def test_an_app_that_tells_its_installation_id_is_found_by_that(device: dict[str, Any]) -> None:
    assert seen(device) == DeviceSeen("d1", FID, registers=True)


def test_an_event_without_a_target_registers_nothing() -> None:
    assert seen({"id": "d1"}) == DeviceSeen("d1")


def test_ids_and_tokens_are_trimmed() -> None:
    assert seen({"id": " d1\n", "token": "\tt1 "}) == DeviceSeen("d1", TOKEN, registers=True)


@pytest.mark.parametrize("target", [TOKEN, FID])
def test_a_device_without_an_id_is_known_by_its_target(target: PushTarget) -> None:
    found = seen({target.kind: target.value})
    assert found is not None and found.id == f"{target.kind}:{hashlib.sha256(target.value.encode()).hexdigest()[:16]}"


@pytest.mark.parametrize("name", ["Device Registered", "Device Created or Updated"])
@pytest.mark.parametrize(
    ("properties", "target"),
    [
        ({"device_id": "d1", "token": "t1", "platform": "Android"}, TOKEN),
        ({"device_id": "d1", "fid": "f1", "type": "android"}, FID),
    ],
)
def test_a_registration_may_tell_of_the_device_in_its_properties(name: str, properties: dict[str, Any], target: PushTarget) -> None:
    assert device_of(name, {}, properties) == DeviceSeen("d1", target, "android", registers=True)


@pytest.mark.parametrize(("said", "on"), [(True, True), ("true", True), ("false", False), (False, False), ("denied", None), (1, None), (None, None)])
def test_whether_notifications_are_on_is_read_from_the_device_and_from_a_registration(said: Any, on: bool | None) -> None:
    found = seen({"id": "d1", "push_enabled": said})
    assert found is not None and found.push_enabled is on
    told = seen({"id": "d1", "token": "t1"}, "Device Created or Updated", {"push_enabled": said})
    assert told is not None and told.push_enabled is on


def test_what_a_registration_says_itself_goes_before_its_context() -> None:
    assert seen({"id": "d1", "token": "old", "type": "ios"}, "Device Registered", {"token": "t1"}) == DeviceSeen("d1", TOKEN, "ios", registers=True)


def test_properties_of_any_other_event_are_no_device() -> None:
    assert device_of("Order Completed", {}, {"device_id": "d1", "token": "t1"}) is None


@pytest.mark.parametrize("name", ["Device Deleted", "Device Unregistered"])
def test_a_device_that_is_deleted_says_that_nothing_leads_to_it(name: str) -> None:
    assert seen({"id": "d1", "token": "t1"}, name) == DeviceSeen("d1", None, registers=True)
    by_token = seen({"token": "t1"}, name)
    assert by_token is not None and (by_token.target, by_token.id) == (None, f"token:{hashlib.sha256(b't1').hexdigest()[:16]}")


@pytest.mark.parametrize("name", ["Signed Out", "Logged Out"])
def test_whoever_signs_out_leaves_the_device(name: str) -> None:
    assert seen({"id": "d1"}, name) == DeviceSeen("d1", signed_out=True)


@pytest.mark.parametrize("device", ["phone", [], None, {}, {"id": 7, "token": ["t"], "type": ""}, {"id": "a\nb", "token": " "}, {"id": "x" * 256}])
def test_what_makes_no_sense_as_a_device_is_none(device: Any) -> None:
    assert seen(device) is None


def test_a_token_that_no_message_could_carry_is_none() -> None:
    assert seen({"id": "d1", "token": "t" * MAX_TARGET_LENGTH}) != DeviceSeen("d1")
    assert seen({"id": "d1", "token": "t" * (MAX_TARGET_LENGTH + 1)}) == DeviceSeen("d1")


def test_a_browser_that_only_says_what_it_is_has_its_platform_kept() -> None:
    assert seen({"type": "Web"}) == DeviceSeen(None, platform="web")


@pytest.mark.parametrize("context", [{"app": "5.2"}, {"app": {"version": 5}}, {"locale": ["de"], "timezone": 1}])
def test_a_context_that_makes_no_sense_costs_nothing_else(context: dict[str, Any]) -> None:
    assert seen({"id": "d1"}, **context) == DeviceSeen("d1")
