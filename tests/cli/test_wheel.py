"""What `pip install .` brings: the command line, and nothing else."""

import os
import subprocess
import sys
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """Built by hatchling itself: no network, and no environment of its own."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], cwd=ROOT, check=True, capture_output=True)
    return zipfile.ZipFile(next(folder.glob("*.whl")))


def test_the_wheel_has_one_package_and_no_name_that_could_clash(wheel: zipfile.ZipFile) -> None:
    top = {name.split("/")[0] for name in wheel.namelist()}
    assert {name for name in top if not name.endswith(".dist-info")} == {"regulars_cli"}


def test_the_wheel_asks_for_the_command_lines_packages_only(wheel: zipfile.ZipFile) -> None:
    metadata = Parser().parsestr(wheel.read(next(name for name in wheel.namelist() if name.endswith("METADATA"))).decode())
    assert {line.split(">")[0] for line in metadata.get_all("Requires-Dist") or []} == {"rich", "typer"}
    assert metadata.get_all("Provides-Extra") is None


@pytest.fixture
def installed(wheel: zipfile.ZipFile, tmp_path: Path) -> Path:
    wheel.extractall(tmp_path)
    return tmp_path


def regulars(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    code = "import sys; sys.argv[0] = 'regulars'; from regulars_cli.main import main; main()"
    environment = {**os.environ, "PYTHONPATH": str(folder), "REGULARS_CONFIG": str(folder / "none.json")}
    # A checkout that is installed editably is put on the path by its .pth file, which -S leaves out; the packages are put back.
    packages = str(Path(pytest.__file__).parents[1])
    code = f"import sys; sys.path.append({packages!r}); {code}"
    return subprocess.run([sys.executable, "-S", "-c", code, *arguments], env=environment, cwd=folder, capture_output=True, text=True, check=False)


def test_what_was_installed_runs_by_itself(installed: Path) -> None:
    assert regulars(installed, "--help").returncode == 0
    assert regulars(installed, "context", "list", "--json").stdout == '{"current": "", "contexts": []}\n'


@pytest.mark.parametrize("command", ["up", "demo"])
def test_what_needs_a_checkout_says_so(installed: Path, command: str) -> None:
    done = regulars(installed, command)
    assert done.returncode == 1
    assert "this needs a checkout" in done.stderr
    assert "make demo" in done.stderr
