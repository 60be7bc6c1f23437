"""Which addresses of the internet may be asked on somebody's behalf: only what everybody can reach.

Whoever may name a URL could otherwise have us ask what only we can reach: the metadata of a machine, another's loopback
(https://owasp.org/www-community/attacks/Server_Side_Request_Forgery). A name is resolved once and the connection goes to the address that was judged,
since a second look-up may give another one.
"""

import ipaddress
import socket
from collections.abc import Collection
from typing import Final

_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
"""https://www.rfc-editor.org/rfc/rfc6052: the last 32 bits are an IPv4 address."""


class NotPublicError(Exception):
    """Not everybody can reach it."""


class UnknownHostError(Exception):
    """Nobody knows an address of it, for now: a resolver may be in trouble, or a name only just made."""


def public_address(host: str, port: int, *, private_hosts: Collection[str] = ()) -> str:
    """An address of the host. `private_hosts` may have any. Raises UnknownHostError where it has none, NotPublicError where one is not public."""
    try:
        found = [str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise UnknownHostError(f"there is no host {host[:100]}") from error
    if host not in private_hosts and not all(map(is_public, found)):
        raise NotPublicError(f"{host[:100]} has an address that is not public: only what everybody can reach is asked")
    return found[0]


def is_public(address: str) -> bool:
    """Whether it is one of the whole internet, also of the IPv4 address inside of an IPv6 one."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    inner: object = None
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else None)
    judged = inner if isinstance(inner, ipaddress.IPv4Address) else ip
    return judged.is_global and not judged.is_multicast
