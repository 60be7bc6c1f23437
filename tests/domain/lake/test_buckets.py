"""The bucket of a person is a public promise: the same number in Python, in SQL and in years to come."""

import pytest

from regulars.domain.lake.buckets import bucket_of


@pytest.mark.parametrize(("person", "salt", "bucket"), [("h1", "spring", 5773), ("Zoë", "spring", 676), ("", "s", 313)])
def test_the_bucket_is_the_designs_formula(person: str, salt: str, bucket: int) -> None:
    # Expected: the first 8 digits of sha256sum of "salt:person", as a number, modulo 10,000. Its SQL is run in campaigns/test_audience.py.
    assert bucket_of(person, salt) == bucket
