"""Segments of Amazon Pinpoint as segments of Regulars, as far as they say the same.

What is read is what the API's GetSegment and GetSegments answer, SegmentResponse
(https://docs.aws.amazon.com/pinpoint/latest/apireference/apps-application-id-segments-segment-id.html):

    SegmentGroups       Include ALL, ANY, NONE over the groups; a group's Type over its Dimensions, its SourceType over its SourceSegments
    UserAttributes      the trait of the name, and so are Attributes and Metrics: that is where an import of endpoints brings them
    Location.Country    the trait address.country
    several values      of who has a list, whether one of them is so
    Demographic.Channel no rule: a channel is chosen when something is sent

Nothing is guessed: what has no counterpart is named with its path, and a segment with such a part is not made. Values are compared with traits that
were cleaned, so they are cleaned by the same rules (DEU is DE).
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from unicodedata import normalize

from regulars.domain.cleaning.fields import FIELDS
from regulars.domain.cleaning.kinds import EMAIL, LABEL
from regulars.domain.collection.identifiers import tidy
from regulars.domain.documents import JsonObject
from regulars.domain.errors import InvalidRequestError

_DURATIONS: Final = {"HR_24": "24h", "DAY_7": "7d", "DAY_14": "14d", "DAY_30": "30d"}
_COMPARISONS: Final = {"EQUAL": "eq", "GREATER_THAN": "gt", "GREATER_THAN_OR_EQUAL": "gte", "LESS_THAN": "lt", "LESS_THAN_OR_EQUAL": "lte"}
_COMBINED: Final = {"ALL": "all", "ANY": "any"}

Rule = dict[str, Any]


@dataclass(frozen=True)
class Unmapped:
    """A part of a Pinpoint segment that has no counterpart, by its path in the file."""

    path: str
    message: str


@dataclass(frozen=True)
class Translated:
    """A segment to be put, or why there is none. `id` is Pinpoint's own, as an id of ours."""

    id: str
    name: str
    segment: JsonObject | None
    unmapped: Sequence[Unmapped]


def translated(document: Any, *, lists: Collection[str] = ()) -> list[Translated]:
    """Each segment of an answer of Pinpoint, one or several. `lists` are traits that some people have several values of.

    Raises InvalidRequestError where it is none.
    """
    found = document.get("SegmentsResponse", document.get("SegmentResponse", document)) if isinstance(document, dict) else document
    several = found.get("Item") if isinstance(found, dict) and "Item" in found else found
    if isinstance(several, list):
        return [_segment(each, f"Item[{place}]", lists) for place, each in enumerate(several)]
    return [_segment(several, "", lists)]


def segment_id(identity: str) -> str:
    """`pinpoint-` and Pinpoint's id, in what ids of ours may have."""
    return "pinpoint-" + re.sub(r"[^a-z0-9-]", "-", identity.lower())


def _segment(found: Any, path: str, lists: Collection[str]) -> Translated:
    if not isinstance(found, dict) or not isinstance(found.get("Id"), str):
        raise InvalidRequestError("is no segment of Amazon Pinpoint: what get-segment answers is needed, with an `Id`", field=path)
    reading = _Reading(lists)
    identity, name = segment_id(found["Id"]), str(found.get("Name") or found["Id"])
    if found.get("SegmentType") == "IMPORT":
        reading.misses(_at(path, "ImportDefinition"), "an imported segment is a list of endpoints: import it, and ask for what they have in common")
    rule = _groups(found, path, reading)
    segment = None if reading.unmapped else {"id": identity, "name": name, "rule": rule or {"everyone": True}}
    return Translated(identity, name, segment, tuple(reading.unmapped))


@dataclass
class _Reading:
    lists: Collection[str]
    unmapped: list[Unmapped] = field(default_factory=list)

    def misses(self, path: str, message: str) -> None:
        self.unmapped.append(Unmapped(path, message))

    def only(self, found: Mapping[str, Any], known: Sequence[str], path: str) -> None:
        for name in found:
            if name not in known and found[name]:
                self.misses(_at(path, name), "has no counterpart")


