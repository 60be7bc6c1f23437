"""Where pushes go: a double that runs somewhere, or FCM itself."""

import json
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from local.fcm import identity

PROJECT = "regulars-local"
WHAT_AN_ACCOUNT_HAS = ("project_id", "client_email", "private_key", "token_uri")


class FcmAddressError(ValueError):
    """What was named leads to no FCM; the text says what to name."""


@dataclass(frozen=True)
class FcmAddress:
    """`service_account` is the JSON key of the account that sends; `ca_path` is what to trust."""

    url: str
    ca_path: Path
    service_account: dict[str, Any]


def named(url: str, ca: Path | None, account: Path | None) -> FcmAddress | None:
    """What `--fcm`, `--fcm-ca` and `--fcm-account` say; None where they say nothing. Raises FcmAddressError.

    Without `account` it is the one beside the CA file, as a double writes both into its folder; where there is none either, one is made up, whose
    tokens come from `<url>/token`: for a double that takes anybody.
    """
    if not url and ca is None and account is None:
        return None
    if not url or ca is None:
        missing, given = ("--fcm", "--fcm-ca" if ca else "--fcm-account") if not url else ("--fcm-ca", "--fcm")
        raise FcmAddressError(f"{given} needs {missing}: name both, --fcm URL and --fcm-ca FILE")
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.path.strip("/") or parts.query:
        raise FcmAddressError(f"--fcm is https://HOST or https://HOST:PORT, not {url!r}")
    try:
        ssl.create_default_context(cafile=str(ca))
    except OSError as error:
        raise FcmAddressError(f"--fcm-ca {ca} is no file of certificates (PEM): {error}") from error
    return FcmAddress(url.rstrip("/"), ca.resolve(), _account(url.rstrip("/"), ca.parent / identity.ACCOUNT_FILE, account))


def _account(url: str, beside: Path, account: Path | None) -> dict[str, Any]:
    if account is None and not beside.exists():
        return identity.account(url, PROJECT)
    path = account or beside
    try:
        key = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise FcmAddressError(f"--fcm-account {path} is not the JSON key of a service account: {error}") from error
    if not isinstance(key, dict) or not all(key.get(name) for name in WHAT_AN_ACCOUNT_HAS):
        raise FcmAddressError(f"--fcm-account {path} is not the JSON key of a service account, which has {', '.join(WHAT_AN_ACCOUNT_HAS)}")
    return key
