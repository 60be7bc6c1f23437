"""`journey test` and `journey show`, on the examples that are shipped and on files that are wrong."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run

FOLDER = Path(__file__).parents[2] / "examples/journeys"
TRIALS = sorted(FOLDER.glob("*.test.json"))
CART = FOLDER / "abandoned-cart.json"


def trial(**changed: Any) -> dict[str, Any]:
    who = {"id": "ann", "events": [{"event": "Product Added", "properties": {"price": 30}}], "expect": [{"at": "4h", "message": "soft"}], **changed}
    return {"journeys": [str(CART)], "begin": "2026-11-02T09:00:00Z", "people": [who]}


def written(folder: Path, document: object) -> str:
    file = folder / "trial.json"
    file.write_text(json.dumps(document))
    return str(file)


@pytest.mark.parametrize("file", TRIALS, ids=lambda file: file.stem)
def test_every_example_is_told_what_it_expects(file: Path, regulars: Run) -> None:
    done = regulars("journey", "test", str(file))
    assert done.exit_code == 0, done.output
    assert "people were told what was expected" in done.stdout


def test_every_example_of_a_journey_is_in_a_test() -> None:
    named = {name for file in TRIALS for name in json.loads(file.read_text())["journeys"]}
    assert named == {file.name for file in FOLDER.glob("*.json") if file not in TRIALS}


def test_a_difference_is_shown_line_by_line_with_the_way_that_was_gone(regulars: Run, tmp_path: Path) -> None:
    done = regulars("journey", "test", written(tmp_path, trial(because="hears once")))
    assert done.exit_code == 1
    assert done.stdout.splitlines() == [
        "FAIL  ann: hears once",
        '        4h           2026-11-02T13:00:00Z  abandoned-cart  message soft: "You left something behind"',
        '      + 1d 4h        2026-11-03T13:00:00Z  abandoned-cart  message last: "Last chance for "',
        "        1d 4h        2026-11-03T13:00:00Z  abandoned-cart  exit done",
        "        2026-11-02T09:00:00Z  abandoned-cart  buying  entered",
        "        2026-11-02T13:00:00Z  abandoned-cart  worth  else",
        "        2026-11-02T13:00:00Z  abandoned-cart  soft  else",
        "        2026-11-02T13:00:00Z  abandoned-cart  day  then",
        "        2026-11-03T13:00:00Z  abandoned-cart  last  else",
        "        2026-11-03T13:00:00Z  abandoned-cart  last  done",
        "0 of 1 people were told what was expected",
    ]
    assert "1 of 1 people were told something else" in done.stderr


def test_what_does_not_come_is_missed(regulars: Run, tmp_path: Path) -> None:
    expect = [{"at": "4h", "message": "soft"}, {"at": "1d 4h", "message": "last"}, {"at": "3d", "message": "last"}]
    done = regulars("journey", "test", written(tmp_path, trial(expect=expect)))
    assert done.exit_code == 1
    assert "      - 3d           2026-11-05T09:00:00Z  abandoned-cart  message last" in done.stdout.splitlines()


def test_json_says_all_of_it(regulars: Run, tmp_path: Path) -> None:
    done = regulars("journey", "test", written(tmp_path, trial()), "--json")
    told = json.loads(done.stdout)
    (ann,) = told["people"]
    assert (done.exit_code, told["passed"], ann["passed"], ann["missing"]) == (1, False, False, [])
    assert ann["unexpected"] == [
        {"at": "2026-11-03T13:00:00Z", "after": "1d 4h", "journey": "abandoned-cart", "message": "last", "title": "Last chance for "}
    ]
    assert json.loads(done.stderr)["code"] == "test_failed"


def test_with_the_trail_everybody_is_shown_what_they_would_read(regulars: Run, tmp_path: Path) -> None:
    expect = [{"at": "4h", "message": "soft", "title": "You left something behind"}, {"at": "1d 4h", "message": "last"}]
    done = regulars("journey", "test", written(tmp_path, trial(expect=expect)), "--trail")
    assert done.exit_code == 0
    assert done.stdout.splitlines()[1:3] == [
        '      4h           2026-11-02T13:00:00Z  message soft: "You left something behind"',
        '      1d 4h        2026-11-03T13:00:00Z  message last: "Last chance for "',
    ]


def test_every_problem_of_journeys_and_test_is_told_at_once(regulars: Run, tmp_path: Path) -> None:
    journey = json.loads(CART.read_text())
    journey["steps"]["soft"]["colour"] = 1
    del journey["steps"]["day"]["else"]
    document = {"journeys": [journey], "people": [{"id": "ann", "events": [{"evnt": "A"}], "expect": [{"at": "soon", "message": "soft"}]}]}
    done = regulars("journey", "test", written(tmp_path, document))
    assert done.exit_code == 1
    for place in ("journeys[0]: steps.soft.colour", "journeys[0]: steps.day.else", "people[0].events[0].evnt", "people[0].expect[0].at"):
        assert place in done.stderr, place


def test_a_text_that_nobody_could_be_sent_is_a_problem(regulars: Run, tmp_path: Path) -> None:
    journey = json.loads(CART.read_text())
    journey["steps"]["soft"]["message"]["push"] = {"title": "{{ campaign.name }}"}
    journey["steps"]["last"]["message"]["push"] = {"title": "Hi", "android": {"notification": {"colour": "x"}}}
    done = regulars("journey", "show", written(tmp_path, journey))
    assert "steps.soft.message.push.title: the name `campaign` is not known here" in done.stderr
    assert "steps.last.message.push.android.notification.colour" in done.stderr


@pytest.mark.parametrize("document", [{}, {"journeys": []}, {"journeys": ["none.json"]}, {"journeys": [7]}])
def test_a_test_needs_journeys(document: object, regulars: Run, tmp_path: Path) -> None:
    done = regulars("journey", "test", written(tmp_path, document))
    assert done.exit_code == 1
    assert "journeys" in done.stderr or "none.json" in done.stderr


def test_show_draws_a_journey(regulars: Run) -> None:
    done = regulars("journey", "show", str(CART))
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert lines[:3] == [
        "flowchart TD",
        '  entry(["Product Added where price is at least 20"]) --> step_buying',
        '  step_buying["buying<br/>wait 4h for Order Completed"]',
    ]
    assert '  step_worth -->|"entry.price is at least 100"| step_strong' in lines
    assert "  step_last --> out" in lines


def test_show_says_how_a_collection_ends(regulars: Run, tmp_path: Path) -> None:
    gather = {"collect": {"event": "B"}, "for": "1d", "until": {"time": "18:00", "timezone": "user"}, "max": 3, "then": None}
    shown = regulars("journey", "show", written(tmp_path, {"id": "x", "entry": {"event": "A"}, "start": "s", "steps": {"s": gather}}))
    assert "collect B for 1d or until 18:00 by their own clock, 3 at most" in shown.stdout
    assert "steps.s.until: everybody leaves at the same second" in shown.stderr


def test_show_says_which_items_a_journey_begins_with_and_which_it_tells(regulars: Run, tmp_path: Path) -> None:
    journey = json.loads((FOLDER / "news.json").read_text())
    journey["entry"]["affinity"]["gte"] = 0.3
    lines = regulars("journey", "show", written(tmp_path, journey)).stdout.splitlines()
    assert lines[1].startswith('  entry(["new content where origin is #quot;news#quot;, like 30% of their Article Read or more"])')
    assert "collect new content until 18:00 by their own clock, the best 3" in lines[2]


def test_show_warns_on_stderr_and_says_errors_with_their_paths(regulars: Run, tmp_path: Path) -> None:
    journey = json.loads(CART.read_text())
    del journey["holdout"]
    assert "warning: " in regulars("journey", "show", written(tmp_path, journey)).stderr
    journey["start"] = "byuing"
    done = regulars("journey", "show", written(tmp_path, journey), "--json")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["errors"][0]["path"] == "start"
    assert json.loads(done.stderr)["code"] == "invalid_journey"


def test_no_part_of_the_local_cloud_is_imported() -> None:
    code = "import sys, local.journeys; print([name for name in sys.modules if name.split('.')[0] in ('moto', 'boto3', 'duckdb', 'pyarrow')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_journey_is_drawn_as_a_file(regulars: Run, tmp_path: Path) -> None:
    file = tmp_path / "cart.svg"
    done = regulars("journey", "show", str(CART), "--svg", str(file))
    assert (done.exit_code, done.stdout) == (0, f"{file}\n")
    assert file.read_text().startswith("<svg ") and "Abandoned cart" in file.read_text()
    wrong = tmp_path / "wrong.json"
    wrong.write_text(json.dumps({**json.loads(CART.read_text()), "start": "nowhere"}))
    file.unlink()
    assert regulars("journey", "show", str(wrong), "--svg", str(file)).exit_code == 1 and not file.exists()
