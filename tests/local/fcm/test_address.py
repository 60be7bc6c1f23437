"""What `regulars up --fcm URL --fcm-ca FILE` names."""

import json
from pathlib import Path

import pytest

from local.fcm import FcmDouble, identity
from local.fcm.address import FcmAddressError, named

URL = "https://127.0.0.1:9443"


def test_nothing_named_is_nowhere_else() -> None:
    assert named("", None, None) is None


def test_the_account_beside_the_ca_is_the_doubles_own(double: FcmDouble) -> None:
    address = named(double.url + "/", double.ca_path, None)
    assert address is not None
    assert (address.url, address.ca_path, address.service_account) == (double.url, double.ca_path, double.service_account)


def test_another_account_may_be_named(double: FcmDouble, tmp_path: Path) -> None:
    mine = identity.account(URL, "mine")
    (tmp_path / "key.json").write_text(json.dumps(mine))
    address = named(URL, double.ca_path, tmp_path / "key.json")
    assert address is not None
    assert address.service_account == mine


def test_where_there_is_no_account_one_is_made_up(double: FcmDouble, tmp_path: Path) -> None:
    ca = tmp_path / "ca.pem"
    ca.write_bytes(double.ca_path.read_bytes())
    address = named(URL, ca, None)
    assert address is not None
    assert address.service_account["token_uri"] == f"{URL}/token"


@pytest.mark.parametrize(
    ("url", "ca", "account", "says"),
    [
        (URL, None, None, "--fcm needs --fcm-ca"),
        ("", "ca.pem", None, "--fcm-ca needs --fcm"),
        ("", None, "key.json", "--fcm-account needs --fcm"),
        (URL, None, "key.json", "--fcm needs --fcm-ca"),
        ("http://127.0.0.1:1", "ca.pem", None, "https://HOST"),
        ("127.0.0.1:1", "ca.pem", None, "https://HOST"),
        (URL + "/v1", "ca.pem", None, "https://HOST"),
        (URL, "missing.pem", None, "missing.pem is no file of certificates"),
        (URL, "key.json", None, "is no file of certificates"),
        (URL, "ca.pem", "missing.json", "missing.json is not the JSON key"),
        (URL, "ca.pem", "ca.pem", "is not the JSON key"),
        (URL, "ca.pem", "half.json", "private_key"),
    ],
)
def test_what_leads_nowhere_is_refused_with_what_to_name(
    double: FcmDouble, tmp_path: Path, url: str, ca: str | None, account: str | None, says: str
) -> None:
    (tmp_path / "ca.pem").write_bytes(double.ca_path.read_bytes())
    (tmp_path / "key.json").write_text(json.dumps(double.service_account))
    (tmp_path / "half.json").write_text('{"project_id": "p"}')
    with pytest.raises(FcmAddressError) as refused:
        named(url, ca and tmp_path / ca, account and tmp_path / account)
    assert says in str(refused.value)
