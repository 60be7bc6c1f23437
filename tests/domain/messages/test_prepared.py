"""A body out of a prepared push is what the straightforward way makes, byte for byte."""

import hashlib
from datetime import UTC, datetime
from typing import Any

import orjson
from hypothesis import example, given
from hypothesis import strategies as st

from regulars.domain.campaigns.parse import parse_campaign
from regulars.domain.campaigns.templates import templates
from regulars.domain.collection.device import PushTarget
from regulars.domain.messages.dates import NOW
from regulars.domain.messages.fcm import PAYLOAD_LIMIT, fcm_message, payload_bytes
from regulars.domain.messages.liquid import LiquidText
from regulars.domain.messages.rendering import Addressee, Occasion, Unsendable
from regulars.domain.messages.template import PushTemplate, holds_liquid
from regulars.domain.messages.visible import BUTTON, SEEN, shows_something, stays
from tests.drawn import drawn

MOMENT = datetime(2026, 11, 21, 22, 15, tzinfo=UTC)
OCCASION = Occasion("spring-1", datetime(2017, 10, 1, tzinfo=UTC), MOMENT)


def straightforward(push: PushTemplate, resends: bool, to: Addressee) -> bytes | str:
    """Rendered, merged, measured and encoded anew for each person; or the reason why not."""
    names = {
        "person": {"user_id": to.user_id, "traits": to.traits},
        "campaign": {"id": "spring", "name": "Spring!", "run_id": "spring-1", "variant": "treated", "planned_at": OCCASION.planned_at},
        NOW: MOMENT,
    }
    whole = rendered(push.document(), (), names)
    said = left_of(whole, ()) or {}
    if shows_something(push.document()) and not shows_something(said):
        return "empty_message"
    if resends and not said.get("collapse_key"):
        said["collapse_key"] = to.repeats or to.message_id
    headers: dict[str, str] = {}
    if push.ttl_seconds is not None:
        headers["apns-expiration"] = str(int(MOMENT.timestamp()) + push.ttl_seconds) if push.ttl_seconds else "0"
    if len(said.get("collapse_key", "").encode()) > 64:
        headers["apns-collapse-id"] = hashlib.sha256(said["collapse_key"].encode()).hexdigest()[:32]
    if headers:
        apns = said.get("apns", {})
        said["apns"] = {**apns, "headers": {**headers, **apns.get("headers", {})}}
    tracking = {"campaign_id": "spring", "variant": "treated", "run_id": "spring-1", "message_id": to.message_id}
    message = fcm_message(said, to.target, tracking)
    return "message_too_large" if payload_bytes(message) > PAYLOAD_LIMIT else orjson.dumps({"message": message})


def rendered(value: Any, place: tuple[str, ...], names: Any) -> Any:
    if isinstance(value, dict):
        return {key: rendered(one, (*place, key), names) for key, one in value.items()}
    if isinstance(value, list):
        return [rendered(one, (*place, ""), names) for one in value]
    return LiquidText(value, "push").render(names) if isinstance(value, str) and holds_liquid(value) else value


def left_of(value: Any, place: tuple[str, ...]) -> Any:
    """Without the texts that say nothing, and without what held nothing else."""
    if isinstance(value, dict):
        kept = {key: left for key, one in value.items() if (left := left_of(one, (*place, key))) is not ...}
        speechless = place == BUTTON and "title" in value and "title" not in kept
        return ... if speechless or (value and not kept and place) else kept
    if isinstance(value, list):
        left = [left_of(one, (*place, "")) for one in value]
        return [one for one in left if one is not ...] if (*place, "") == BUTTON else left
    return ... if isinstance(value, str) and place and not stays(value, place) else value


TRAIT = st.sampled_from(["a", "b", "c"])
TEXT = st.one_of(
    st.sampled_from(["Hello", "", " ", 'é"\\\u2028', "https://x/y.png", "k" * 70]),
    TRAIT.map(lambda name: f"{{{{ person.traits.{name} }}}}"),
    TRAIT.map(lambda name: f"https://x/{{{{ person.traits.{name} | default: 'no' }}}}"),
    TRAIT.map(lambda name: f"{{% if person.traits.{name} %}}Hi {{{{ person.traits.{name} | upcase }}}}{{% endif %}}"),
)
VALUE = st.sampled_from([None, True, 0, 3.0, "", " ", "Ann", "\"}, 'é'\n", "https://i/j.png", "x" * 70, "y" * 1_500, ["a", 1], {"k": 1e16}])


