"""Signing in and out, and what each person is shown."""

import re

from playwright.sync_api import expect

from tests.e2e.console.conftest import Arrive, Visit


def test_whoever_follows_a_link_stands_there_once_they_have_signed_in_and_after_a_reload(arrivals: Arrive) -> None:
    visit = arrivals("Mara", "/settings?x=1")
    expect(visit.page).to_have_url(f"{visit.root}/settings?x=1")
    expect(visit.page.get_by_role("heading", level=1, name="Settings")).to_be_visible()
    visit.page.reload()
    expect(visit.page.get_by_role("heading", level=1, name="Settings")).to_be_visible()


def test_an_answer_to_a_sign_in_that_nobody_began_is_refused(arrivals: Arrive) -> None:
    visit = arrivals("Mara")
    visit.page.goto(f"{visit.root}?code=stolen&state=made-up")
    expect(visit.page.get_by_role("alert")).to_contain_text("not the answer to a sign-in that was begun in this tab")


def test_whoever_signs_out_is_asked_again(arrivals: Arrive) -> None:
    visit = arrivals("Petra", "/settings")
    visit.page.get_by_role("button", name="Sign out").click()
    expect(visit.page.get_by_role("button", name="Petra")).to_be_visible()


def test_no_token_is_kept_where_another_tab_or_a_cookie_could_bring_it(mara: Visit) -> None:
    assert mara.page.context.cookies() == []
    assert "ey" not in str(mara.page.evaluate("Object.values(localStorage)"))
    assert mara.page.evaluate("Object.keys(sessionStorage)") == ["regulars.refresh"]


def test_what_somebody_may_not_do_is_not_offered(ana: Visit) -> None:
    page = ana.open("/settings", "Settings")
    expect(page.get_by_text("may see the settings and not change them")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Save|Add"))).to_have_count(0)
    expect(page.get_by_label("Time zone of whoever tells none")).to_be_disabled()
