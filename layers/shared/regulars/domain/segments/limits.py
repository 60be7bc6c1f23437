"""How large a rule may be. Pinpoint stopped at depth 5 and 100 clauses; these leave a little more room and keep every statement quotable.

How long names, paths, values and spans may be is the same in every document: `regulars.domain.language`.
"""

from datetime import timedelta

MAX_DEPTH = 8
"""`all`, `any` and `not` inside each other."""

MAX_CLAUSES = 100
"""In one segment, references counted as one."""

MAX_INLINED_CLAUSES = 300
"""With every referenced segment in its place."""

MAX_CHAIN = 8
"""Segments inside each other."""

MAX_CONDITIONS = 20
"""In one `where`."""

MAX_STEPS = 10
"""In one sequence."""

MAX_VALUES = 1_000
"""In one `in` or `nin`."""

MAX_USERS = 5_000
"""In one `users`. Longer lists belong into a trait."""

MAX_ANNIVERSARY_DAYS = 366
"""Of a span in which an anniversary falls: every one does in so many."""

REACH = timedelta(days=270)
"""How long a device that is not heard of can be pushed to. FCM takes an Android device's token for expired then; for others it promises nothing:
https://firebase.google.com/docs/cloud-messaging/manage-tokens"""

PLACE_WITHIN = timedelta(days=30)
"""How old a last known place may be, unless a clause says otherwise."""

MAX_RADIUS_M = 20_000_000
"""Nowhere on the Earth is 20,016 km away."""

MAX_REFRESH = timedelta(days=7)
"""How seldom a refreshed segment may be looked at: the lists that are compared are kept for longer."""

BASE_LIFE = timedelta(days=1)
"""For how long the looks at a refreshed segment count on from what was counted of it once."""

GREATEST_NUMBER = 1e100
"""What is larger, on either side of 0, is no number: what would overflow when a report squares and adds it."""

STATEMENT_ROOM = 16_384
"""Bytes kept free of `sql.MAX_STATEMENT_BYTES` for what is put round an audience (INSERT, UNLOAD, arms)."""
