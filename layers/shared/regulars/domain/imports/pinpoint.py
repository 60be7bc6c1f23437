"""An endpoint of Amazon Pinpoint as events.

An export has one endpoint a line (https://docs.aws.amazon.com/pinpoint/latest/developerguide/audience-data-export.html), which is the API's
EndpointResponse (https://docs.aws.amazon.com/pinpoint/latest/apireference/apps-application-id-endpoints-endpoint-id.html):

    User.UserId                 userId; an endpoint without one is anonymous, by its own id
    User.UserAttributes         traits by their names
    Attributes, Metrics         traits by their names; a user attribute of the same name wins. An empty list takes the trait away (null), as it does
                                there (https://docs.aws.amazon.com/pinpoint/latest/apireference/apps-application-id-endpoints-endpoint-id.html)
    Location                    traits.address: city, country, region, postal_code, latitude, longitude
    Demographic                 context: timezone, locale, app.version, device.manufacturer, .model, os.name, .version
    Address                     GCM, APNS..: context.device.token; EMAIL: traits.email; SMS, VOICE: traits.phone; others' is left out
    OptOut, by ChannelType      traits.push_opted_out, .email_opted_out, .sms_opted_out: true for ALL, false for NONE
    EndpointStatus INACTIVE     no token
    EffectiveDate               timestamp, else CreationDate
    Id, ChannelType, CohortId   context.pinpoint
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from regulars.domain.collection.rejection import EventRejectedError

_PLATFORMS: Final = MappingProxyType(
    {
        "GCM": "android",
        "APNS": "ios",
        "APNS_SANDBOX": "ios",
        "APNS_VOIP": "ios",
        "APNS_VOIP_SANDBOX": "ios",
    }
)
_OPT_OUTS: Final = {**dict.fromkeys(_PLATFORMS, "push_opted_out"), "EMAIL": "email_opted_out", "SMS": "sms_opted_out", "VOICE": "voice_opted_out"}
_ADDRESSES: Final = {"EMAIL": "email", "SMS": "phone", "VOICE": "phone"}
_PLACES: Final = {
    "City": "city",
    "Country": "country",
    "Region": "region",
    "PostalCode": "postal_code",
    "Latitude": "latitude",
    "Longitude": "longitude",
}


def endpoint_events(endpoint: Any) -> list[dict[str, Any]]:
    """One identify. Raises EventRejectedError where it is no endpoint."""
    if not isinstance(endpoint, dict) or not isinstance(endpoint.get("Id"), str):
        raise EventRejectedError("unmappable_row", "no endpoint of Amazon Pinpoint: an object with an `Id` is needed")
    user = _object(endpoint, "User")
    event: dict[str, Any] = {"type": "identify", "traits": _traits(endpoint, user), "context": _context(endpoint)}
    event |= {"userId": user["UserId"]} if user.get("UserId") else {"anonymousId": endpoint["Id"]}
    if moment := endpoint.get("EffectiveDate") or endpoint.get("CreationDate"):
        event["timestamp"] = moment
    return [event]


def _traits(endpoint: Mapping[str, Any], user: Mapping[str, Any]) -> dict[str, Any]:
    traits = {name: _value(told) for group in (endpoint, user) for name, told in _told(group) if told is not None}
    place = _renamed(_object(endpoint, "Location"), _PLACES)
    if place and traits.get("address") is None:
        traits["address"] = place
    channel, address = str(endpoint.get("ChannelType", "")), endpoint.get("Address")
    if channel in _ADDRESSES and address:
        traits[_ADDRESSES[channel]] = address
    if channel in _OPT_OUTS and endpoint.get("OptOut") in ("ALL", "NONE"):
        traits[_OPT_OUTS[channel]] = endpoint["OptOut"] == "ALL"
    return traits


def _context(endpoint: Mapping[str, Any]) -> dict[str, Any]:
    told = _object(endpoint, "Demographic")
    context: dict[str, Any] = {
        "pinpoint": _renamed(endpoint, {"Id": "endpoint_id", "ChannelType": "channel", "CohortId": "cohort", "ApplicationId": "application_id"}),
        **_renamed(told, {"Timezone": "timezone", "Locale": "locale"}),
        "app": _renamed(told, {"AppVersion": "version"}),
        "os": _renamed(told, {"Platform": "name", "PlatformVersion": "version"}),
        "device": {**_renamed(told, {"Make": "manufacturer", "Model": "model"}), **_device(endpoint)},
    }
    return {name: value for name, value in context.items() if value}


def _device(endpoint: Mapping[str, Any]) -> dict[str, Any]:
    """Of a channel of push messages only: the others have no device."""
    platform = _PLATFORMS.get(str(endpoint.get("ChannelType", "")))
    if platform is None:
        return {}
    token = endpoint.get("Address") if endpoint.get("EndpointStatus") != "INACTIVE" else None
    return {"id": endpoint["Id"], "type": platform, **({"token": token} if token else {})}


def _told(holder: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for group in ("Attributes", "Metrics", "UserAttributes"):
        yield from _object(holder, group).items()


def _value(told: Any) -> Any:
    """An attribute is a list of texts, most often of one."""
    if isinstance(told, list) and len(told) < 2:
        return told[0] if told else None
    return told


def _object(holder: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = holder.get(name)
    return value if isinstance(value, dict) else {}


def _renamed(holder: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {ours: holder[theirs] for theirs, ours in names.items() if holder.get(theirs) not in (None, "")}
