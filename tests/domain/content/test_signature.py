"""Who may tell of content."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest

from regulars.domain.content.signature import OVERLAP, TOLERANCE, SigningSecret, require_signed, signature
from regulars.domain.errors import InvalidSignatureError

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)
SECRET = SigningSecret("cms", "s3cret", NOW)
BODY = b'{"id": "42"}'


def refused(stated: str, *, body: bytes = BODY, secret: SigningSecret = SECRET, now: datetime = NOW) -> bool:
    try:
        require_signed(stated, body, secret, now)
    except InvalidSignatureError:
        return True
    return False


def test_a_signature_is_what_any_language_computes() -> None:
    seconds = str(int(NOW.timestamp()))
    expected = hmac.new(b"s3cret", f"{seconds}.".encode() + BODY, hashlib.sha256).hexdigest()
    assert signature("s3cret", NOW, BODY) == f"t={seconds},v1={expected}"
    assert not refused(signature("s3cret", NOW, BODY))


@pytest.mark.parametrize("late", [-TOLERANCE, TOLERANCE])
def test_it_holds_for_five_minutes_in_both_directions(late: timedelta) -> None:
    stated = signature("s3cret", NOW + late, BODY)
    assert not refused(stated)
    assert refused(signature("s3cret", NOW + late * 1.01, BODY))


def test_another_body_another_secret_and_another_moment_are_refused() -> None:
    stated = signature("s3cret", NOW, BODY)
    assert refused(stated, body=BODY + b" ")
    assert refused(signature("guessed", NOW, BODY))
    assert refused(stated.replace("t=1", "t=2"))


@pytest.mark.parametrize(
    "stated", ["", "v1=ab", "t=1", "t=,v1=ab", "t=1,t=2,v1=ab", "t=\u0661,v1=ab", "t=99999999999999,v1=ab", "t=1,v1=\udcff", "t=-1,v1=a"]
)
def test_what_is_no_signature_is_refused(stated: str) -> None:
    assert refused(stated)


def test_a_moment_beyond_the_calendar_is_refused_like_any_other() -> None:
    mac = hmac.new(b"s3cret", b"999999999999." + BODY, hashlib.sha256).hexdigest()
    assert refused(f"t=999999999999,v1={mac}")


def test_the_secret_before_goes_on_for_a_day() -> None:
    newer = SECRET.rotated(at=NOW)
    assert newer.text != SECRET.text and len(newer.text) == 64
    assert not refused(signature("s3cret", NOW, BODY), secret=newer)
    later = NOW + OVERLAP
    assert refused(signature("s3cret", later, BODY), secret=newer, now=later)
    assert not refused(signature(newer.text, later, BODY), secret=newer, now=later)


def test_one_of_several_signatures_is_enough() -> None:
    stated = signature("s3cret", NOW, BODY)
    assert not refused(stated.replace("v1=", "v1=00,v1="))
