"""The dependency rule is executed, not written: each contract of pyproject.toml refuses a violation planted in a copy of the tree."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

VIOLATIONS = {
    "a rule of regulars that imports a function": ("1.", "layers/shared/regulars/usecases/planted.py", "import functions.collect.handler"),
    "a function that imports the local cloud": ("1.", "functions/collect/planted.py", "import local.platform"),
    "the domain importing a use case": ("2.", "layers/shared/regulars/domain/planted.py", "import regulars.usecases.collect"),
    "a use case importing an adapter": ("2.", "layers/shared/regulars/usecases/planted.py", "import regulars.adapters.sqs_queue"),
    "an undeclared module beside the layers": ("2.", "layers/shared/regulars/utils.py", "X = 1"),
    "a use case that logs": ("3.", "layers/shared/regulars/usecases/planted.py", "import regulars.observability"),
    "the domain importing boto3": ("3.", "layers/shared/regulars/domain/planted.py", "import boto3"),
    "a handler importing boto3": ("4.", "functions/collect/planted.py", "import boto3"),
    "wiring importing urllib3": ("4.", "layers/shared/regulars/observability_planted.py", "import urllib3"),
    "a handler choosing its adapter": ("5.", "functions/collect/planted.py", "import regulars.adapters.sqs_queue"),
    "a function importing another": ("6.", "functions/collect/planted.py", "import functions.load.handler"),
    "a command importing a rule": ("7.", "cli/planted.py", "import regulars.domain.prices"),
    "a command importing a function": ("7.", "cli/planted.py", "import functions.collect.handler"),
    "a command that is neither up nor demo starting the local cloud": ("8.", "cli/planted.py", "import local.platform"),
    "a campaign that knows how it is measured": ("9.", "layers/shared/regulars/domain/campaigns/planted.py", "import regulars.domain.measure.report"),
    "sending that knows what a campaign is": ("9.", "layers/shared/regulars/domain/delivery/planted.py", "import regulars.domain.campaigns.run"),
    "a message that knows who is sent to": ("9.", "layers/shared/regulars/domain/messages/planted.py", "import regulars.domain.delivery.recipients"),
    "sending that knows how a message is written": (
        "9.",
        "layers/shared/regulars/domain/delivery/planted.py",
        "import regulars.domain.messages.rendering",
    ),
    "a person who knows how they are sent to": ("9.", "layers/shared/regulars/domain/people/planted.py", "import regulars.domain.delivery.decision"),
    "a segment that knows profiles": ("9.", "layers/shared/regulars/domain/segments/planted.py", "import regulars.domain.people.profile"),
    "collection that knows profiles": ("9.", "layers/shared/regulars/domain/collection/planted.py", "import regulars.domain.people.profile"),
    "curation that reads what collection reads": (
        "9.",
        "layers/shared/regulars/domain/curation/planted.py",
        "import regulars.domain.collection.event",
    ),
    "the lake's names that know a segment": ("9.", "layers/shared/regulars/domain/lake/planted.py", "import regulars.domain.segments.rule"),
    "the reader of documents building SQL": ("9.", "layers/shared/regulars/domain/language/planted.py", "import regulars.domain.lake.sql"),
    "errors that know what they are raised for": ("9.", "layers/shared/regulars/domain/errors.py", "import regulars.domain.tickets"),
    "a word for a reason that knows the lake": ("9.", "layers/shared/regulars/domain/reasons.py", "import regulars.domain.lake.tables"),
    "a room that nobody put in its place": ("9.", "layers/shared/regulars/domain/planted.py", "X = 1"),
}


PLANTED = {violation: f"planted_{number}" for number, violation in enumerate(VIOLATIONS)}
"""What planted.py is called, so that all violations stand beside each other: import-linter takes half a second to read the tree."""


def lint(tree: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    environment = dict(os.environ, PYTHONPATH=f"{tree}:{tree / 'layers/shared'}", COLUMNS="300")
    return subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("tree")
    for name in ("cli", "functions", "layers", "local", "pyproject.toml"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, copy / name)
    return copy


@pytest.fixture(scope="module")
def refusals(tree: Path) -> dict[str, str]:
    """What import-linter says of the tree with every violation in it, by the contract's number."""
    planted = {tree / place.replace("planted.py", f"{PLANTED[violation]}.py"): text for violation, (_, place, text) in VIOLATIONS.items()}
    before = {file: file.read_text() for file in planted if file.exists()}
    for file, text in planted.items():
        file.write_text(f"{before.get(file, '')}\n{text}\n")
    result = lint(tree)
    for file in planted:
        if file in before:
            file.write_text(before[file])
        else:
            file.unlink()
    assert result.returncode == 1, result.stdout + result.stderr
    sections = re.split(r"^(\d+\.) .*\n-+\n", result.stdout.partition("Broken contracts")[2], flags=re.MULTILINE)[1:]
    return dict(zip(sections[::2], sections[1::2], strict=True))


def test_the_tree_as_it_is_keeps_all_contracts(tree: Path) -> None:
    result = lint(tree)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("violation", VIOLATIONS)
def test_import_linter_refuses(refusals: dict[str, str], violation: str) -> None:
    contract, place, text = VIOLATIONS[violation]
    module = place.removeprefix("layers/shared/").removesuffix(".py").replace("/", ".").replace("planted", PLANTED[violation])
    imported = text.removeprefix("import ")
    said = rf"- +{module} -> {imported} \(" if imported != text else f"- {module}$"
    assert re.search(f"^{said}", refusals[contract], re.MULTILINE), refusals[contract]
