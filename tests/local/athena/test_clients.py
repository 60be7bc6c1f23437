"""Outsiders: pyathena, unmodified, through moto's server."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.local.athena.conftest import Athena


def test_pyathena_reads_through_the_server_what_was_written_in_process(shared: "Athena", monkeypatch: pytest.MonkeyPatch) -> None:
    from moto.server import ThreadedMotoServer
    from pyathena import connect
    from pyathena.error import OperationalError

    monkeypatch.setenv("AWS_ACCOUNT_ID_ENDPOINT_MODE", "disabled")
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        port = server.get_host_and_port()[1]
        connection = connect(
            s3_staging_dir="s3://lake/results/",
            schema_name=shared.database,
            region_name="us-east-1",
            endpoint_url=f"http://127.0.0.1:{port}",
            poll_interval=0.02,
        )
        with connection.cursor() as cursor:
            cursor.execute("SELECT n, t, CAST(NULL AS varchar) AS x FROM (VALUES (1, TIMESTAMP '2026-11-21 10:00:00.5')) AS v(n, t)")
            (row,) = cursor.fetchall()
            assert (row[0], row[1].isoformat(), row[2]) == (1, "2026-11-21T10:00:00.500000", None)
            assert cursor.data_scanned_in_bytes == 0
            cursor.execute("CREATE OR REPLACE VIEW named AS SELECT n, name FROM (VALUES (1, 'ada'), (2, 'bob')) AS v(n, name)")
            cursor.execute("SELECT a.name, b.n FROM named a JOIN named b ON b.n = a.n + 1 WHERE a.name = %(name)s", {"name": "ada"})
            assert cursor.fetchall() == [("ada", 2)]
            with pytest.raises(OperationalError, match="DIVISION_BY_ZERO"):
                cursor.execute("SELECT 1 / 0")
    finally:
        server.stop()
