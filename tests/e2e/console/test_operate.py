"""Operate: what is wrong, and mending it; a dead letter comes back by keyboard alone."""

import json
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from playwright.sync_api import Route, expect

from regulars.domain.collection.body import opened
from regulars.domain.collection.message import packed
from tests.e2e.conftest import Installation
from tests.e2e.console.conftest import Arrive, Visit

OWN: dict[str, Any] = {"region_name": "us-east-1", "aws_access_key_id": "a", "aws_secret_access_key": "a"}


@pytest.fixture(scope="module")
def otto(arrivals: Arrive, installation: Installation) -> Visit:
    """An operator's tab, where a request with an event and something that nobody can read could not be loaded."""
    sqs: Any = boto3.client("sqs", endpoint_url=installation.info["aws"], **OWN)
    queue = sqs.get_queue_url(QueueName="regulars-local-EventDeadLetterQueue")["QueueUrl"]
    event = {"type": "track", "event": "Back From The Dead", "userId": "lazarus", "messageId": "lazarus-1"}
    (whole,) = packed(opened(json.dumps({"batch": [event]}).encode(), ""), received=datetime.now(UTC), source="local", verb="batch")
    for body in (whole, "poison"):
        sqs.send_message(QueueUrl=queue, MessageBody=body)
    return arrivals("Otto")


def test_a_dead_letter_is_read_about_chosen_and_sent_back_by_keyboard_alone(otto: Visit, installation: Installation) -> None:
    page = otto.open("/operate", "Operate")
    letters = page.get_by_label("Dead letters of events").first
    expect(letters).to_contain_text("1 event of source local")
    expect(letters).to_contain_text("lazarus-1")
    expect(letters).not_to_contain_text("Back From The Dead")
    expect(page.get_by_label("In a sentence")).to_contain_text("2 dead letters wait")
    assert otto.flaws() == []
    letters.get_by_role("row", name="1 event of source local").get_by_role("checkbox").focus()
    page.keyboard.press("Space")
    otto.walk(page.get_by_role("button", name="Retry the one chosen"), "Shift+Tab")
    page.keyboard.press("Enter")
    expect(letters.get_by_role("row", name="1 event of source local")).to_have_count(0)
    assert otto.focused() == "BUTTON"
    expect(letters.get_by_role("button", name="Forget it")).to_be_visible()
    letters.get_by_role("button", name="Forget it").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Leave them")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Dead letters of events")).to_have_count(0)
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert otto.focused() != "BODY"
    installation.cli("flush")
    assert installation.sql("SELECT count(*) FROM events WHERE event_name = 'Back From The Dead'") == [(1,)]


def test_the_log_of_a_function_is_read_and_what_athena_cost_is_counted(otto: Visit) -> None:
    page = otto.open("/operate", "Operate")
    page.get_by_role("button", name="Count it").click()
    expect(page.get_by_role("table", name="What Athena costs a day").get_by_role("row")).to_have_count(8)
    expect(page.get_by_label("What Athena costs a day").first).to_contain_text("$0.0")
    page.get_by_role("combobox", name="Function").select_option("admin")
    expect(page.get_by_role("table", name="Lines of the log")).to_contain_text("dead letters forgotten")
    page.get_by_label("only warnings and errors").check()
    expect(page.get_by_text("No warning and no error.")).to_be_visible()
    assert otto.flaws() == []


def test_who_may_only_read_moves_nothing_and_what_does_not_go_back_is_not_offered_to(otto: Visit, ana: Visit) -> None:
    letter = {"id": "a", "cause": "curate_failed", "subject": "", "ids": [], "detail": "no such table", "receives": 1, "bytes": 9}
    moments = dict.fromkeys(("sent_at", "lost_at"), datetime.now(UTC).isoformat())
    cause = {"cause": "curate_failed", "message": "Curate failed", "advice": "Run `regulars flush`.", "letters": 1, "details": ["no such table"]}
    queue = {
        "queue": "curate",
        "about": "records",
        "function": "curate",
        "goes_back": False,
        "advice": "",
        "letters": 1,
        "waiting": None,
        "oldest_seconds": None,
        "move": None,
    }

    def answer(route: Route) -> None:
        one = route.request.url.endswith("curate")
        route.fulfill(json={"queue": "curate", "total": 1, "causes": [cause], "letters": [letter | moments]} if one else {"queues": [queue]})

    for visit in (otto, ana):
        visit.page.route("**/admin/dead-letters**", answer)
        visit.page.route("**/admin/dead-letters/*", answer)
        page = visit.open("/operate", "Operate")
        expect(page.get_by_label("Dead letters of curate").first).to_contain_text("no such table")
        expect(page.get_by_role("button", name="Retry")).to_have_count(0)
        expect(page.get_by_role("button", name="Forget it")).to_have_count(1 if visit is otto else 0)
        visit.page.unroute_all()


def test_what_cannot_be_read_is_said_and_tried_again(otto: Visit) -> None:
    otto.page.route("**/admin/dead-letters", lambda route: route.fulfill(status=403, json={"code": "forbidden", "message": "not yours"}))
    page = otto.open("/operate", "Operate")
    expect(page.get_by_text("This is not open to you")).to_be_visible()
    expect(page.get_by_label("In a sentence")).to_be_visible()
    otto.page.unroute_all()
