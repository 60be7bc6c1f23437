"""What segments and campaigns share as definitions that are put and got."""

from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import unquote

from aws_lambda_powertools.event_handler.openapi.params import Body

from regulars.domain.errors import InvalidRequestError
from regulars.ports import Document, Stored

Definition = Annotated[dict[str, Any], Body(description="The definition: docs/segments.md for a segment, docs/campaigns.md for a campaign.")]


@dataclass(frozen=True)
class Saved:
    id: str
    version: int


def named(definition: Document, identity: str) -> Document:
    """The definition with the id that its address gives it, and without the version that an answer of ours carries: what was got can be put.

    Raises InvalidRequestError if it says another id.
    """
    identity = unquote(identity)  # no id that is allowed has a %, but whoever uses one should be told about it as they wrote it
    if definition.get("id", identity) != identity:
        raise InvalidRequestError(f"is not the {identity!r} of the address", field="id")
    return {**{name: value for name, value in definition.items() if name != "version"}, "id": identity}


def versioned(stored: Stored) -> Document:
    return {**stored.document, "version": stored.version}