def some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=fields)


ALERT = st.one_of(TEXT, some(title=TEXT, subtitle=TEXT, body=TEXT))
PUSH = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(("title", "body", "image", "deep_link", "collapse_key"), TEXT),
        "data": some(k=TEXT, l=TEXT),
        "ttl": st.sampled_from(["0s", "60s"]),
        "priority": st.sampled_from(["normal", "high"]),
        "android": some(
            collapse_key=TEXT,
            ttl=st.just("5s"),
            notification=some(title=TEXT, image=TEXT, tag=TEXT, channel_id=TEXT, title_loc_args=st.lists(TEXT, max_size=2), sticky=st.booleans()),
        ),
        "apns": some(
            headers=some(**{"apns-collapse-id": TEXT, "apns-expiration": TEXT, "x": TEXT}),
            payload=some(aps=some(alert=ALERT, badge=st.integers(0, 9)), own=st.none()),
            fcm_options=some(image=TEXT),
        ),
        "webpush": some(headers=some(TTL=TEXT), notification=some(title=TEXT, actions=st.lists(some(title=TEXT), max_size=2))),
    },
).filter(lambda push: any(push.get(name) for name in ("title", "body", "data")))


@given(PUSH, st.booleans(), st.lists(st.fixed_dictionaries({}, optional={"a": VALUE, "b": VALUE, "c": VALUE}), min_size=1, max_size=4), st.booleans())
@drawn(250)
@example(
    {"title": "{{ person.traits.a }}", "collapse_key": "{{ person.traits.b }}"}, True, [{"b": "k" * 70}, {"a": "x"}, {"a": "x", "b": "y"}], False
)
@example({"title": "{{ person.traits.a }}{{ person.traits.a }}{{ person.traits.a }}"}, False, [{"a": "y" * 1_500}, {"a": "y" * 900}], True)
def test_a_body_is_the_same_bytes_as_the_straightforward_ways(
    push: dict[str, Any], resends: bool, people: list[dict[str, Any]], by_fid: bool
) -> None:
    delivery = {"when_unsure": "resend"} if resends else {}
    campaign = parse_campaign({"id": "spring", "name": "Spring!", "audience": {"include": ["x"]}, "message": {"push": push}, "delivery": delivery})
    template = templates(campaign)["treated"]
    target = PushTarget("fid", "f") if by_fid else PushTarget("token", 'a","x":"')
    for number, traits in enumerate(people):
        to = Addressee(f"u{number}", target, traits, f"m{number}", repeats="m-first" if number % 2 else "")
        got = template.render(to, OCCASION)
        assert (got.reason if isinstance(got, Unsendable) else got) == straightforward(campaign.variants[0].push, resends, to)


def test_every_text_that_people_see_may_go() -> None:
    assert all(not stays(" ", place) for place in SEEN)


def test_a_button_that_says_nothing_is_left_out_with_all_of_it() -> None:
    actions = [
        {"action": "a", "title": "{{ person.traits.nope }}"},
        {"action": "b", "title": "Buy"},
        {"action": "c", "title": "{{ person.traits.yes }}"},
    ]
    document = {
        "id": "spring",
        "audience": {"include": ["x"]},
        "message": {"push": {"title": "Hi", "webpush": {"notification": {"actions": actions}}}},
    }
    template = templates(parse_campaign(document))["treated"]
    body = template.render(Addressee("ann", PushTarget("token", "t"), {"yes": "More"}, "m" * 32), OCCASION)
    assert isinstance(body, bytes)
    shown = orjson.loads(body)["message"]["webpush"]["notification"]["actions"]
    assert shown == [{"action": "b", "title": "Buy"}, {"action": "c", "title": "More"}]
