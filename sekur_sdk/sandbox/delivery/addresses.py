"""Where webhooks may go: public addresses, and this machine; private networks only where the server is told so.

What a name leads to is looked at when the connection is made, and the connection goes to the very address that was looked at: a
name that answers differently the next time leads nowhere else.
"""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlsplit

import attrs

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class AddressRefusedError(Exception):
    """A webhook may not go there."""


@attrs.frozen
class Policy:
    """`private` also lets private networks' addresses be called, and without TLS. Link-local ones are refused always."""

    private: bool = False

    def check_url(self, url: str) -> None:
        """Check what can be known before any name is looked up.

        Raises:
            ValueError: what is wrong, for whom wrote it; it repeats nothing of the URL.
        """
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:
            raise ValueError("Not a URL") from None
        if not host or port == 0:
            raise ValueError("A URL with the name of a host")
        if parts.username is not None or parts.password is not None or parts.fragment:
            raise ValueError("A URL without a name, a password or a fragment")
        address = _literal(host)
        if address is not None and not self._allows(address):
            raise ValueError("A public address, or this machine: this server calls no others")
        if parts.scheme != "https" and not self.private and not _is_this_machine(host, address):
            raise ValueError("An https:// URL: without TLS this machine alone is called")

    def reachable(self, host: str, port: int, *, secure: bool) -> list[str]:
        """The addresses of `host` that may be called; blocks for the lookup.

        Raises:
            AddressRefusedError: there are none.
            OSError: the name has no address.
        """
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        allowed = [text for text in addresses if self._may_call(text, secure=secure)]
        if not allowed:
            raise AddressRefusedError
        return allowed

    def _may_call(self, text: str, *, secure: bool) -> bool:
        address = _literal(text)
        if address is None or not self._allows(address):
            return False
        return secure or self.private or address.is_loopback

    def _allows(self, address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
        if address.is_loopback:
            return True
        if address.is_link_local or address.is_multicast or address.is_unspecified or address.is_reserved:
            return False
        return self.private or address.is_global


def _literal(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address that `host` spells, the one inside where it stands for another; None for a name."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address):
        if address in _NAT64:
            return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        return address.ipv4_mapped or address.sixtofour or address
    return address


def _is_this_machine(host: str, address: ipaddress.IPv4Address | ipaddress.IPv6Address | None) -> bool:
    return host == "localhost" if address is None else address.is_loopback
