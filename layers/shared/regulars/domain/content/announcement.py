"""An item on its way to the people whom it is for: of all journeys, then of one, then from a page of its list on."""

from dataclasses import dataclass, replace
from datetime import datetime

from regulars.domain.collection.moments import iso
from regulars.domain.documents import JsonObject


@dataclass(frozen=True)
class Announcement:
    """`id` is that of the item's event, `at` when that happened and `item` what it says. Without a `journey_id` it is for all that begin with
    content; `query_id` is the question for whom, once it is asked, and `page` where to go on in its answer. One that `corrects` is of an item that
    was announced before, and says something else now."""

    id: str
    at: datetime
    item: JsonObject
    journey_id: str = ""
    query_id: str = ""
    page: str = ""
    corrects: bool = False

    def to(self, journey_id: str) -> "Announcement":
        return replace(self, journey_id=journey_id)

    def going_on(self, query_id: str, page: str) -> "Announcement":
        return replace(self, query_id=query_id, page=page)


def announcement_document(this: Announcement) -> JsonObject:
    """As the payload of a call."""
    places = {"journey_id": this.journey_id, "query_id": this.query_id, "page": this.page}
    given = {**places, "corrects": this.corrects}
    return {"id": this.id, "at": iso(this.at), "item": this.item, **{name: value for name, value in given.items() if value}}


def announcement_of(document: JsonObject) -> Announcement:
    at = datetime.fromisoformat(document["at"])
    given = {name: document[name] for name in ("journey_id", "query_id", "page", "corrects") if name in document}
    return Announcement(document["id"], at, document["item"], **given)
