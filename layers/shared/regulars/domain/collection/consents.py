"""What a person agreed to: which of their traits say so, and which calls tell these traits. The one meaning of consent (docs/campaigns.md).

To a purpose, such as `marketing`:

    yes    consent.marketing, marketing_opt_in, marketing_opted_in, accepts_marketing     true; and false says no
    no     marketing_opt_out, marketing_opted_out                                         true

To everything: `unsubscribed`, `opted_out`, `opt_out` being true, or `subscribed` or `is_subscribed` being false, is a no. A channel is a purpose
like any other: a no to `push` is a no to every push. Each name counts in camelCase, too. A no beats every yes, in whatever order they were said: an
SDK that repeats an old yes with each call cannot undo a no.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from regulars.domain.language import Path

CHANNEL: Final = "push"
"""The purpose that stands for the channel itself."""

TRANSACTIONAL: Final = "transactional"
"""The purpose of what people wait for, such as a receipt: nobody is asked whether they want it, it passes quiet hours and caps, and counts for
nobody's."""

EVERYTHING: Final = ""
"""The purpose of a yes or no that names none."""

_OBJECT: Final = "consent"
"""A trait that is an object, with purposes in it."""

_YES: Final = ("{}_opt_in", "{}_opted_in", "accepts_{}")
_NO: Final = ("{}_opt_out", "{}_opted_out")
_OF_ALL_YES: Final = ("subscribed", "is_subscribed")
_OF_ALL_NO: Final = ("unsubscribed", "opted_out", "opt_out")

_GAP: Final = re.compile(r"_+([a-z0-9])")
_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_PURPOSE: Final = re.compile(r"(.+)_opt(?:ed)?_(?:in|out)|accepts_(.+)")


class ConsentTraits(NamedTuple):
    """Paths of traits: of `yes` true says yes and false says no, of `no` true says no."""

    yes: tuple[Path, ...]
    no: tuple[Path, ...]


def consent_traits(purpose: str) -> ConsentTraits:
    """Those that speak of the purpose alone."""
    yes = tuple((name,) for form in _YES for name in _spelled(form.format(purpose)))
    return ConsentTraits(((_OBJECT, purpose), *yes), tuple((name,) for form in _NO for name in _spelled(form.format(purpose))))


def global_traits() -> ConsentTraits:
    """Those that speak of everything. Their yes is none to any one purpose."""
    return ConsentTraits(
        tuple((name,) for form in _OF_ALL_YES for name in _spelled(form)), tuple((name,) for form in _OF_ALL_NO for name in _spelled(form))
    )


def telling(purpose: str, *, agreed: bool) -> Mapping[str, bool]:
    """The traits by which a call says yes or no to it: each name that a call can say it by, so that they say one thing. Of an object `consent`, and
    of names in camelCase, whoever writes them takes them back."""
    yes, no = (_OF_ALL_YES, _OF_ALL_NO) if purpose == EVERYTHING else (_YES, _NO)
    return {form.format(purpose): word for forms, word in ((yes, agreed), (no, not agreed)) for form in forms}


def said(traits: Mapping[str, Any], path: Path) -> bool | None:
    """True or false, or the words; None where the trait says neither."""
    value: Any = traits
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return {"true": True, "false": False}.get(value) if isinstance(value, str) else value if isinstance(value, bool) else None


def spoken_of(traits: Mapping[str, Any]) -> Iterator[tuple[str, Path, bool]]:
    """Each yes and no among the traits: to which purpose (or EVERYTHING), by which path, and whether it is a yes."""
    for name in traits:
        inner = traits[name]
        paths = [(_OBJECT, key) for key in inner] if name == _OBJECT and isinstance(inner, Mapping) else [(name,)]
        for path in paths:
            found, word = _meaning(path), said(traits, path)
            if found and word is not None:
                purpose, agrees = found
                yield purpose, path, word == agrees


def _meaning(path: Path) -> tuple[str, bool] | None:
    """The purpose that a trait of this path speaks of, and whether true is a yes. None where it is about something else."""
    purpose = _purpose(path)
    if purpose is None:
        return None
    yes, no = consent_traits(purpose) if purpose != EVERYTHING else global_traits()
    return (purpose, path in yes) if path in yes or path in no else None


def _purpose(path: Path) -> str | None:
    """That which the path may speak of."""
    if len(path) > 1:
        return path[-1]
    plain = _HUMP.sub("_", path[0]).lower()
    if plain in _OF_ALL_YES or plain in _OF_ALL_NO:
        return EVERYTHING
    found = _PURPOSE.fullmatch(path[0]) or _PURPOSE.fullmatch(plain)
    return found[1] or found[2] if found else None


def _spelled(name: str) -> tuple[str, ...]:
    """As it is, and in camelCase where that is another."""
    return tuple(dict.fromkeys((name, _GAP.sub(lambda found: found[1].upper(), name))))
