"""What somebody does in a test, as collection would keep it: the same names and values, so that a rule judges in a test what it judges live."""

from datetime import datetime

from regulars.domain.cleaning.cleaned import cleaned
from regulars.domain.collection.events import TYPES, Envelope, normalised
from regulars.domain.collection.moments import iso, lake_time
from regulars.domain.documents import JsonObject


def collected(name: str, properties: JsonObject, at: datetime) -> tuple[str, JsonObject]:
    """The event's name and properties, clean. What is no `track` call is what it is. Raises EventRejectedError for what collection refuses."""
    if name in TYPES:
        return name, properties
    sent = {"type": "track", "event": name, "userId": "somebody", "timestamp": iso(at), "properties": properties}
    envelope = Envelope("", "", at, lake_time(at), None, None)
    event = cleaned(normalised(dict(sent), envelope, 0), sent, envelope)
    return event.name, event.properties
