"""One benchmark in a process of its own: it finds no clients, moto or warm caches of another."""

import importlib
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from bench.table import BenchRow


def measured(name: str, *, write: bool) -> Sequence[BenchRow]:
    """The rows of `bench/<name>.py`; `write` is for one that keeps what it counts. Raises what it raises."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(_rows, name, write).result()


def _rows(name: str, write: bool) -> Sequence[BenchRow]:
    module = importlib.import_module(f"bench.{name}")
    found: Sequence[BenchRow] = module.rows(write=True) if write else module.rows()
    return found
