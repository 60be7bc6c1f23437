"""Curation: raw events into the lake, each once, and people and devices after them.

`plan` cuts what waits into chunks, `statements` says each of them in SQL, `state` is where it stands.
"""
