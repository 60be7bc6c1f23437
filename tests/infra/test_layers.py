"""What the layers hold."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def pins(path: Path) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9][a-z0-9._-]*)==([^ ;\\]+)", path.read_text(), re.M))


def test_the_dependency_layer_has_the_versions_of_the_lock() -> None:
    layer, lock = pins(ROOT / "layers/deps/requirements.txt"), (ROOT / "requirements.lock").read_text()
    assert layer
    for name, version in layer.items():
        assert re.search(rf"^{re.escape(name)}=={re.escape(version)}[ ;\\]", lock, re.M), (
            f"{name}=={version} is not in requirements.lock: run make check"
        )


def test_the_locks_name_hashes_but_no_address() -> None:
    for name in ("requirements.lock", "checkov.lock", "layers/deps/requirements.txt"):
        text = (ROOT / name).read_text()
        assert "--hash=sha256:" in text
        assert not re.search(r"https?://|--index|--find-links|file:", text), name


def test_heavy_packages_of_the_local_cloud_stay_out_of_lambda() -> None:
    assert not {"duckdb", "pyarrow", "moto", "pyiceberg", "pandas", "firebase-admin"} & set(pins(ROOT / "layers/deps/requirements.txt"))
