"""How connections are made."""

from __future__ import annotations

import ipaddress
import ssl  # a field's type, which attrs users resolve at run time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sekur_sdk.client.errors import ConfigurationError
from sekur_sdk.client.secret import Secret, read_secret

if TYPE_CHECKING:
    import ssl

    from sekur_sdk.client.tls import CABundle, ClientCertificate


class Network:
    """The proxy (its address may hold a password), whom to trust instead of the system's authorities, and how many connections at once."""

    def __init__(
        self, *, proxy: Secret | None = None, tls: ssl.SSLContext | None = None, max_connections: int = 100
    ) -> None:
        self.proxy: Secret | None = proxy
        self.tls: ssl.SSLContext | None = tls
        self.max_connections: int = max_connections


def read_network(
    proxy: Secret | str | None,
    ca_bundle: CABundle | None,
    client_certificate: ClientCertificate | None,
    max_connections: int | None,
) -> Network:
    """These, checked.

    Raises:
        ConfigurationError: one of them can't be used; no password is shown.
    """
    tls = None
    if ca_bundle is not None or client_certificate is not None:
        from sekur_sdk.client.tls import read_tls  # noqa: PLC0415  # not loaded before it is needed

        tls = read_tls(ca_bundle, client_certificate)
    if max_connections is not None and not max_connections > 0:
        raise ConfigurationError("max_connections: give 1 or more")
    return Network(
        proxy=None if proxy is None else _read_proxy(read_secret("proxy", proxy)),
        tls=tls,
        max_connections=100 if max_connections is None else max_connections,
    )


def _read_proxy(proxy: Secret) -> Secret:
    try:
        parts = urlsplit(proxy.reveal())
        is_good = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        is_good = False
    if not is_good:
        raise ConfigurationError("proxy: give a URL, as in http://proxy.example.fr:3128")
    return proxy


def is_loopback(host: str) -> bool:
    """Whether `host` is this machine itself."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
