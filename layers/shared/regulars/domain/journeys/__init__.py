"""Journeys: what follows when somebody does something, or stops doing it (docs/journeys.md).

    examined(document)  ->  Journey, errors, warnings          step(book, state, this, now)  ->  state, actions, trail

`parse` and its parts read a document as a `journey`, `graph` and `warnings` judge what its steps come to, `picture` draws it. `step` moves one
person by one input: no clock, no chance, and nothing remembered but the `state` it is given. What runs live, what `trial` runs over a file of
events, and what looks back over the lake are this one function.
"""
