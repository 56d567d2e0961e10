"""Which keys of other systems are numbers of persons, and which are not."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit import numbers
from portal.kit.numbers import PersonalNumber

MOBILE, ID_NUMBER, CARD = PersonalNumber.MOBILE, PersonalNumber.ID_NUMBER, PersonalNumber.CARD


@pytest.mark.parametrize(
    ("key", "found"),
    [
        ("13912345678", MOBILE),
        ("19912345678", MOBILE),
        ("8613912345678", MOBILE),
        ("+8613912345678", MOBILE),
        ("008613912345678", MOBILE),
        ("139-1234-5678", MOBILE),
        ("139.1234.5678", MOBILE),
        ("C13912345678", MOBILE),
        ("C-139-1234-5678", MOBILE),
        ("13912345678_1", MOBILE),
        ("20261127-13912345678", MOBILE),
        ("客户13912345678", MOBILE),
        ("１３９１２３４５６７８", MOBILE),
        ("44030519880615003X", ID_NUMBER),
        ("44030519880615003x", ID_NUMBER),
        ("ID:44030519880615003X", ID_NUMBER),
        ("440305-19880615-003X", ID_NUMBER),
        ("440305880615003", ID_NUMBER),
        ("6225880000000001", CARD),
        ("6225-8800-0000-0001", CARD),
        ("K6225880000000001", CARD),
        ("6222020200112230005", None),
        ("4111111111111111", CARD),
        ("4222222222222", CARD),
        ("5555555555554444", CARD),
        ("2223003122003222", CARD),
        ("378282246310005", CARD),
        ("30569309025904", CARD),
        ("3530111333300000", CARD),
        # Not: running numbers, numbers with a day, wrong check digits, hashes.
        ("C00019989", None),
        ("A00003306", None),
        ("12345678", None),
        ("123456789012", None),
        ("1391234567", None),
        ("12812345678", None),
        ("139123456789", None),
        ("00000000123", None),
        ("T0000000001", None),
        ("20260302-0017", None),
        ("19991231-001", None),
        ("20261127103000", None),
        ("2026112710300001", None),
        ("1764239000123", None),
        ("44030519880615003", None),
        ("440305198806150030", None),
        ("44030519881315003X", None),
        ("100000000012345", None),
        ("310000000000001", None),
        ("6225880000000002", None),
        ("3000000000000000", None),
        ("550e8400-e29b-41d4-a716-446655440000", None),
        ("da39a3ee5e6b4b0d3255bfef95601890afd80709", None),
        ("", None),
    ],
)
def test_keys_that_are_numbers_of_persons(key: str, found: PersonalNumber | None) -> None:
    assert numbers.personal_number_in(key) is found


@given(st.integers(0, 10**10 - 1), st.sampled_from(["", "C", "A", "T-", "M0"]))
def test_running_numbers_pass(number: int, before: str) -> None:
    assert numbers.personal_number_in(f"{before}{number:08}") is None


@given(st.dates(dt.date(1990, 1, 1)), st.integers(0, 9999))
def test_numbers_of_a_day_pass(day: dt.date, number: int) -> None:
    assert numbers.personal_number_in(f"{day:%Y%m%d}-{number:04}") is None
    assert numbers.personal_number_in(f"T{day:%Y%m%d}.{number}") is None


@pytest.mark.parametrize(
    ("digits", "passes"), [("6225880000000001", True), ("6225880000000002", False), ("0", True)]
)
def test_the_check_digit_of_cards(digits: str, passes: bool) -> None:
    assert numbers.passes_luhn(digits) is passes


@given(st.uuids().map(str))
def test_no_uuid_is_taken_for_a_number(key: str) -> None:
    assert numbers.personal_number_in(key) is None
    assert numbers.personal_number_in(key.upper()) is None


@pytest.mark.parametrize(
    "key", ["310290070110001", "822290080620015", "22114e6c-afa6-4589-ac43-18116237656b"]
)
def test_what_names_a_merchant_may_have_fifteen_digits(key: str) -> None:
    assert numbers.personal_number_in(key, is_of_merchant=True) is None


def test_a_phone_is_no_number_of_a_merchant_either() -> None:
    assert numbers.personal_number_in("13912345678", is_of_merchant=True) == MOBILE
    assert numbers.personal_number_in("44030519880615003X", is_of_merchant=True) == ID_NUMBER
