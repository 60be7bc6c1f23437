"""The roles of one deployment, and the judgement: an explicit deny wins, then one statement that allows is enough, else denied.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from local.iam import aws_managed, statements
from local.iam.principals import Principal
from local.iam.requests import AccessDeniedError, Request
from local.iam.statements import PolicyError, Statement

REMEMBERED = 8192
"""Judgements kept; a role asks for the same again and again, and keys of objects are without end."""


@dataclass(frozen=True, slots=True)
class Use:
    """A request that was judged, and the statements that allow it."""

    role: str
    request: Request
    allowed_by: frozenset[Statement]


class Authority:
    """Filled while a template is deployed, and asked from then on."""

    def __init__(self) -> None:
        self.roles: dict[str, tuple[Statement, ...]] = {}
        self._policies: dict[str, tuple[Statement, ...]] = {}
        self._of_resources: tuple[Statement, ...] = ()
        self._uses: dict[tuple[str, str, frozenset[Statement]], Use] = {}
        self._verdict = lru_cache(REMEMBERED)(self._judge)

    def add_policy(self, policy_arn: str, owner: str, document: Mapping[str, Any]) -> None:
        """A managed policy of the template. Raises PolicyError."""
        self._policies[policy_arn] = statements.read(owner, document)

    def add_role(self, role_arn: str, owner: str, documents: Iterable[Mapping[str, Any]], policy_arns: Iterable[str]) -> None:
        """A role with its inline policies and those attached. Raises PolicyError."""
        attached = [statement for policy_arn in policy_arns for statement in self._attached(policy_arn)]
        inline = [statement for document in documents for statement in statements.read(owner, document)]
        self.roles[role_arn] = (*attached, *inline)
        self._verdict.cache_clear()
        self._verdict.cache_clear()

    def add_resource_policy(self, owner: str, document: Mapping[str, Any]) -> None:
        """The policy of a bucket or queue. What it denies everybody counts; whatever else it says raises PolicyError."""
        for statement in statements.as_list(document["Statement"]):
            if statement["Effect"] != "Deny" or statement.get("Principal") != "*":
                told = "of a resource's policy the local cloud judges only what it denies everybody"
                raise PolicyError(f"statement {statement.get('Sid', statement)}: {told}")
        self._of_resources += statements.read(owner, document)
        self._verdict.cache_clear()

    def permits(self, role: str, request: Request) -> bool:
        """Raises UnknownCallError for a condition that can't be decided."""
        return self._asked(role, request)[0]

    def require(self, principal: Principal, *requests: Request) -> None:
        """Raises AccessDeniedError for the first that is not allowed, and UnknownCallError."""
        for request in requests:
            allowed, explicitly = self._asked(principal.role, request)
            if not allowed:
                raise AccessDeniedError(principal.arn, request, explicitly=explicitly)

    def without(self, role: str, statement: Statement) -> "Authority":
        """The same but for one statement of one role."""
        other = Authority()
        other.roles = self.roles | {role: tuple(each for each in self.roles[role] if each != statement)}
        other._of_resources = self._of_resources
        return other

    def revoke(self, owner: str, sid: str) -> None:
        """Takes a statement from every role that has it, from now on. Raises KeyError where none does."""
        had = [role for role, held in self.roles.items() if any((each.owner, each.sid) == (owner, sid) for each in held)]
        if not had:
            raise KeyError(f"{owner}/{sid}")
        for role in had:
            self.roles[role] = tuple(each for each in self.roles[role] if (each.owner, each.sid) != (owner, sid))
        self._verdict.cache_clear()

    def uses(self) -> Iterator[Use]:
        """An example of everything that was allowed: one for each role, action and set of statements."""
        yield from list(self._uses.values())

    def _attached(self, policy_arn: str) -> tuple[Statement, ...]:
        if policy_arn in self._policies:
            return self._policies[policy_arn]
        try:
            return statements.read(*aws_managed.named(policy_arn))
        except KeyError as error:
            raise PolicyError(str(error.args[0])) from error

    def _asked(self, role: str, request: Request) -> tuple[bool, bool]:
        """Keys of items are without end, too: they are left out where no statement of the role asks for them."""
        narrowed = request.leading_keys is None or any(statement.conditions for statement in self.roles.get(role, ()))
        return self._verdict(role, request if narrowed else Request(request.action, request.resource))

    def _judge(self, role: str, request: Request) -> tuple[bool, bool]:
        """Whether it is allowed, and if not whether by an explicit deny. A role that nobody made may do nothing."""
        covering = [statement for statement in (*self.roles.get(role, ()), *self._of_resources) if statement.covers(request)]
        if any(not statement.allows for statement in covering):
            return False, True
        if covering:
            allowed_by = frozenset(covering)
            self._uses.setdefault((role, request.action, allowed_by), Use(role, request, allowed_by))
        return bool(covering), False
