"""A policy document as statements.

moto has an IAMPolicyStatement of its own. It is not used: it takes `.`, `?` and `+` of a resource for regular expressions, and lets an Allow whose
condition does not hold deny what another statement allows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local.iam import conditions
from local.iam.conditions import Condition
from local.iam.requests import Request
from local.iam.wildcards import matches

_KNOWN = {"Sid", "Effect", "Action", "Resource", "Condition", "Principal"}


class PolicyError(ValueError):
    """A policy that the local cloud can't judge by; the text says what of it."""


@dataclass(frozen=True, slots=True)
class Statement:
    """`owner` is the logical id of the role or policy that it stands in, or the name of AWS's own policy."""

    owner: str
    sid: str
    allows: bool
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: tuple[Condition, ...] = ()

    def covers(self, request: Request) -> bool:
        """Whether it says anything about this request. Raises UnknownCallError for a condition that can't be decided."""
        return (
            any(matches(action.lower(), request.action.lower()) for action in self.actions)
            and any(matches(resource, request.resource) for resource in self.resources)
            and all(condition.holds(request) for condition in self.conditions)
        )


def read(owner: str, document: Mapping[str, Any]) -> tuple[Statement, ...]:
    """The statements of a policy document. Raises PolicyError for an element that is not understood, and for an unknown condition."""
    return tuple(_statement(owner, statement) for statement in as_list(document["Statement"]))


def _statement(owner: str, statement: Mapping[str, Any]) -> Statement:
    sid = str(statement.get("Sid", ""))
    if unknown := sorted(set(statement) - _KNOWN):
        told = f"not understood by the local cloud, which knows {', '.join(sorted(_KNOWN))}"
        raise PolicyError(f"statement {sid or statement}: {', '.join(unknown)} is {told}")
    try:
        found = conditions.read(statement.get("Condition", {}))
    except ValueError as error:
        raise PolicyError(f"statement {sid or statement}: {error}") from error
    actions, resources = (tuple(map(str, as_list(statement[name]))) for name in ("Action", "Resource"))
    return Statement(owner, sid, statement["Effect"] == "Allow", actions, resources, found)


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
