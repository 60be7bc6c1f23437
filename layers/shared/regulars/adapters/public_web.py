"""One request to a web address that somebody named: only what everybody can reach is asked (`public_addresses`)."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import urlsplit

import urllib3

from regulars.adapters.public_addresses import public_address


@contextmanager
def asked(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    body: bytes | None = None,
    seconds: float,
    private_hosts: Collection[str] = (),
    ca_bundle: str = "",
) -> Iterator[urllib3.BaseHTTPResponse]:
    """The answer, of which nothing but the head has been read; a redirect is an answer. The connection goes to the address that was judged, and ends
    with the context. Raises NotPublicError, UnknownHostError, and what urllib3 raises."""
    parts = urlsplit(url)
    host, secure = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    address = public_address(host, port, private_hosts=private_hosts)
    timeout = urllib3.Timeout(total=max(seconds, 0.1))
    if secure:
        pool: urllib3.HTTPConnectionPool = urllib3.HTTPSConnectionPool(
            address, port, timeout=timeout, retries=False, server_hostname=host, assert_hostname=host, ca_certs=ca_bundle or None
        )
    else:
        pool = urllib3.HTTPConnectionPool(address, port, timeout=timeout, retries=False)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    own = {**headers, "host": parts.netloc.rpartition("@")[2]}
    try:
        answer = pool.urlopen(method, target, body=body, headers=own, redirect=False, preload_content=False)
        try:
            yield answer
        finally:
            answer.close()
    finally:
        pool.close()
