"""Moments as Athena answers them."""

from datetime import UTC, datetime


def lake_moment(text: str) -> datetime:
    """`2026-11-21 10:00:00.000000`, which is UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
