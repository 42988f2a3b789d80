"""Whom a connection trusts, and what it shows of itself."""

from __future__ import annotations

import os
import ssl
from pathlib import Path

from sekur_sdk.client.errors import ConfigurationError

CABundle = str | os.PathLike[str] | ssl.SSLContext
ClientCertificate = str | os.PathLike[str] | tuple[str | os.PathLike[str], str | os.PathLike[str]]


def read_tls(ca_bundle: CABundle | None, client_certificate: ClientCertificate | None) -> ssl.SSLContext | None:
    """The context for these, None when neither is given.

    Raises:
        ConfigurationError: a file that is missing or is no certificate or key.
    """
    if isinstance(ca_bundle, ssl.SSLContext):
        context = ca_bundle
    elif ca_bundle is None and client_certificate is None:
        return None
    else:
        context = _trust(ca_bundle)
    if client_certificate is not None:
        certificate, key = client_certificate if isinstance(client_certificate, tuple) else (client_certificate, None)
        try:
            context.load_cert_chain(certificate, key, password=_no_password)
        except (OSError, ValueError, TypeError) as error:
            raise ConfigurationError(f"client_certificate: {_why(error)}") from None
    return context


def _trust(ca_bundle: str | os.PathLike[str] | None) -> ssl.SSLContext:
    if ca_bundle is None:
        return ssl.create_default_context()
    try:
        path = Path(ca_bundle)
        if path.is_dir():
            return ssl.create_default_context(capath=path)
        return ssl.create_default_context(cafile=path)
    except (OSError, ValueError, TypeError) as error:
        raise ConfigurationError(f"ca_bundle: {_why(error)}") from None


def _no_password() -> str:
    raise ValueError("the key has a password: load it into an ssl.SSLContext and pass that as ca_bundle")


def _why(error: Exception) -> str:
    if isinstance(error, ssl.SSLError):
        return "no certificate or key in PEM form, or they do not belong together"
    return f"can't be read ({getattr(error, 'strerror', None) or error})"
