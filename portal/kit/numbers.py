"""Numbers by which a person is known anywhere: how those of mobile phones, ID documents and payment
cards are made, and whether a key of another system is one of them."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from enum import Enum

_MOBILE = re.compile(r"(?:86|0086)?1[3-9]\d{9}", re.ASCII)
_ID_NUMBER = re.compile(r"\d{17}[\dX]", re.ASCII)
_OLD_ID_NUMBER = re.compile(r"\d{15}", re.ASCII)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
# The first two digits of an administrative division: the provinces (GB/T 2260).
PROVINCES = frozenset(
    f"{region}{place}"
    for region, places in {1: 5, 2: 3, 3: 7, 4: 6, 5: 4, 6: 5, 7: 1, 8: 3}.items()
    for place in range(0 if region == 5 else 1, places + 1)
)
# How the numbers of payment cards begin, by their length (ISO/IEC 7812-1): the international
# schemes, China's own (62, 81; the 60, 68 and 69 of before), and 9558, 95599 of two large banks.
_CARDS: dict[int, re.Pattern[str]] = {
    13: re.compile(r"4"),
    14: re.compile(r"3[0689]"),
    15: re.compile(r"3[47]"),
    16: re.compile(r"4|5[0-8]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)|3(?:5|[0689])|6[0-9]|81"),
    17: re.compile(r"6[0-9]|81"),
    18: re.compile(r"6[0-9]|81|5[0678]"),
    19: re.compile(r"4|6[0-9]|81|5[0678]|9558|95599"),
}
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_PIECE = re.compile(r"[^\W\d_]*?(\d{11,19}X?)[^\W\d_]*")


class PersonalNumber(Enum):
    """What a number is that leads to a person."""

    MOBILE = "mobile"
    ID_NUMBER = "id_number"
    CARD = "card"


def is_day(text: str) -> bool:
    """This will tell whether eight digits are a day: 20260302."""
    try:
        dt.date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return False
    return True


def id_check_sign(body: str) -> str:
    """This will return the check sign of the first 17 digits of an ID number (GB 11643-1999)."""
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return "10X98765432"[total % 11]


def is_id_number(text: str, *, with_old: bool = True) -> bool:
    """This will tell whether it is an ID number: 18 signs with a day of birth and the check sign
    that fits, or, `with_old` ones, 15 digits of before 1999 with a province and a day of birth,
    which have none."""
    if _ID_NUMBER.fullmatch(text):
        return is_day(text[6:14]) and id_check_sign(text[:17]) == text[17]
    is_old = with_old and _OLD_ID_NUMBER.fullmatch(text) and text[:2] in PROVINCES
    return bool(is_old) and is_day(f"19{text[6:12]}")


def passes_luhn(digits: str) -> bool:
    """This will tell whether the last digit checks the others, as that of a payment card does
    (ISO/IEC 7812-1, annex B)."""
    turned = [int(digit) for digit in reversed(digits)]
    doubled = [sum(divmod(2 * digit, 10)) for digit in turned[1::2]]
    return (sum(turned[::2]) + sum(doubled)) % 10 == 0


def begins_as_card(text: str) -> bool:
    """This will tell whether digits have a length and a beginning that payment cards have."""
    begins = _CARDS.get(len(text))
    return bool(begins and begins.match(text))


def is_card_number(text: str) -> bool:
    """This will tell whether it is a payment card's number: 13 to 19 digits of a length and a
    beginning that are in use, whose last one checks the others."""
    return text.isdecimal() and begins_as_card(text) and passes_luhn(text)


def personal_number_in(key: str, *, is_of_merchant: bool = False) -> PersonalNumber | None:
    """This will tell whether a key is, or has as a part of its own, the number of a person: a
    mainland mobile number (11 digits that begin with 13 to 19, with or without 86), an ID number,
    or a payment card's number; also in groups, and with letters before or after it.

    None for everything else, so for running numbers: C00019989, any of up to ten digits, of eleven
    or twelve that begin otherwise, with a day before them (20260302-0017), longer ones that are no
    card by beginning, length or check digit, UUIDs, and most hashes in letters and digits. A key
    `is_of_merchant` may be 15 digits: that is how long the numbers of merchants in the card
    schemes are, and their digits say nothing of a birth.
    """
    if _UUID.fullmatch(key):
        return None
    for number in _numbers_in(unicodedata.normalize("NFKC", key).upper()):
        if _MOBILE.fullmatch(number):
            return PersonalNumber.MOBILE
        if is_id_number(number, with_old=not is_of_merchant):
            return PersonalNumber.ID_NUMBER
        if is_card_number(number):
            return PersonalNumber.CARD
    return None


def _numbers_in(key: str) -> Iterator[str]:
    """The digits of each part of a key, and of the whole where the parts are groups of digits."""
    pieces = [piece for piece in re.split(r"[\W_]+", key) if piece]
    is_dated = (
        len(pieces) > 1
        and bool(re.fullmatch(r"[^\W\d_]*\d{8}", pieces[0]))
        and (is_day(pieces[0][-8:]))
    )
    for piece in pieces if is_dated else [*pieces, "".join(pieces)]:
        if found := _PIECE.fullmatch(piece):
            yield found[1]
            yield found[1].removesuffix("X")
