"""What each page says, and that nothing of it is anything but text."""

import hashlib
from base64 import b64encode
from dataclasses import replace

import pytest

from regulars.domain.measure.page.effects import counted
from regulars.domain.measure.page.words import digits, dollars, interval, money_unit, p_value
from tests.domain.measure.page.reports import PAGES, THREE_ARMS, changed, page
from tests.domain.test_markup import Read


def text(html: str) -> str:
    """Without the style sheet, and with a space between any two pieces."""
    _, _, body = html.partition("<body>")
    return " ".join(" ".join(Read(body).texts).replace("\N{WORD JOINER}", "").split())


@pytest.mark.parametrize(
    ("name", "says", "says_not"),
    [
        ("three arms", ["Variant mens won.", "All 20 lie above no effect.", "winner", "15 of 20 dots mean more.", "€15,968", "€0.65"], ["withheld"]),
        (
            "three arms",
            ["The person has no device to push to.", "1,611", "To get the message", "42,694 (100.0 %)", "a flat prior"],
            ["Looking early is"],
        ),
        ("three arms", ["mens : reached the goal because of it +1,631", "Given up by the control group €15,968", "$0.0002"], ["not known"]),
        ("one message", ["It worked.", "Against the control group", "names no currency"], ["winner", "Several variants", "€"]),
        (
            "withheld",
            ["The result is withheld", "The groups are not as large as planned", "nothing can be said"],
            ["Each dot", "winner mens", "€15,968"],
        ),
        ("no goal", ["The campaign names no goal", "no goal", "Sent"], ["Reached the goal", "Each dot", "Given up"]),
        ("no control", ["there is no control group", "not known"], ["Each dot", "Given up", "the control group, which gets nothing on purpose"]),
        (
            "still open",
            [
                "so far · 2 weeks",
                "before the end",
                "the interval that holds however often one looks",
                "Looking early",
                "It is too early to say how surely.",
            ],
            ["window closed"],
        ),
        ("rehearsal", ["rehearsal: nothing was sent", "The run was a rehearsal"], ["Earned because of it", "Given up"]),
        ("huge", ["€1.00e99", "−€2.56e99 to +€7.03e99"], ["000,000,000"]),
        ("nobody sent", ["nothing was sent", "for whom the message was"], ["rehearsal:", "because of it +", "Given up", "Cost of each"]),
        ("unclear", ["+1,489 to +1,772", "+€10,646 to +€21,290"], ["Because of it +1,631", "Earned by it +"]),
        ("tiny", ["The control group has 3 people in it", "under $0.0001"], ["Each dot", "Given up"]),
        ("unreadable", ["None of 12,204 Visited has a number", "Given up by the control group 1,631"], ["Earned by it", "€0", "names no currency"]),
        ("nobody", ["Nobody was in the audience."], ["Each dot", "Given up"]),
    ],
)
def test_each_report_has_a_page_that_makes_sense(name: str, says: list[str], says_not: list[str]) -> None:
    told = text(PAGES[name]())
    assert [part for part in says if part not in told] == []
    assert [part for part in says_not if part in told] == []


def test_a_name_is_text_whatever_it_is() -> None:
    html = PAGES["hostile"]()
    read = Read(html)
    assert not {"script", "i"} & set(read.tags)
    assert "<script>alert(1)</script>" in text(html)
    assert "\u202e" not in html
    assert "\x1b" not in html


@pytest.mark.parametrize("name", PAGES)
def test_the_policy_lets_in_nothing_but_the_pages_own_style(name: str) -> None:
    html = PAGES[name]()
    style = html[html.index("<style>") + 7 : html.index("</style>")]
    hashed = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{hashed}'; base-uri 'none'; form-action 'none'" in html
    assert not any(part in html for part in (" style=", " onload", "<script", "url(", 'http-equiv="refresh', "src=", "href="))


def test_the_same_report_has_the_same_page() -> None:
    assert page() == page()


def test_a_page_can_be_read_by_ear() -> None:
    tags = Read(page()).tags
    assert (tags.count("h1"), tags.count("main")) == (1, 1)
    assert tags.count("svg") == tags.count("desc") == 9
    assert page().count('role="img"') == 9
    assert page().count("<th ") == page().count('scope="')


def test_money_goes_by_the_estimate_that_the_verdict_is_from_and_by_the_wider_interval_while_the_window_is_open() -> None:
    assert "mens : earned because of it +€15,968 95 % interval +€10,646 to +€21,290" in text(page())
    assert THREE_ARMS.effect[1].anytime
    low, high = (f"{21_307 * bound:,.0f}" for bound in (THREE_ARMS.effect[1].anytime.low, THREE_ARMS.effect[1].anytime.high))
    assert f"95 % interval +€{low} to +€{high}" in text(PAGES["still open"]())


def test_what_cannot_be_told_from_nothing_was_not_given_up() -> None:
    unclear = changed(effect=[replace(one, verdict="unclear") for one in THREE_ARMS.effect])
    assert "Given up by the control group cannot be told" in text(page(unclear))


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ([1.0] * 20, "All 20 lie above no effect."),
        ([-1.0] * 20, "All 20 lie below no effect."),
        ([1.0] * 14 + [-1.0] * 6, "Of 20, 14 above and 6 below no effect."),
        ([1.0] * 14 + [-1.0] * 5 + [0.0], "Of 20, 14 above and 5 below and 1 exactly at no effect."),
        ([], ""),
    ],
)
def test_the_dots_are_counted_in_words(values: list[float], told: str) -> None:
    assert counted(values) == told


def test_a_bound_that_is_not_zero_never_reads_as_zero() -> None:
    assert interval(money_unit("EUR"), -0.4975, -0.0025).replace("\N{WORD JOINER}", "") == "95\xa0% interval −€0.50 to −€0.003"


def test_figures_have_their_unit_their_sign_and_no_more_digits_than_they_hold() -> None:
    assert interval(money_unit("EUR"), -0.5, 1.061).replace("\N{WORD JOINER}", "") == "95\xa0% interval −€0.50 to +€1.06"
    assert money_unit("SEK").plain(1234.5, 0) == "SEK\xa01,234"
    assert [digits(figure) for figure in (0, 0.3, 0.03, 0.003, 0.0003, 12, 1234.5)] == [2, 2, 3, 4, 5, 2, 0]
    assert [dollars(amount) for amount in (0, 0.00004, 0.0421, 12.3)] == ["$0", "under $0.0001", "$0.0421", "$12.30"]
    assert [p_value(p) for p in (0, 0.0312, 0.9)] == ["p < 0.001", "p = 0.031", "p = 0.90"]
