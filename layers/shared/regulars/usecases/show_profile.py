"""What is known of one person now: traits and devices."""

from regulars.domain.errors import InvalidRequestError, NotFoundError
from regulars.domain.people.profile import Profile
from regulars.ports import ProfileStore


def show_profile(user_id: str, *, profiles: ProfileStore) -> Profile:
    """Raises NotFoundError for somebody who was never identified."""
    if not user_id:
        raise InvalidRequestError("whose profile?", field="user_id")
    found = profiles.get_many([user_id])
    if user_id not in found:
        raise NotFoundError(
            f"there is no profile of {user_id!r}: no identify and no push token of theirs has been loaded, and other events make none"
        )
    return found[user_id].value
