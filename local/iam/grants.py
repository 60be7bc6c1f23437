"""The grants of a deployment, and which of them something needs.

A grant is needed if a request was judged that nothing else allows: without it that request would have been denied. One that is not needed by what a
story does is there for what the story can't show, or for nothing; `unneeded.py` has the reasons of the former.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from local.iam.authority import Authority
from local.iam.statements import Statement


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """One action of one statement. `owner` is the logical id of the role or policy that it stands in, or the name of AWS's own."""

    owner: str
    sid: str
    action: str

    def __str__(self) -> str:
        return f"{self.owner}/{self.sid} {self.action}"


def all_grants(authority: Authority) -> set[Grant]:
    return {grant for held in authority.roles.values() for statement in held for grant in _of(statement)}


def needed_grants(authority: Authority) -> set[Grant]:
    """Judged anew: each request that was allowed, less each of the statements that allow it."""
    needed = set()
    for use in authority.uses():
        for statement in use.allowed_by:
            if not authority.without(use.role, statement).permits(use.role, use.request):
                needed |= {grant for grant in _of(statement) if grant.action.lower() == use.request.action.lower()}
    return needed


@dataclass(frozen=True, slots=True)
class Account:
    """`needless` are grants that nothing needs and nobody has a reason for; `mistaken` are reasons for grants that are needed, or not there."""

    needed: set[Grant]
    excused: Mapping[str, str]
    needless: list[str]
    mistaken: list[str]


def account(authority: Authority, reasons: Mapping[str, str]) -> Account:
    """`reasons` are by the text of a grant."""
    needed = needed_grants(authority)
    unneeded = {str(grant) for grant in all_grants(authority) - needed}
    return Account(
        needed, {name: reasons[name] for name in sorted(unneeded & set(reasons))}, sorted(unneeded - set(reasons)), sorted(set(reasons) - unneeded)
    )


def _of(statement: Statement) -> set[Grant]:
    return {Grant(statement.owner, statement.sid, action) for action in statement.actions}
