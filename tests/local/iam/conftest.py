"""The local Athena of its own tests, for these."""

from tests.local.athena.conftest import athena, aws

__all__ = ["athena", "aws"]
