"""Whether a file is at all what it is said to be: a program or a workbook is not read as thousands of bad lines."""

from typing import Final

from regulars.domain.imports.job import Format

_KINDS: Final = (
    (b"PK\x03\x04", "a ZIP archive, as an Excel workbook is"),
    (b"\xd0\xcf\x11\xe0", "a workbook or document of an old Office"),
    (b"\x7fELF", "a program"),
    (b"PAR1", "Parquet"),
    (b"Obj\x01", "Avro"),
    (b"ORC", "ORC"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\x1f\x8b", "gzip in gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"\x28\xb5\x2f\xfd", "Zstandard"),
    (b"\x89PNG", "a picture"),
)
"""By their first bytes (https://en.wikipedia.org/wiki/List_of_file_signatures)."""

_READ: Final = "text is read, plain or gzipped: NDJSON, or CSV (a workbook can be saved as CSV)"


def mismatch(head: bytes, form: Format) -> str:
    """Why a file whose text begins with `head` is none of this format; empty where it may be."""
    if b"\0" in head:
        kind = next((name for signature, name in _KINDS if head.startswith(signature)), "")
        return f"it looks like {kind}; {_READ}" if kind else f"it is no text (byte {head.index(0):,} of it is NUL); {_READ}"
    lines = [line for line in head.removeprefix(b"\xef\xbb\xbf").splitlines() if line.strip()]
    if form == "csv" or not lines or any(line.lstrip().startswith(b"{") and line.rstrip() != b"{" for line in lines):
        return ""
    first = lines[0].strip()
    if first.startswith(b"["):
        return "it is a JSON array: each line must be an object by itself, as `jq -c '.[]'` writes them"
    if first == b"{":
        return "it is one JSON object over several lines: each line must be an object by itself, as `jq -c .` writes them"
    return f"none of its first lines is a JSON object (the first is {first[:40].decode('utf-8', 'replace')!r}); CSV is read with a mapping"