def _groups(found: Mapping[str, Any], path: str, reading: _Reading) -> Rule | None:
    groups = found.get("SegmentGroups")
    if not groups:
        here = _at(path, "Dimensions")
        return _together("ALL", _dimensions(found.get("Dimensions") or {}, here, reading), here, reading)
    here = _at(path, "SegmentGroups")
    rules = [_group(group, f"{here}.Groups[{place}]", reading) for place, group in enumerate(groups.get("Groups") or [])]
    return _together(groups.get("Include", "ALL"), [rule for rule in rules if rule], f"{here}.Include", reading)


def _group(group: Mapping[str, Any], path: str, reading: _Reading) -> Rule | None:
    """Who is in the sources, and meets the dimensions."""
    reading.only(group, ("Dimensions", "Type", "SourceSegments", "SourceType"), path)
    sources = [{"segment": segment_id(str(each.get("Id")))} for each in group.get("SourceSegments") or []]
    each = [
        _together("ALL", _dimensions(one, f"{path}.Dimensions[{place}]", reading), path, reading)
        for place, one in enumerate(group.get("Dimensions") or [])
    ]
    parts = [
        _together(group.get("SourceType", "ALL"), sources, f"{path}.SourceType", reading),
        _together(group.get("Type", "ALL"), [rule for rule in each if rule], f"{path}.Type", reading),
    ]
    return _together("ALL", [rule for rule in parts if rule], path, reading)


def _together(kind: str, rules: Sequence[Rule], path: str, reading: _Reading) -> Rule | None:
    if kind not in ("ALL", "ANY", "NONE"):
        reading.misses(path, f"is {kind!r}, not ALL, ANY or NONE")
    if not rules:
        return None
    if kind == "NONE":
        return {"not": {"any": list(rules)}}
    return rules[0] if len(rules) == 1 else {_COMBINED.get(kind, "all"): list(rules)}


def _dimensions(found: Mapping[str, Any], path: str, reading: _Reading) -> list[Rule]:
    reading.only(found, ("Attributes", "UserAttributes", "Metrics", "Location", "Behavior", "Demographic"), path)
    rules = []
    for group in ("UserAttributes", "Attributes"):
        for name, one in (found.get(group) or {}).items():
            rules.append(_attribute(name, one, f"{path}.{group}.{name}", reading))
    for name, one in (found.get("Metrics") or {}).items():
        rules.append(_metric(name, one, f"{path}.Metrics.{name}", reading))
    rules.append(_country(found.get("Location") or {}, f"{path}.Location", reading))
    rules.append(_recency(found.get("Behavior") or {}, f"{path}.Behavior", reading))
    _demographic(found.get("Demographic") or {}, f"{path}.Demographic", reading)
    return [rule for rule in rules if rule]


def _attribute(name: str, found: Mapping[str, Any], path: str, reading: _Reading) -> Rule | None:
    if name not in reading.lists:
        return _asked(name, _trait(name), found, path, reading)
    if "." in name:
        reading.misses(path, "some people have several values of it, and no rule looks into a list whose name has a dot")
        return None
    each = f"{name}[]"
    itself = _asked(name, name, found, path, reading)
    return itself and _either({"trait": each, "exists": True}, _asked(name, each, found, path, reading), itself)


def _either(is_list: Rule, one_of_it: Rule | None, itself: Rule) -> Rule:
    """Who has a list is judged by what lies in it, everybody else by the value: each way is known of a person whenever the value is, so that
    `not` of it loses nobody."""
    return {"any": [{"all": [is_list, one_of_it]}, {"all": [{"not": is_list}, itself]}]}


