"""What the layers hold."""

import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
LAYERS = ("layers/deps/requirements.txt", "layers/firebase/requirements.txt", "layers/feeds/requirements.txt")


def pins(path: Path) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9][a-z0-9._-]*)==([^ ;\\]+)", path.read_text(), re.M))


@pytest.mark.parametrize("requirements", LAYERS)
def test_a_layer_of_dependencies_has_the_versions_of_the_lock(requirements: str) -> None:
    layer, lock = pins(ROOT / requirements), (ROOT / "requirements.lock").read_text()
    assert layer
    for name, version in layer.items():
        assert re.search(rf"^{re.escape(name)}=={re.escape(version)}[ ;\\]", lock, re.M), (
            f"{name}=={version} is not in requirements.lock: run make check"
        )


def test_the_locks_name_hashes_but_no_address() -> None:
    for name in ("requirements.lock", "checkov.lock", *LAYERS):
        text = (ROOT / name).read_text()
        assert "--hash=sha256:" in text
        assert not re.search(r"https?://|--index|--find-links|file:", text), name


def test_heavy_packages_of_the_local_cloud_stay_out_of_lambda() -> None:
    assert not {"duckdb", "pyarrow", "moto", "pyiceberg", "pandas", "firebase-admin"} & set(pins(ROOT / "layers/deps/requirements.txt"))


def test_firebase_admin_is_in_a_layer_that_one_function_has(source: dict[str, Any]) -> None:
    having = [name for name, each in source["Resources"].items() if {"Ref": "FirebaseLayer"} in each.get("Properties", {}).get("Layers", ())]
    assert having == ["CheckMessageFunction"]
    assert "firebase-admin" in pins(ROOT / "layers/firebase/requirements.txt")


def test_feedparser_is_in_a_layer_that_one_function_has(source: dict[str, Any]) -> None:
    having = [name for name, each in source["Resources"].items() if {"Ref": "FeedsLayer"} in each.get("Properties", {}).get("Layers", ())]
    assert having == ["PollFeedsFunction"]
    assert set(pins(ROOT / "layers/feeds/requirements.txt")) == {"feedparser", "feedparser-sgmllib"}
