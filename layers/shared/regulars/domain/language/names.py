"""Ids, and the names of events and properties."""

from dataclasses import dataclass

from regulars.domain.language.value import Value

MAX_NAME = 255
"""Characters of the name of an event, a trait or a property: as many as collection keeps of an event's name (a test compares the two)."""


@dataclass(frozen=True)
class IdRule:
    """What the ids of one kind of document look like: at most `limit` letters, digits and `punctuation`, the first a letter or a digit."""

    limit: int
    punctuation: str

    def admits(self, text: str) -> bool:
        plain = text.isascii() and all(letter.isalnum() or letter in self.punctuation for letter in text)
        return 0 < len(text) <= self.limit and plain and text[0].isalnum()

    def __str__(self) -> str:
        marks = ", ".join(f"`{mark}`" for mark in self.punctuation)
        return f"an id has 1 to {self.limit} letters, digits, {marks}, and begins with a letter or a digit"


SEGMENT_ID = IdRule(100, "_.-")
"""Safe in a URL, a key and a file name."""

CAMPAIGN_ID = IdRule(48, "_-")
"""A run id is `<campaign>-<15 characters>-<6>`, and Step Functions allows 80 for an execution's name
(https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html)."""

JOURNEY_ID = IdRule(48, "_-")
"""As a campaign's, beside which it stands in reports and in what an app tells of a push."""

STEP_NAME = IdRule(48, "_-")
"""Of a step in a journey. People are kept in it and reports count by it."""

FEED_ID = IdRule(48, "_.-")
"""It is the name of a schedule, which has 64 characters at most."""

PURPOSE = IdRule(48, "_-")
"""What consent is asked for, as in `marketing`: a part of traits' names."""


def read_id(value: Value, rule: IdRule) -> str:
    """An id within its rule."""
    text = value.text()
    if not rule.admits(text):
        value.refuse(str(rule))
    return text


def read_name(value: Value) -> str:
    """The name of an event: any text up to MAX_NAME, since it is compared as it is."""
    return value.text(MAX_NAME)
