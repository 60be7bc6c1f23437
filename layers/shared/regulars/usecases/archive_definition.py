"""Taking a segment or campaign out of use. All of its versions are kept, and putting it again brings it back."""

from dataclasses import dataclass

from regulars.domain.campaigns import parse_campaign
from regulars.domain.definitions import DefinitionKind
from regulars.domain.errors import ConflictError
from regulars.domain.segments import parse_segment, rule_references
from regulars.ports import DefinitionStore


@dataclass(frozen=True)
class Archived:
    id: str
    version: int
    archived: bool = True


def archive_definition(kind: DefinitionKind, identity: str, *, definitions: DefinitionStore) -> Archived:
    """Raises NotFoundError, and ConflictError for a segment that others still use, naming them."""
    definitions.get(kind, identity)
    users = _users_of_segment(identity, definitions) if kind == "segment" else []
    if users:
        raise ConflictError(f"segment {identity} is still used by {', '.join(users)}: change or archive them first")
    done = definitions.archive(kind, identity)
    return Archived(done.id, done.version)


def _users_of_segment(identity: str, definitions: DefinitionStore) -> list[str]:
    """Segments and campaigns that are not archived themselves and name it."""
    segments = [each for each in definitions.all("segment") if not each.archived and each.id != identity]
    campaigns = [each for each in definitions.all("campaign") if not each.archived]
    naming = [f"segment {each.id}" for each in segments if identity in rule_references(parse_segment(each.document).rule)]
    return naming + [f"campaign {each.id}" for each in campaigns if identity in parse_campaign(each.document).segments]
