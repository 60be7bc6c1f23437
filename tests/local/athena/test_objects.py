"""How one object is read by several threads of DuckDB."""

from concurrent.futures import ThreadPoolExecutor

from local.athena.objects import CountedReader, Objects


def test_a_thread_reads_where_it_said_whatever_another_reads_between_the_two() -> None:
    objects = Objects("123456789012")
    reader = CountedReader(objects, b"0123456789")

    def elsewhere() -> bytes:
        reader.seek(7)
        return reader.read(2)

    with ThreadPoolExecutor(1) as other:
        reader.seek(1)
        assert other.submit(elsewhere).result() == b"78"
        assert reader.read(3) == b"123"
    assert objects.bytes_read == 5


def test_threads_that_do_not_say_where_read_on_in_turns() -> None:
    reader = CountedReader(Objects("123456789012"), b"0123456789")
    with ThreadPoolExecutor(1) as other:
        reader.seek(0)
        assert other.submit(reader.read, 4).result() == b"0123"
        assert reader.read(3) == b"456"
        assert other.submit(reader.read).result() == b"789"