def _asked(name: str, trait: str | list[str], found: Mapping[str, Any], path: str, reading: _Reading) -> Rule | None:
    kind, values = found.get("AttributeType", "INCLUSIVE"), list(found.get("Values") or [])
    match kind, values:
        case "INCLUSIVE", [_, *_]:
            return _among(name, trait, values)
        case "EXCLUSIVE", [_, *_]:
            return {"not": _among(name, trait, values)}
        case "CONTAINS", [_, *_]:
            return _containing(name, trait, values, path, reading)
        case "BEFORE", [value]:
            return {"trait": trait, "before": value}
        case "AFTER", [value]:
            return {"trait": trait, "after": value}
    reading.misses(path, f"AttributeType {kind} of {len(values)} values has no counterpart")
    return None


def _trait(name: str) -> str | list[str]:
    """A dot in a path would lead into an object."""
    return [name] if "." in name else name


def _among(name: str, trait: str | list[str], values: Sequence[Any]) -> Rule:
    """One of the values, each as cleaning leaves it in a field of this name; a rule has texts and numbers in lists of their own."""
    kept = list(dict.fromkeys(_kept(name, value) for value in values))
    texts = [value for value in kept if isinstance(value, str | bool)]
    numbers = [value for value in kept if not isinstance(value, str | bool)]
    rules: list[Rule] = [{"trait": trait, "in": some} for some in (texts, numbers) if some]
    return rules[0] if len(rules) == 1 else {"any": rules}


def _kept(name: str, value: Any) -> Any:
    text, kind = normalize("NFC", str(value)), FIELDS.get(name)
    now = kind.standard(tidy(text)) if kind and kind.rule else None
    return text if now is None else now


def _containing(name: str, trait: str | list[str], values: Sequence[Any], path: str, reading: _Reading) -> Rule | None:
    """What is kept in a form of its own has no letters of what was said any more, but for an address, which is in small ones."""
    kind = FIELDS.get(name)
    if kind not in (None, EMAIL, LABEL):
        reading.misses(path, f"CONTAINS has no counterpart where each value is kept in a standard form ({kind.rule or 'of its parts'})")
        return None
    texts = [normalize("NFC", str(value)) for value in values]
    rules: list[Rule] = [{"trait": trait, "contains": text.lower() if kind is EMAIL else text} for text in texts]
    return rules[0] if len(rules) == 1 else {"any": rules}


def _metric(name: str, found: Mapping[str, Any], path: str, reading: _Reading) -> Rule | None:
    comparison = _COMPARISONS.get(str(found.get("ComparisonOperator")))
    if comparison is None:
        reading.misses(path, f"ComparisonOperator {found.get('ComparisonOperator')} has no counterpart")
        return None
    return {"trait": _trait(name), comparison: found.get("Value")}


def _country(found: Mapping[str, Any], path: str, reading: _Reading) -> Rule | None:
    reading.only(found, ("Country",), path)
    country = found.get("Country") or {}
    if not country.get("Values"):
        return None
    rule = _among("country", "address.country", country["Values"])
    return {"not": rule} if country.get("DimensionType") == "EXCLUSIVE" else rule


def _recency(found: Mapping[str, Any], path: str, reading: _Reading) -> Rule | None:
    """Pinpoint counts sessions of an app, of which an import has none: what it means here is for people to say."""
    if recency := found.get("Recency"):
        span = _DURATIONS.get(str(recency.get("Duration")), "")
        reading.misses(f"{path}.Recency", f'is of sessions: say which event, as in {{"event": "Application Opened", "within": "{span or "30d"}"}}')
    reading.only({name: value for name, value in found.items() if name != "Recency"}, (), path)
    return None


def _demographic(found: Mapping[str, Any], path: str, reading: _Reading) -> None:
    for name, one in found.items():
        if name == "Channel":
            continue
        if one and one.get("Values"):
            reading.misses(f"{path}.{name}", "is of devices, which no rule asks for yet")


def _at(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
