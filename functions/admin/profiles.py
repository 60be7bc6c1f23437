"""Profiles: what is known of a person."""

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from regulars import wiring
from regulars.domain.people.profile import Profile

from .access import READ

router = APIGatewayHttpRouter()


@router.get("/admin/profiles", summary="What is known of a person now", security=READ)
def get(user_id: str) -> Profile:
    from regulars.usecases.show_profile import show_profile

    return show_profile(user_id, profiles=wiring.profiles())


@router.get("/admin/profiles/<user_id>", summary="The same, for an id that a path can hold: one without / or ?", security=READ)
def get_by_path(user_id: str) -> Profile:
    return get(user_id)
