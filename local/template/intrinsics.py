"""CloudFormation's intrinsic functions, evaluated without a cloud.

A pure evaluator: it knows the parameters, mappings and conditions of a template and what Ref and Fn::GetAtt give for the
resources that exist so far. A function that it does not know is an error, never text that is passed on.
Semantics: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
"""

import base64
import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from local.template.errors import TemplateError

NO_VALUE: Final = object()
"""What `Ref: AWS::NoValue` gives: the property, list item or map entry that holds it disappears."""

_PLACEHOLDER: Final = re.compile(r"\$\{([^}]*)\}")


@dataclass(frozen=True, slots=True)
class Values:
    """What one created resource gives to the others."""

    reference: str
    attributes: Mapping[str, Any] = field(default_factory=dict)


def function_name(value: object) -> str | None:
    """The intrinsic function that a JSON value calls, or None where it is plain data."""
    if isinstance(value, Mapping) and len(value) == 1:
        (key,) = value
        if key == "Ref" or (isinstance(key, str) and key.startswith("Fn::")):
            return str(key)
    return None


def placeholders(text: str) -> list[str]:
    """The names inside `${..}` of an Fn::Sub text, without the literals `${!..}`."""
    return [name.strip() for name in _PLACEHOLDER.findall(text) if not name.startswith("!")]


def as_text(value: object) -> str:
    """A scalar as CloudFormation writes it into text: booleans in lower case."""
    return str(value).lower() if isinstance(value, bool) else str(value)


