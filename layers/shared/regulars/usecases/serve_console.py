"""Answering for the console's pages: the file that a path means, compressed, or that the browser has it already."""

import gzip
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Final

from regulars.domain.console import FOLDERS, PAGE, SIGN_IN, asked_for, kept, media_type, security_headers
from regulars.domain.console_scripts import ServedScripts
from regulars.domain.console_texts import ServedTexts

WORTH_COMPRESSING: Final = 200
"""Bytes. A smaller file fits into one packet as it is."""


@dataclass(frozen=True)
class SignIn:
    """Where people sign in: the user pool's address, the id of its client for them, and the address that it sends them back to (or nothing yet)."""

    url: str
    client: str
    back: str


@dataclass(frozen=True)
class Page:
    """An answer of HTTP. Names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(default=b"", repr=False)


def serve_console(path: str, *, known: str, accepted: str, sign_in: SignIn, files: Mapping[str, bytes]) -> Page:
    """`path` is what follows /console; `known` is If-None-Match, `accepted` Accept-Encoding.

    Scripts and lists of texts are joined and a file is compressed when it is asked for: 30 to 80 ms, then 2 ms for the largest, once for each version
    and browser, against a build step for every change.
    """
    headers, name = security_headers(sign_in.url), asked_for(path)
    content = _content(name, sign_in, files)
    if name is None or content is None:
        return Page(404, {**headers, "content-type": media_type("404.txt"), "cache-control": "no-store"}, _no_such_file(path))
    tag = f'"{hashlib.sha256(content).hexdigest()[:20]}"'
    headers = {**headers, "etag": tag, "cache-control": kept(name), "content-type": media_type(name), "vary": "accept-encoding"}
    if _is_known(tag, known):
        return Page(304, headers)
    if "gzip" in accepted and len(content) > WORTH_COMPRESSING:
        return Page(200, {**headers, "content-encoding": "gzip"}, gzip.compress(content, 9, mtime=0))
    return Page(200, headers, content)


def _content(name: str | None, sign_in: SignIn, files: Mapping[str, bytes]) -> bytes | None:
    if name == SIGN_IN:
        return json.dumps({"sign_in_url": sign_in.url, "client_id": sign_in.client, "console_url": sign_in.back}).encode()
    if name is not None and (name.endswith(".js") or name.startswith("texts/")):
        return _joined(name, tuple((each, files[each]) for each in sorted(files) if each.endswith(".js") or each.startswith("texts/")))
    return None if name is None else files.get(name)


@lru_cache(maxsize=32)
def _joined(name: str, sources: tuple[tuple[str, bytes], ...]) -> bytes | None:
    texts, scripts = _served(sources)
    text = scripts.get(name) if name.endswith(".js") else texts.list_called(name)
    return None if text is None else text.encode()


@lru_cache(maxsize=1)
def _served(sources: tuple[tuple[str, bytes], ...]) -> tuple[ServedTexts, ServedScripts]:
    scripts = {name: content.decode() for name, content in sources if name.endswith(".js")}
    texts = ServedTexts(scripts, {PurePosixPath(name).stem: json.loads(content) for name, content in sources if name not in scripts})
    return texts, ServedScripts(scripts, texts)


def _is_known(tag: str, known: str) -> bool:
    """Weakly: who compresses on the way may have marked ours (RFC 9110, 13.1.2)."""
    return tag in (each.strip().removeprefix("W/") for each in known.split(","))


def _no_such_file(path: str) -> bytes:
    text = f"There is no file {path!r} of the console. There are {PAGE} and what it loads from {', '.join(FOLDERS)}; screens are below /console.\n"
    return text.encode()
