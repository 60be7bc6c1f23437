"""The one strict reader of JSON documents: segments, campaigns, and whatever else people write down and Regulars keeps.

    Value(document, error=InvalidRuleError)  ->  Fields(value).only(("id", "name"))  ->  fields["id"].text()

A `Value` knows where it stands and which error refuses it, so every refusal has a path, says what is wrong and what is allowed. Nothing is
converted or guessed: a number in quotes is a text. `Problems` reads on where a `Value` refuses, so that all that is wrong is told at once. Nothing
here knows of the lake, of people or of AWS.
"""

from regulars.domain.language.fields import Fields
from regulars.domain.language.names import CAMPAIGN_ID, FEED_ID, JOURNEY_ID, MAX_NAME, PURPOSE, SEGMENT_ID, STEP_NAME, IdRule, read_id, read_name
from regulars.domain.language.paths import MAX_PATH, Path, json_path, read_path
from regulars.domain.language.problems import Problem, Problems, refusal
from regulars.domain.language.suggestions import guess, nearest, unknown
from regulars.domain.language.times import MAX_DAYS, read_clock, read_moment, read_span, shown
from regulars.domain.language.trees import MAX_LEVELS, read_tree
from regulars.domain.language.value import MAX_TEXT, MAX_WHOLE, Value, all_different
from regulars.domain.language.wording import kind, listed, printable, says_something

__all__ = [
    "CAMPAIGN_ID",
    "FEED_ID",
    "JOURNEY_ID",
    "MAX_DAYS",
    "MAX_LEVELS",
    "MAX_NAME",
    "MAX_PATH",
    "MAX_TEXT",
    "MAX_WHOLE",
    "PURPOSE",
    "SEGMENT_ID",
    "STEP_NAME",
    "Fields",
    "IdRule",
    "Path",
    "Problem",
    "Problems",
    "Value",
    "all_different",
    "guess",
    "json_path",
    "kind",
    "listed",
    "nearest",
    "printable",
    "read_clock",
    "read_id",
    "read_moment",
    "read_name",
    "read_path",
    "read_span",
    "read_tree",
    "refusal",
    "says_something",
    "shown",
    "unknown",
]
