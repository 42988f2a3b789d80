"""Where a client finds its server and its credentials: the environment, then the user's configuration file."""

from __future__ import annotations

import contextlib
import os
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from sekur_sdk.client.errors import ConfigurationError
from sekur_sdk.client.protocol import read_base_url
from sekur_sdk.client.secret import Secret, read_secret

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

BASE_URL_VARIABLE = "SEKUR_BASE_URL"
TOKEN_VARIABLE = "SEKUR_TOKEN"  # noqa: S105  # a name
CLIENT_ID_VARIABLE = "SEKUR_CLIENT_ID"
CLIENT_SECRET_VARIABLE = "SEKUR_CLIENT_SECRET"  # noqa: S105  # a name
SCOPES_VARIABLE = "SEKUR_SCOPES"
PROXY_VARIABLE = "SEKUR_PROXY"
CA_BUNDLE_VARIABLE = "SEKUR_CA_BUNDLE"
CLIENT_CERTIFICATE_VARIABLE = "SEKUR_CLIENT_CERTIFICATE"
CLIENT_KEY_VARIABLE = "SEKUR_CLIENT_KEY"

_PRIVATE = 0o600
_OTHERS = 0o077
_KEYS = ("base_url", "token", "client_id", "client_secret")


class Settings(TypedDict, total=False):
    """Arguments of a client."""

    token: Secret
    client_id: str
    client_secret: Secret
    scopes: Sequence[str]
    proxy: Secret
    ca_bundle: str
    client_certificate: str | tuple[str, str]


def configuration_file(environ: Mapping[str, str]) -> Path | None:
    """`sekur/config.toml` in the user's configuration folder (XDG Base Directory; %APPDATA% on Windows), or None without one."""
    if sys.platform == "win32":
        folder = environ.get("APPDATA")
    else:
        home = environ.get("HOME")
        # a relative XDG_CONFIG_HOME is to be ignored (XDG Base Directory 0.8)
        xdg = environ.get("XDG_CONFIG_HOME", "")
        folder = xdg if xdg.startswith("/") else f"{home}/.config" if home else None
    return Path(folder) / "sekur" / "config.toml" if folder else None


def read_settings(environ: Mapping[str, str]) -> tuple[str, Settings]:
    """The address of the server, and the other arguments of its client.

    Credentials come whole from one place. Those of the file are sent to the file's own server and to no other.

    Raises:
        ConfigurationError: the server or the credentials are not set, or the file can't be read.
    """
    file = configuration_file(environ)
    written = {} if file is None else _read_file(file)
    base_url = environ.get(BASE_URL_VARIABLE) or written.get("base_url")
    settings = _read_credentials(environ)
    if not settings and base_url and read_base_url(base_url) == read_base_url(written.get("base_url", base_url)):
        settings = _written_credentials(written)
    lacking = [*([] if base_url else [BASE_URL_VARIABLE]), *([] if settings else [TOKEN_VARIABLE])]
    if not base_url or lacking:
        raise ConfigurationError(f"set {' and '.join(lacking)} in the environment, or run `sekur login`")
    return base_url, settings | _read_network(environ)


def write_settings(file: Path, base_url: str, token: Secret) -> None:
    """Keeps a server and its token in `file`, which its owner alone may read, in place of what it held.

    Raises:
        ConfigurationError: it can't be written.
    """
    lines = f'base_url = "{read_base_url(base_url)}"\ntoken = "{_escape(token.reveal())}"\n'
    import tempfile  # noqa: PLC0415  # costs more than all the rest of this module

    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, part = tempfile.mkstemp(dir=file.parent, prefix=".config.")  # made with mode 0600
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as written:
                written.write(lines)
            Path(part).replace(file)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(part).unlink()
            raise
    except OSError as error:
        raise ConfigurationError(f"{file}: can't be written ({error.strerror})") from None


def _read_file(file: Path) -> dict[str, str]:
    try:
        with file.open("rb") as opened:
            mode = os.fstat(opened.fileno()).st_mode
            content = opened.read()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ConfigurationError(f"{file}: can't be read ({error.strerror})") from None
    if sys.platform != "win32" and mode & _OTHERS:
        warnings.warn(f"{file} can be read by others: run `chmod 600 {file}`", UserWarning, stacklevel=5)
    import tomllib  # noqa: PLC0415  # not loaded before there is a file

    try:
        found = tomllib.loads(content.decode("utf-8"))
    except ValueError as error:
        # the message of a TOML error names line and column, and no value
        raise ConfigurationError(f"{file}: no TOML ({error})") from None
    for name, value in found.items():
        if name not in _KEYS or not isinstance(value, str):
            raise ConfigurationError(f"{file}: {name}: give only {', '.join(_KEYS)}, each a string")
    return found


def _read_credentials(environ: Mapping[str, str]) -> Settings:
    token, client_id, secret = (
        environ.get(name) for name in (TOKEN_VARIABLE, CLIENT_ID_VARIABLE, CLIENT_SECRET_VARIABLE)
    )
    if token and (client_id or secret):
        raise ConfigurationError(
            f"set either {TOKEN_VARIABLE}, or {CLIENT_ID_VARIABLE} and {CLIENT_SECRET_VARIABLE}, in the environment"
        )
    if token:
        return Settings(token=read_secret(TOKEN_VARIABLE, token))
    if client_id or secret:
        if not client_id or not secret:
            raise ConfigurationError(f"set both {CLIENT_ID_VARIABLE} and {CLIENT_SECRET_VARIABLE} in the environment")
        scopes = environ.get(SCOPES_VARIABLE, "").split()
        return Settings(client_id=client_id, client_secret=read_secret(CLIENT_SECRET_VARIABLE, secret), scopes=scopes)
    return Settings()


def _written_credentials(written: Mapping[str, str]) -> Settings:
    if "token" in written:
        return Settings(token=read_secret("token", written["token"]))
    if "client_id" in written and "client_secret" in written:
        return Settings(
            client_id=written["client_id"], client_secret=read_secret("client_secret", written["client_secret"])
        )
    return Settings()


def _read_network(environ: Mapping[str, str]) -> Settings:
    settings = Settings()
    if proxy := environ.get(PROXY_VARIABLE):
        settings["proxy"] = read_secret(PROXY_VARIABLE, proxy)
    if bundle := environ.get(CA_BUNDLE_VARIABLE):
        settings["ca_bundle"] = bundle
    if certificate := environ.get(CLIENT_CERTIFICATE_VARIABLE):
        key = environ.get(CLIENT_KEY_VARIABLE)
        settings["client_certificate"] = (certificate, key) if key else certificate
    return settings


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
