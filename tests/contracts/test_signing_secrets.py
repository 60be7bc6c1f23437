"""What every SigningSecrets does, real or fake."""

from datetime import UTC, datetime

import pytest

from regulars.adapters.dynamo_content import DynamoSigningSecrets
from regulars.domain.content.signature import SigningSecret
from regulars.ports import SigningSecrets
from tests.contracts.conftest import Tables
from tests.contracts.suite import suite
from tests.fakes.content import MemorySigningSecrets

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)


@pytest.fixture
def dynamo(table: Tables) -> SigningSecrets:
    return DynamoSigningSecrets(table("ContentTable"))


secrets = suite(SigningSecrets, adapter="dynamo", fake=MemorySigningSecrets)


def test_a_secret_comes_back_as_it_was_and_so_does_the_one_before(secrets: SigningSecrets) -> None:
    assert secrets.get("cms") is None
    first = SigningSecret.made("cms", at=NOW)
    for kept in (first, first.rotated(at=NOW)):
        secrets.put(kept)
        assert secrets.get("cms") == kept
    assert secrets.get("other") is None