class Evaluator:
    """Evaluates values of one template.

    `parameters` includes the pseudo parameters; `resources` may grow between calls (it is read, not copied).
    """

    def __init__(
        self,
        *,
        parameters: Mapping[str, Any],
        mappings: Mapping[str, Any] | None = None,
        conditions: Mapping[str, Any] | None = None,
        resources: Mapping[str, Values] | None = None,
    ) -> None:
        self._parameters = parameters
        self._mappings = mappings or {}
        self._conditions = conditions or {}
        self._resources = resources if resources is not None else {}
        self._known_conditions: dict[str, bool] = {}
        self._under_evaluation: list[str] = []
        self._functions: dict[str, Callable[[Any, str], Any]] = {
            "Ref": self._ref,
            "Fn::GetAtt": self._get_att,
            "Fn::Sub": self._sub,
            "Fn::Join": self._join,
            "Fn::Select": self._select,
            "Fn::Split": self._split,
            "Fn::If": self._if,
            "Fn::FindInMap": self._find_in_map,
            "Fn::Base64": self._base64,
        }

    def evaluate(self, value: Any, path: str) -> Any:
        """The value with every intrinsic function replaced. `path` is where it stands, for error messages."""
        name = function_name(value)
        if name is not None:
            if name not in self._functions:
                raise TemplateError(path, f"the function {name} is not supported; supported: {', '.join(self._functions)}")
            return self._functions[name](value[name], path)
        if isinstance(value, Mapping):
            entries = ((key, self.evaluate(item, f"{path}.{key}")) for key, item in value.items())
            return {key: item for key, item in entries if item is not NO_VALUE}
        if isinstance(value, list):
            items = (self.evaluate(item, f"{path}[{index}]") for index, item in enumerate(value))
            return [item for item in items if item is not NO_VALUE]
        return value

    def condition(self, name: str, path: str) -> bool:
        """Whether the condition of that name holds."""
        if name in self._known_conditions:
            return self._known_conditions[name]
        if name not in self._conditions:
            raise TemplateError(path, f"no condition {name!r}{_suggest(name, self._conditions)}")
        if name in self._under_evaluation:
            raise TemplateError(path, f"conditions go in a circle: {' -> '.join([*self._under_evaluation, name])}")
        self._under_evaluation.append(name)
        try:
            self._known_conditions[name] = self._truth(self._conditions[name], f"Conditions.{name}")
        finally:
            self._under_evaluation.pop()
        return self._known_conditions[name]

    def _truth(self, value: Any, path: str) -> bool:
        match value:
            case {"Condition": str(name), **rest} if not rest:
                return self.condition(name, path)
            case {"Fn::Equals": [left, right], **rest} if not rest:
                return as_text(self.evaluate(left, path)) == as_text(self.evaluate(right, path))
            case {"Fn::Not": [inner], **rest} if not rest:
                return not self._truth(inner, path)
            case {"Fn::And": [*parts], **rest} if not rest and parts:
                return all(self._truth(part, path) for part in parts)
            case {"Fn::Or": [*parts], **rest} if not rest and parts:
                return any(self._truth(part, path) for part in parts)
        raise TemplateError(path, "a condition is made of Fn::Equals, Fn::Not, Fn::And, Fn::Or and Condition with their lists")

    def _ref(self, argument: Any, path: str) -> Any:
        if not isinstance(argument, str):
            raise TemplateError(path, "Ref takes the name of a parameter or resource")
        if argument == "AWS::NoValue":
            return NO_VALUE
        if argument in self._parameters:
            return self._parameters[argument]
        if argument in self._resources:
            return self._resources[argument].reference
        known = [*self._parameters, *self._resources]
        raise TemplateError(
            path,
            f"Ref to {argument!r}, which is neither a parameter nor a resource that exists{_suggest(argument, known)}",
        )

    def _get_att(self, argument: Any, path: str) -> Any:
        match argument:
            case str() if "." in argument:
                logical_id, attribute = argument.split(".", 1)
            case [str(logical_id), str(attribute), *more] if all(isinstance(part, str) for part in more):
                attribute = ".".join([attribute, *more])
            case _:
                raise TemplateError(path, "Fn::GetAtt takes [logical id, attribute] or 'logical id.attribute'")
        if logical_id not in self._resources:
            raise TemplateError(
                path,
                f"Fn::GetAtt of {logical_id!r}, which is no resource that exists{_suggest(logical_id, self._resources)}",
            )
        attributes = self._resources[logical_id].attributes
        if attribute not in attributes:
            known = ", ".join(sorted(attributes)) or "none"
            raise TemplateError(path, f"{logical_id} has no attribute {attribute!r} here; supported: {known}")
        return attributes[attribute]

    def _sub(self, argument: Any, path: str) -> str:
        match argument:
            case str(text):
                variables: Mapping[str, Any] = {}
            case [str(text), Mapping() as variables]:
                pass
            case _:
                raise TemplateError(path, "Fn::Sub takes a text, or [text, {name: value}]")

        def replace(found: re.Match[str]) -> str:
            name = found[1]
            if name.startswith("!"):
                return f"${{{name[1:]}}}"
            name = name.strip()
            if name in variables:
                value = self.evaluate(variables[name], f"{path}.{name}")
            else:
                value = self._get_att(name, path) if "." in name else self._ref(name, path)
            return self._scalar(value, path, f"${{{name}}}")

        return _PLACEHOLDER.sub(replace, text)

    def _join(self, argument: Any, path: str) -> str:
        match argument:
            case [str(delimiter), parts]:
                return delimiter.join(self._scalar(item, path, "a part of Fn::Join") for item in self._list(parts, path, "Fn::Join"))
        raise TemplateError(path, "Fn::Join takes [delimiter, list]")

    def _select(self, argument: Any, path: str) -> Any:
        match argument:
            case [index, choices]:
                items = self._list(choices, path, "Fn::Select")
                position = self._scalar(self.evaluate(index, path), path, "the index of Fn::Select")
                if not position.isdecimal() or int(position) >= len(items):
                    raise TemplateError(path, f"Fn::Select of item {position} in a list of {len(items)}")
                return items[int(position)]
        raise TemplateError(path, "Fn::Select takes [index, list]")

    def _split(self, argument: Any, path: str) -> list[str]:
        match argument:
            case [str(delimiter), source] if delimiter:
                return self._scalar(self.evaluate(source, path), path, "the text of Fn::Split").split(delimiter)
        raise TemplateError(path, "Fn::Split takes [delimiter, text]")

    def _if(self, argument: Any, path: str) -> Any:
        match argument:
            case [str(name), when_true, when_false]:
                return self.evaluate(when_true if self.condition(name, path) else when_false, path)
        raise TemplateError(path, "Fn::If takes [condition, value if true, value if false]")

    def _find_in_map(self, argument: Any, path: str) -> Any:
        match argument:
            case [_, _, _]:
                keys = [self._scalar(self.evaluate(key, path), path, "a key of Fn::FindInMap") for key in argument]
            case _:
                raise TemplateError(path, "Fn::FindInMap takes [mapping, first key, second key]")
        found: Any = self._mappings
        for key in keys:
            if not isinstance(found, Mapping) or key not in found:
                raise TemplateError(path, f"Fn::FindInMap of {' / '.join(keys)}: no {key!r}{_suggest(key, found)}")
            found = found[key]
        return found

    def _base64(self, argument: Any, path: str) -> str:
        return base64.b64encode(self._scalar(self.evaluate(argument, path), path, "Fn::Base64").encode()).decode()

    def _list(self, value: Any, path: str, what: str) -> list[Any]:
        items = self.evaluate(value, path)
        if not isinstance(items, list):
            raise TemplateError(path, f"{what} needs a list")
        return items

    @staticmethod
    def _scalar(value: Any, path: str, what: str) -> str:
        if value is NO_VALUE or isinstance(value, Mapping | list) or value is None:
            raise TemplateError(path, f"{what} must be a text or a number")
        return as_text(value)


def _suggest(name: str, known: object) -> str:
    names: Sequence[str] = [str(item) for item in known] if isinstance(known, Iterable) else []
    close = difflib.get_close_matches(name, names, n=1)
    return f"; did you mean {close[0]!r}?" if close else ""
