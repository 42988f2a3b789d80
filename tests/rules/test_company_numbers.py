"""SIREN and SIRET: what their key tells."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekur_sdk.rules.company_numbers import siren_is_valid, siret_is_valid


@pytest.mark.parametrize("siren", ["999000425", "999001076", "356000000"])
def test_a_siren_with_the_right_key_is_valid(siren: str) -> None:
    assert siren_is_valid(siren)


@given(st.sampled_from(["999000425", "999001076"]), st.integers(0, 8), st.integers(1, 9))
def test_a_siren_with_one_digit_changed_is_not(siren: str, place: int, more: int) -> None:
    digit = str((int(siren[place]) + more) % 10)
    assert not siren_is_valid(siren[:place] + digit + siren[place + 1 :])


@pytest.mark.parametrize(("siret", "valid"), [("99900042500010", True), ("99900042500011", False)])
def test_a_siret_has_a_key_too(siret: str, valid: bool) -> None:
    assert siret_is_valid(siret) is valid


def test_the_establishments_of_la_poste_have_the_sum_of_their_digits_for_a_key() -> None:
    # 3 + 5 + 6 + 1 = 15, a multiple of 5, though its Luhn sum is none of 10
    assert siret_is_valid("35600000000001")
    assert not siret_is_valid("35600000000002")


@pytest.mark.parametrize("text", ["", "99900042", "9990004255", "99900042x", "\uff19" * 9, " 99900042"])
def test_what_is_no_number_is_not_valid(text: str) -> None:
    assert not siren_is_valid(text)
    assert not siret_is_valid(text)
