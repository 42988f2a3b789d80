"""SIREN and SIRET: the key that tells most slips of the pen."""

from __future__ import annotations

LA_POSTE = "356000000"
"""Its many establishments have a key of their own."""


def siren_is_valid(siren: str) -> bool:
    """Whether 9 digits have the right key (Luhn). Source: INSEE, répertoire Sirene."""
    return _is_number(siren, 9) and _luhn(siren) % 10 == 0


def siret_is_valid(siret: str) -> bool:
    """Whether 14 digits have the right key (Luhn; the plain sum of digits for La Poste). Source: INSEE, répertoire Sirene."""
    if not _is_number(siret, 14):
        return False
    if siret.startswith(LA_POSTE):
        return _luhn(siret) % 10 == 0 or sum(map(int, siret)) % 5 == 0
    return _luhn(siret) % 10 == 0


def _is_number(text: str, length: int) -> bool:
    return len(text) == length and text.isascii() and text.isdigit()


def _luhn(digits: str) -> int:
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled)  # noqa: PLR2004  # the sum of its two digits
