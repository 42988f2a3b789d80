"""What the headers of an upload and of a download say."""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import unquote

from sekur_sdk.models.problem import FieldError
from sekur_sdk.sandbox.problems import RefusalError

_EXTENDED_NAME = re.compile(r"filename\*\s*=\s*UTF-8'[^']*'([^;\s]+)", re.IGNORECASE)
_PLAIN_NAME = re.compile(r"filename\s*=\s*(?:\"((?:[^\"\\]|\\.)*)\"|([^;\s]+))", re.IGNORECASE)
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]{1,60}/[A-Za-z0-9!#$&^_.+-]{1,60}(; ?charset=[A-Za-z0-9_-]+)?", re.ASCII)
_DIGEST = re.compile(r"(?:^|,)\s*sha-256=:([A-Za-z0-9+/]{43}=):")
_RANGE = re.compile(r"bytes=([0-9]{1,12})-([0-9]{1,12})?", re.ASCII)
_MAX_NAME = 200


def read_name(disposition: str | None) -> str:
    """The file's name in a `Content-Disposition` (RFC 6266, RFC 8187), without any folder.

    Raises:
        RefusalError: 422, there is none that can be kept.
    """
    extended = _EXTENDED_NAME.search(disposition or "")
    plain = _PLAIN_NAME.search(disposition or "")
    if extended is not None:
        name = unquote(extended[1], errors="replace")
    elif plain is not None:
        name = plain[2] if plain[1] is None else re.sub(r"\\(.)", r"\1", plain[1])
    else:
        name = ""
    name = re.split(r"[/\\]", name)[-1].strip()
    if not name or len(name) > _MAX_NAME or not name.isprintable():
        raise _bad("Content-Disposition", "Name the file, in 1 to 200 printable characters: attachment; filename=...")
    return name


def read_media_type(content_type: str | None) -> str:
    """A media type.

    Raises:
        RefusalError: 422, none.
    """
    if content_type is None or _MEDIA_TYPE.fullmatch(content_type) is None:
        raise _bad("Content-Type", "Not a media type, as in image/jpeg")
    return content_type


def read_digest(repr_digest: str | None) -> str | None:
    """The SHA-256 (hexadecimal) in a `Repr-Digest` (RFC 9530); None without the header, or with other algorithms alone.

    Raises:
        RefusalError: 422, a digest that is none.
    """
    if repr_digest is None:
        return None
    found = _DIGEST.search(repr_digest)
    if found is None:
        if "sha-256" not in repr_digest:
            return None
        raise _bad("Repr-Digest", "Not a digest, as in sha-256=:BASE64:")
    try:
        return base64.b64decode(found[1], validate=True).hex()
    except binascii.Error as error:
        raise _bad("Repr-Digest", "Not a digest, as in sha-256=:BASE64:") from error


def read_range(text: str | None, size: int) -> tuple[int, int] | None:
    """The part [start, stop) that a `Range` asks for; None for the whole, also where it is another kind of range (RFC 9110, 14.2).

    Raises:
        RefusalError: 416, it begins behind the end.
    """
    found = None if text is None else _RANGE.fullmatch(text.strip())
    if found is None or (found[2] is not None and int(found[2]) < int(found[1])):
        return None
    start = int(found[1])
    if start >= size:
        raise RefusalError(416, "The range begins behind the end.", headers={"Content-Range": f"bytes */{size}"})
    return start, size if found[2] is None else min(size, int(found[2]) + 1)


def _bad(header: str, message: str) -> RefusalError:
    return RefusalError(
        422, "A header breaks a rule of the contract.", errors=[FieldError(path=f"header.{header}", message=message)]
    )
