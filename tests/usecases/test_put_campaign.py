"""Saving a campaign: what it says of a goal that nobody ever reached."""

from typing import Any

import pytest

from regulars.domain.quality.catalog import Catalog, CatalogedEvent, CatalogedProperty
from regulars.domain.quality.catalog_document import KEY, written
from regulars.usecases.put_campaign import put_campaign
from tests.fakes.clock import MOMENT, MovableClock
from tests.fakes.services import MemoryScheduler
from tests.fakes.stores import MemoryDefinitions, MemoryObjects

REVENUE = {"revenue": CatalogedProperty("revenue", {"number": 1})}
LAKE = MemoryObjects({KEY: written(Catalog(MOMENT, (CatalogedEvent("Order Completed", "track", 1, MOMENT, MOMENT, properties=REVENUE),)))})


TRAITS = {
    "first_name": CatalogedProperty("first_name", {"string": 1}),
    "cart": CatalogedProperty("cart", {"array": 1}),
    "address": CatalogedProperty("address", {"object": 1}),
    "address.city": CatalogedProperty("address.city", {"string": 1}),
}
PEOPLE = MemoryObjects({KEY: written(Catalog(MOMENT, (CatalogedEvent("identify", "identify", 1, MOMENT, MOMENT, properties=TRAITS),)))})


def warned(goal: dict[str, Any] | None, lake: MemoryObjects = LAKE, **push: Any) -> dict[str, str]:
    definitions = MemoryDefinitions()
    definitions.put("segment", "all", {"id": "all", "name": "All", "rule": {"everyone": True}}, at=MOMENT, by="ann")
    document = {"id": "spring", "audience": {"include": ["all"]}, "message": {"push": {"title": "Hi", **push}}}
    if goal:
        document["goal"] = {"within": "7d", **goal}
    saved = put_campaign(document, by="ann", definitions=definitions, scheduler=MemoryScheduler(), lake=lake, clock=MovableClock())
    assert saved.version == 1
    return {warning.path: warning.message for warning in saved.warnings}


@pytest.mark.parametrize(
    ("goal", "path", "meant"),
    [
        ({"event": "Order Complted"}, "goal.event", "did you mean `Order Completed`?"),
        ({"event": "Order Completed", "value": "revenu"}, "goal.value", "did you mean `revenue`?"),
    ],
)
def test_a_goal_that_nobody_ever_sent_is_warned_of_and_saved(goal: dict[str, Any], path: str, meant: str) -> None:
    (found,) = warned(goal).items()
    assert found[0] == path and meant in found[1]


def test_a_goals_value_that_is_no_number_is_warned_of() -> None:
    texts = {"revenue": CatalogedProperty("revenue", {"string": 3}), "total": CatalogedProperty("total", {"number": 3})}
    lake = MemoryObjects({KEY: written(Catalog(MOMENT, (CatalogedEvent("Order Completed", "track", 3, MOMENT, MOMENT, properties=texts),)))})
    (found,) = warned({"event": "Order Completed", "value": "revenue"}, lake).items()
    assert found[0] == "goal.value" and "came as a text 3 times of 3" in found[1] and "numbers are in `total`" in found[1]
    assert warned({"event": "Order Completed", "value": "total"}, lake) == warned({"event": "Order Completed"}, lake) == {}


def test_a_goal_that_somebody_sent_none_at_all_and_a_broken_catalog_are_no_matter() -> None:
    assert warned({"event": "Order Completed", "value": "revenue"}) == {}
    assert warned(None) == {}
    assert warned({"event": "Order Complted"}, MemoryObjects({KEY: b"{broken"})) == {}


@pytest.mark.parametrize(
    ("push", "path", "said"),
    [
        ({"body": "Hi {{ person.traits.frist_name | default: 'you' }}"}, "message.push.body", "nobody sent a trait `frist_name`"),
        ({"body": "Hi {{ person.traits.frist_name }}"}, "message.push.body", "did you mean `first_name`?"),
        ({"data": {"k": "{% if person.traits.address.citty %}x{% endif %}"}}, "message.push.data.k", "did you mean `address.city`?"),
        (
            {"android": {"notification": {"title": "{{ person.traits.crat.size }}"}}},
            "message.push.android.notification.title",
            "did you mean `cart`?",
        ),
        ({"locales": {"fr": {"title": "{{ person.traits.nme }}"}}}, "message.push.locales.fr.title", "nobody sent a trait `nme`"),
    ],
)
def test_a_trait_that_nobody_ever_sent_is_warned_of_with_its_field_and_the_nearest(push: dict[str, Any], path: str, said: str) -> None:
    (found,) = warned(None, PEOPLE, **push).items()
    assert found[0] == path and said in found[1]


def test_traits_that_somebody_sent_and_liquids_own_properties_of_lists_are_no_matter() -> None:
    text = "{{ person.traits.first_name }}{{ person.traits.address.city }}{{ person.traits.cart.size }}{{ person.traits.cart[0].name }}"
    assert (
        warned(None, PEOPLE, body=text + "{% for each in person.traits.cart %}{{ each.name }}{% endfor %}{{ person.traits.first_name.size }}") == {}
    )


def test_a_language_that_leaves_a_text_to_another_is_warned_of() -> None:
    (found,) = warned(None, PEOPLE, body="Come in", locales={"fr": {"title": "Salut"}}).items()
    assert found == ("message.push.locales.fr", "there is no `body`: the push's own is shown, in whatever language that is")
