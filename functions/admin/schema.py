"""What an editor of rules is made from, and who is asking."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from aws_lambda_powertools.event_handler.openapi.params import Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from regulars import wiring

from .access import READ, who
from .answers import Suggested, Vocabulary

router = APIGatewayHttpRouter()

RulesOf = Annotated[
    Literal["segments", "journeys"], Query(alias="of", description="Whose rules: a journey's may ask of what its run began with, too.")
]


@dataclass(frozen=True)
class Me:
    """`scopes` are what the API lets them do, which a person's groups say and a program's client does. `signed_in_at` is a person's."""

    id: str
    name: str
    is_person: bool
    groups: Sequence[str]
    scopes: Sequence[str]
    signed_in_at: datetime | None


@router.get(
    "/admin/schema", summary="The rule language: heads, operators, measures, periods, their words and the kinds of their values", security=READ
)
def schema(of: RulesOf = "segments") -> Vocabulary:
    if of == "journeys":
        from regulars.domain.journeys.vocabulary import journey_vocabulary

        return journey_vocabulary()
    from regulars.domain.segments.vocabulary import vocabulary

    return vocabulary()


@router.get(
    "/admin/suggestions", summary="Names that a rule may say: events, traits, properties, with the values that they are known to have", security=READ
)
def suggestions() -> Suggested:
    from regulars.usecases.suggest_names import suggest_names

    return suggest_names(definitions=wiring.definitions(), lake=wiring.lake())


@router.get("/admin/me", summary="Who asks, and what they may", security=READ)
def me() -> Me:
    asking = who(router)
    return Me(asking.id, asking.name, asking.is_person, asking.groups, asking.scopes, asking.signed_in_at)
