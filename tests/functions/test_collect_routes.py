import pytest

from functions.collect.errors import MethodNotAllowedError, NoSuchRouteError, status_of
from functions.collect.routes import Collect, Drop, Preflight, Settings, SourceConfig, routed
from regulars.domain.errors import NotFoundError


@pytest.mark.parametrize(
    ("name", "verb"),
    [
        *((verb, verb) for verb in ("batch", "import", "track", "identify", "page", "screen", "group", "alias")),
        *(("b", "batch"), ("t", "track"), ("i", "identify"), ("p", "page"), ("s", "screen"), ("g", "group"), ("a", "alias")),
    ],
)
@pytest.mark.parametrize("ending", ["", "/"])
def test_every_segment_call_is_known_by_its_long_and_short_path(name: str, verb: str, ending: str) -> None:
    assert routed("POST", f"/v1/{name}{ending}") == Collect(verb)  # type: ignore[arg-type]


@pytest.mark.parametrize("path", ["/beacon/v1/batch", "/beacon/v1/batch/", "//v1//batch"])
def test_a_batch_comes_as_a_beacon_too_and_from_a_host_that_ends_in_a_slash(path: str) -> None:
    assert routed("POST", path) == Collect("batch")


@pytest.mark.parametrize("path", ["/sourceConfig", "/sourceConfig/"])
def test_rudders_browser_library_asks_for_its_source(path: str) -> None:
    assert routed("GET", path) == SourceConfig()


def test_the_browsers_metrics_are_taken_and_dropped() -> None:
    assert routed("POST", "/v1/m") == Drop()


def test_settings_are_asked_for_by_key() -> None:
    assert routed("GET", "/v1/projects/abc/settings") == Settings("abc")


@pytest.mark.parametrize("path", ["/v1/batch", "/v1/nothing", "/"])
def test_a_preflight_is_answered_on_any_path(path: str) -> None:
    assert routed("OPTIONS", path) == Preflight()


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/v1",
        "/v1/",
        "/v2/batch",
        "/v1/batch/more",
        "/v1/tracks",
        "/v1/projects//settings/x",
        "/batch",
        "/analytics-next/bundles/ajs-destination.bundle.js",
    ],
)
def test_an_unknown_path_is_not_found(path: str) -> None:
    with pytest.raises(NotFoundError):
        routed("POST", path)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/v1/batch", "POST"),
        ("PUT", "/v1/t", "POST"),
        ("GET", "/v1/m", "POST"),
        ("POST", "/v1/projects/k/settings", "GET"),
        ("POST", "/sourceConfig", "GET"),
        ("GET", "/beacon/v1/batch", "POST"),
        ("GET", "/v1/content", "POST"),
        ("DELETE", "/v1/content/", "POST"),
        ("POST", "/v1/places", "GET"),
    ],
)
def test_a_known_path_refuses_other_methods_and_says_which_it_takes(method: str, path: str, allowed: str) -> None:
    with pytest.raises(MethodNotAllowedError) as refused:
        routed(method, path)
    assert status_of(refused.value) == 405
    assert refused.value.allowed == allowed


@pytest.mark.parametrize("method", ["GET", "DELETE", "PATCH", "OPTIONS", "POST"])
@pytest.mark.parametrize("path", ["/admin", "/admin/", "/admin/segments/lapsing"])
def test_below_admin_whoever_asks_for_what_is_not_there_is_shown_what_is(method: str, path: str) -> None:
    with pytest.raises(NoSuchRouteError, match=f"there is no {method} {path}; GET /admin/openapi.json lists what there is"):
        routed(method, path)
