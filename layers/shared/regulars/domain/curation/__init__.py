"""Curation: raw events into the lake, each once, and people and devices after them.

`landing` says which raw objects are new, `plan` cuts what they hold into chunks, `statements` says each of them in SQL, `known` what is
recognised, `merges` how people and devices follow, `state` where it all stands.
"""
