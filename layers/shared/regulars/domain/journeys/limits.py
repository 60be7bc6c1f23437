"""How large a journey may be. All are ours."""

from datetime import timedelta
from typing import Final

MAX_STEPS: Final = 100
"""Of a journey. Nobody oversees more."""

MAX_EXITS: Final = 20

MAX_CHOICES: Final = 20
"""Of a branch, and arms of a split."""

MAX_COLLECTED: Final = 10
"""Events that one person's state holds of a `collect`: it is one item of DynamoDB, replaced whole at each."""

MAX_KEPT_BYTES: Final = 8_192
"""Of one event in a person's state, as it is written there: of what a run began with, and of each that a `collect` gathers. With all of these, and
once more in the errands that go with it, an item stays well below DynamoDB's 400 KB."""

LONGEST_WAIT: Final = timedelta(days=366)
"""In one step. Whoever is to be written to later comes in by a segment then."""

LONGEST_SPREAD: Final = timedelta(hours=12)

MAX_HOPS: Final = 1_000
"""Steps of one run."""

MAX_DOCUMENT_BYTES: Final = 262_144
"""DynamoDB takes 400 KB an item (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html)."""

MAX_WEBHOOK_BYTES: Final = 16_384

MAX_KEY: Final = 128
"""Characters of a run's key. It is part of a sort key, which has 1,024 bytes at most."""

GRACE: Final = timedelta(seconds=90)
"""So much later than its deadline a wait for an event is given up: Segment's mobile libraries send what happened every 30 s
(https://segment.com/docs/connections/sources/catalog/libraries/mobile/ios/), and who did it in time is not to be told that they did not."""

CONTENT_GRACE: Final = timedelta(minutes=5)
"""The same of a wait for items, each of which the lake is asked first whom it is for: one that was published in time is to be in the digest."""
