import json
import os
import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.contexts import load_contexts, remove_context, save_context, use_context
from cli.errors import CommandError
from cli.program import app


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


@pytest.fixture
def two() -> None:
    save_context("shop", api="https://shop.example", token="t1")
    save_context("local", api="http://127.0.0.1:8400", token="t2")


def test_the_last_one_saved_is_current_until_another_is_chosen(two: None) -> None:
    assert load_contexts().current == "local"
    assert run("context", "use", "shop").exit_code == 0
    listed = json.loads(run("context", "list", "--json").stdout)
    assert (listed["current"], [each["name"] for each in listed["contexts"]]) == ("shop", ["shop", "local"])
    assert "* " in next(line for line in run("context", "list").stdout.splitlines() if "shop" in line)


def test_one_can_be_saved_without_becoming_current(two: None) -> None:
    save_context("shop", api="https://shop.example", token="t3", current=False)
    assert (load_contexts().current, load_contexts().named("shop").token) == ("local", "t3")


def test_what_is_removed_is_gone_from_the_file(two: None, contexts: Path) -> None:
    assert run("context", "remove", "local", "--json").stdout == '{"removed": "local"}\n'
    assert "t2" not in contexts.read_text()
    assert load_contexts().current == ""
    assert "no current context" in run("context", "show").stderr


@pytest.mark.parametrize("command", ["use", "remove", "show"])
def test_an_unknown_name_is_answered_with_those_that_there_are(two: None, command: str) -> None:
    done = run("context", command, "shpo", "--json")
    assert (done.exit_code, json.loads(done.stderr)["code"]) == (1, "no_such_context")
    assert "local, shop" in done.stderr


@pytest.mark.parametrize("name", ["", "a b", "../x", "x" * 65])
def test_a_name_that_cannot_be_one_is_refused(name: str) -> None:
    with pytest.raises(CommandError, match="cannot name a context"):
        save_context(name, api="https://x", token="t")


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"current": "", "contexts": {"a": {}}}', '{"current": "", "contexts": {"a": {"api": "x", "tok": 1}}}']
)
def test_a_broken_file_is_told_and_left_alone(contexts: Path, text: str) -> None:
    contexts.parent.mkdir()
    contexts.write_text(text)
    done = run("context", "list")
    assert (done.exit_code, str(contexts) in done.stderr, "Mend or remove" in done.stderr) == (1, True, True)
    with pytest.raises(CommandError):
        save_context("new", api="https://x", token="t")
    assert contexts.read_text() == text


def test_the_file_is_its_owners_only_from_the_first_byte_on(contexts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    modes: list[int] = []
    real = os.fdopen

    def watched(number: int, mode: str) -> object:
        modes.append(stat.S_IMODE(os.fstat(number).st_mode))
        return real(number, mode)

    monkeypatch.setattr("os.fdopen", watched)
    contexts.parent.mkdir()
    contexts.write_text('{"current": "", "contexts": {}}')
    contexts.chmod(0o644)
    save_context("shop", api="https://x", token="t")
    assert modes == [0o600]
    assert stat.S_IMODE(contexts.stat().st_mode) == 0o600
    assert [each.name for each in contexts.parent.iterdir()] == [contexts.name]


def test_a_folder_that_cannot_be_written_is_told(contexts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    contexts.parent.write_text("a file where the folder should be")
    with pytest.raises(CommandError, match=r"cannot (read|write)"):
        save_context("shop", api="https://x", token="t")


def test_choosing_and_forgetting_work_without_a_terminal(two: None) -> None:
    use_context("shop")
    remove_context("shop")
    assert set(load_contexts().by_name) == {"local"}
