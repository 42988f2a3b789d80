"""JSON to models and back.

msgspec decodes straight into the frozen attrs classes of `sekur_sdk.models`; an error names the path. Unknown fields are ignored, so that
a newer server breaks nobody. `wire.messages` reads what wearables publish, `wire.events` what the event stream carries.
"""

from __future__ import annotations

from typing import Any, Generic, TypeVar, cast

import msgspec

from sekur_sdk.models.scalars import Amount, Rate, format_decimal, parse_decimal

T = TypeVar("T")


class WireError(ValueError):
    """A payload that is not what the contract says: `path` (as in `$.items[0].starts_at`) and `reason`."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)
        self.path = path
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


_PLACES: dict[type, int] = {Amount: 2, Rate: 4}


def _read_scalar(scalar: type, text: object) -> object:
    places = _PLACES.get(scalar)
    if places is None:
        raise NotImplementedError(f"no reader for {scalar.__name__}")
    return scalar(parse_decimal(text, places=places))


def _write_scalar(value: object) -> object:
    places = _PLACES.get(type(value))
    if places is None:
        raise NotImplementedError(f"no writer for {type(value).__name__}")
    return format_decimal(cast("Amount | Rate", value), places=places)


_encoder = msgspec.json.Encoder(enc_hook=_write_scalar)


class _Decoder(Generic[T]):
    """msgspec's decoder, with errors as `WireError`."""

    def __init__(self, type_: type[T]) -> None:
        self._decoder = msgspec.json.Decoder(type_, dec_hook=_read_scalar)

    def decode(self, data: bytes) -> T:
        try:
            return self._decoder.decode(data)
        except msgspec.MsgspecError as error:
            raise _wire_error(str(error)) from error
        except UnicodeDecodeError as error:
            raise WireError("$", "not UTF-8") from error
        except RecursionError as error:
            raise WireError("$", "nested too deep") from error


_decoders: dict[type[Any], _Decoder[Any]] = {}


def _decoder_for(type_: type[T]) -> _Decoder[T]:
    decoder = _decoders.get(type_)
    if decoder is None:
        decoder = _decoders[type_] = _Decoder(type_)
    return decoder


def _wire_error(message: str) -> WireError:
    reason, at, path = message.rpartition(" - at `")
    # of a mapping's key it says "at `key` in `$.codes`"
    path = path.rpartition("` in `")[2].removesuffix("`")
    return WireError(path, reason) if at else WireError("$", message)


def encode(value: object) -> bytes:
    """`value`, a model or plain data, as JSON."""
    return _encoder.encode(value)


def decode(data: bytes, type_: type[T]) -> T:
    """The `type_` that `data` spells.

    Raises:
        WireError: not JSON, or not of that type; it names the path.
    """
    return _decoder_for(type_).decode(data)
