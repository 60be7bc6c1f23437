"""ProfileStore on DynamoDB: one item a person."""

from regulars.adapters.documents.profiles import profile_of
from regulars.adapters.dynamo_documents import DynamoDocuments
from regulars.domain.people.profile import Profile


class DynamoProfiles(DynamoDocuments[Profile]):
    """One table."""

    def __init__(self, table: str) -> None:
        super().__init__(table, "the profile table", key="user_id", read=profile_of)
