"""The stable bucket of a person, by which arms are assigned and shares of people chosen (docs/segments.md).

`sql.bucket` says the same in SQL. This module knows no sqlglot, so that `deliver`, which reads campaigns, does not pay for it.
"""

import hashlib
from typing import Final

BUCKETS: Final = 10_000
"""How many there are: a bucket is a hundredth of a per cent of all people."""


def bucket_of(person: str, salt: str) -> int:
    """`int(sha256(salt + ":" + person)[:8], 16) % BUCKETS`: 0..9999, the same for ever."""
    return int(hashlib.sha256(f"{salt}:{person}".encode()).hexdigest()[:8], 16) % BUCKETS
