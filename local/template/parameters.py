"""Template parameters: overrides and defaults, checked against what the template declares.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
"""

import re
from collections.abc import Mapping
from typing import Any

from local.template.errors import TemplateError

_LIST_TYPES = ("CommaDelimitedList", "List<String>", "List<Number>")
_TYPES = ("String", "Number", *_LIST_TYPES)


def resolve_parameters(declared: Mapping[str, Any], overrides: Mapping[str, str]) -> dict[str, str | list[str]]:
    """The value of every declared parameter: text, or a list of texts for the list types.

    Raises TemplateError for an override that is not declared, a value that is missing, or one that its declaration forbids.
    """
    for name in overrides:
        if name not in declared:
            raise TemplateError(f"Parameters.{name}", f"the template has no such parameter; it has {', '.join(declared) or 'none'}")
    return {name: _resolve(name, declaration, overrides.get(name)) for name, declaration in declared.items()}


def _resolve(name: str, declaration: Mapping[str, Any], override: str | None) -> str | list[str]:
    path = f"Parameters.{name}"
    if override is None and "Default" not in declaration:
        raise TemplateError(path, "has no default and no value was given")
    text = str(declaration["Default"] if override is None else override)
    kind = declaration.get("Type", "String")
    if kind not in _TYPES:
        raise TemplateError(path, f"the type {kind} is not supported; supported: {', '.join(_TYPES)}")
    if kind not in _LIST_TYPES:
        _check(path, declaration, kind, text)
        return text
    items = [item.strip() for item in text.split(",")] if text else []
    for item in items:
        _check(path, declaration, "Number" if kind == "List<Number>" else "String", item)
    return items


def _check(path: str, declaration: Mapping[str, Any], kind: str, text: str) -> None:
    shown = "the value" if declaration.get("NoEcho") in (True, "true") else repr(text)
    allowed = [str(value) for value in declaration.get("AllowedValues", [])]
    if allowed and text not in allowed:
        raise TemplateError(path, f"{shown} is not one of {', '.join(allowed)}")
    pattern = declaration.get("AllowedPattern")
    if pattern and not re.fullmatch(pattern, text):
        raise TemplateError(path, f"{shown} does not match {pattern}")
    if not int(declaration.get("MinLength", 0)) <= len(text) <= int(declaration.get("MaxLength", 4096)):
        raise TemplateError(path, f"{shown} has {len(text)} characters; MinLength and MaxLength forbid that")
    if kind == "Number":
        _check_number(path, declaration, shown, text)


def _check_number(path: str, declaration: Mapping[str, Any], shown: str, text: str) -> None:
    try:
        number = float(text)
    except ValueError:
        raise TemplateError(path, f"{shown} is not a number") from None
    if "MinValue" in declaration and number < float(declaration["MinValue"]):
        raise TemplateError(path, f"{shown} is below {declaration['MinValue']}")
    if "MaxValue" in declaration and number > float(declaration["MaxValue"]):
        raise TemplateError(path, f"{shown} is above {declaration['MaxValue']}")
