"""Tracking plans: what the events of a source are meant to look like, and where one is not as it was meant.

`plan` is what a plan says, `parse` reads its document (and is the one that imports a library for it), `judgement` holds events against it.
"""
