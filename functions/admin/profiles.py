"""Profiles: what is known of a person."""

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from regulars import wiring
from regulars.usecases.show_profile import ShownProfile, show_profile

from .access import READ

router = APIGatewayHttpRouter()


@router.get("/admin/profiles", summary="What is known of a person now", security=READ)
def get(user_id: str) -> ShownProfile:
    return show_profile(user_id, profiles=wiring.profiles(), devices=wiring.devices())


@router.get("/admin/profiles/<user_id>", summary="The same, for an id that a path can hold: one without / or ?", security=READ)
def get_by_path(user_id: str) -> ShownProfile:
    return get(user_id)
