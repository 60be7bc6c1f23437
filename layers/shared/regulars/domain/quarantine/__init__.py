"""The quarantine: events that were refused, found again (`statements`), repaired (`repair`), tried (`trial`) and sent once more (`replays`).

`load` writes what it refuses as lines of `collection.rejection`; each is an `entry` here. Nothing in an object is ever rewritten: what was
replayed is said by rows beside them, and who asks for what is waiting leaves those out.
"""
