"""What is known of one person now: traits, devices, when first and last seen."""

from regulars.domain.errors import InvalidRequestError, NotFoundError
from regulars.ports import Document, ProfileStore


def show_profile(user_id: str, *, profiles: ProfileStore) -> Document:
    """The profile document. Raises NotFoundError for somebody who was never identified."""
    if not user_id:
        raise InvalidRequestError("whose profile?", field="user_id")
    found = profiles.get_many([user_id])
    if user_id not in found:
        raise NotFoundError(f"nobody is known as {user_id!r}: no identify or device of theirs has been loaded")
    return found[user_id].document
