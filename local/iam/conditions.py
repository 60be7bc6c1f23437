"""Condition keys, as far as template.yaml uses them: what is not in these tables is refused when the template is deployed.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html and, for operators with a prefix,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local.iam.requests import LEADING_KEYS, PASSED_TO, Request, UnknownCallError
from local.iam.wildcards import matches

_SECURE_TRANSPORT = "aws:SecureTransport"
_EQUALS, _LIKE = "ForAllValues:StringEquals", "ForAllValues:StringLike"
_KNOWN = {("Bool", _SECURE_TRANSPORT), ("StringEquals", PASSED_TO), (_EQUALS, LEADING_KEYS), (_LIKE, LEADING_KEYS)}


class UnknownConditionError(ValueError):
    """The text names the condition and those that are understood."""

    def __init__(self, operator: str, key: str) -> None:
        known = ", ".join(sorted(" ".join(pair) for pair in _KNOWN))
        super().__init__(f"the condition {operator} {key} is not understood by the local cloud, which knows {known}")


@dataclass(frozen=True, slots=True)
class Condition:
    operator: str
    key: str
    values: frozenset[str]

    def holds(self, request: Request) -> bool:
        """Raises UnknownCallError where the call's own value of the key is not known."""
        if self.key == _SECURE_TRANSPORT:
            return "true" in self.values  # every client of ours speaks TLS on AWS
        if self.key == PASSED_TO:
            return request.passed_to in self.values
        if request.leading_keys is None:
            raise UnknownCallError(f"{request.action}: a policy asks for {LEADING_KEYS}, and the table of calls does not say which this has")
        if self.operator == _EQUALS:
            return request.leading_keys <= self.values
        return all(any(matches(value, key) for value in self.values) for key in request.leading_keys)


def read(document: Mapping[str, Mapping[str, Any]]) -> tuple[Condition, ...]:
    """A policy's Condition element. Raises UnknownConditionError."""
    found = []
    for operator, keys in document.items():
        for key, values in keys.items():
            if (operator, key) not in _KNOWN:
                raise UnknownConditionError(operator, key)
            found.append(Condition(operator, key, frozenset(_texts(values))))
    return tuple(found)


def _texts(values: Any) -> list[str]:
    return [str(value).lower() if isinstance(value, bool) else str(value) for value in (values if isinstance(values, list) else [values])]
