"""What an installation decides for itself."""

from dataclasses import dataclass

from regulars.domain.cleaning.placeholders import PLACEHOLDERS


@dataclass(frozen=True, slots=True)
class Standards:
    """`placeholders` are ids that are nobody's, in small letters. `country` (ISO 3166 alpha-2) is where people are at home who do not say."""

    placeholders: frozenset[str] = PLACEHOLDERS
    country: str | None = None

    @staticmethod
    def of(more_placeholders: str, country: str) -> "Standards":
        """From a deployment's parameters: placeholders beyond the built-in ones, separated by commas, and a country's code or nothing."""
        more = {word.strip().lower() for word in more_placeholders.split(",")} - {""}
        return Standards(PLACEHOLDERS | more, country.strip().upper() or None)
