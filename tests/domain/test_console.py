"""Which file of the console a path means, and what it is served with."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.console import FOLDERS, MEDIA_TYPES, PAGE, asked_for, kept, media_type, security_headers


@pytest.mark.parametrize("path", ["", "/", "/segments", "/segments/lapsing", "/people/ada%40example", "/people/ada@shop.example", "/people/a/b.js"])
def test_an_address_of_a_screen_means_the_page(path: str) -> None:
    assert asked_for(path) == PAGE


@pytest.mark.parametrize(
    "name", ["app.js", "console.css", "parts/table.js", "screens/segment/editor.js", "vendor/preact-f30f318640eb.js", "texts/es.json"]
)
def test_a_name_of_a_file_means_that_file(name: str) -> None:
    assert asked_for(f"/{name}") == name


@pytest.mark.parametrize(
    "path",
    [
        "/python/regulars/config.py",
        "/python/app.js",
        "/parts/../app.js",
        "/parts/%2e%2e/app.js",
        "/parts//app.js",
        "/.env.json",
        "/parts/.hidden.js",
        "/screens/a\\..\\b.js",
        "/app.py",
        "/segments/a.b",
    ],
)
def test_a_name_that_leads_elsewhere_or_is_of_another_kind_means_nothing(path: str) -> None:
    assert asked_for(path) is None


@given(st.text(st.sampled_from("/.%\\ab~_-"), max_size=30) | st.text(max_size=30))
def test_no_path_leads_out_of_the_folders(path: str) -> None:
    name = asked_for(path)
    if name is not None and name != PAGE:
        folder, _, rest = name.partition("/")
        assert not rest or folder in FOLDERS
        assert ".." not in name
        assert "\\" not in name
        assert media_type(name) in MEDIA_TYPES.values()


def test_a_file_named_by_its_hash_is_kept_for_ever_and_every_other_is_asked_for_again() -> None:
    assert "immutable" in kept("vendor/preact-f30f318640eb.js")
    assert {kept(name) for name in (PAGE, "app.js", "vendor/licences.txt", "parts/table-f30f318640eb.js")} == {"no-cache"}


def test_a_page_runs_our_files_only_and_talks_to_us_and_the_sign_in_only() -> None:
    policy = security_headers("https://sign-in.example")["content-security-policy"]
    directives = dict(part.split(" ", 1) for part in policy.split("; "))
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == directives["style-src"] == "'self'"
    assert directives["connect-src"] == "'self' https://sign-in.example"
    assert directives["require-trusted-types-for"] == "'script'"
    assert "unsafe" not in policy
