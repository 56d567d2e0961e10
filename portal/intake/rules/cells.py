"""What a cell may hold: parsers of text, each with the reason for which it refuses."""

import contextlib
import datetime as dt
import re
from collections.abc import Iterable
from functools import partial

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.intake.rules import reasons
from portal.intake.rules.kinds import BadCell, BadText, Cell
from portal.kit import keys, numbers

_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f\u200b\u2028\u2029\ufeff\ufffd]")
_FAILED = re.compile(
    r"#(?:N/A|(?:REF|VALUE|DIV/0|NUM|NULL|SPILL|CALC|FIELD|BLOCKED|CONNECT|BUSY|UNKNOWN)!"
    r"|NAME\?|GETTING_DATA)|Err:\d{3}",
    re.A,
)
_KEY = re.compile(r"[^\s'\"`,;]+")
_ROUNDED = re.compile(r"[0-9](\.[0-9]+)?[Ee]\+[0-9]+")
_DAY = re.compile(r"(\d{4})(?:([-/])(\d{1,2})\2(\d{1,2})|(\d\d)(\d\d))(?: 00:00(?::00)?)?", re.A)
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?", re.A)
_AMOUNT = re.compile(r"([+-]?)(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d*))?", re.A)
_PHONE = re.compile(r"(?:\+?86|0086)?(1[3-9]\d{9})", re.A)
_COUNT = re.compile(r"\+?(\d+|\d{1,3}(?:,\d{3})+)(?:\.0*)?", re.A)
_ID_NUMBER = re.compile(r"\d{17}[\dX]", re.A)
_COMPANY_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_COMPANY_CODE = re.compile(rf"[{_COMPANY_SIGNS}]{{2}}[0-9]{{6}}[{_COMPANY_SIGNS}]{{10}}")
_EMAIL = re.compile(r"[a-z0-9._%+-]+@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")
_SIGNED = re.compile(r"[+-]\s?[0-9][0-9 ,.()-]*")
_YES = frozenset({"true", "t", "yes", "y", "1", "是"})
_NO = frozenset({"false", "f", "no", "n", "0", "否"})
_FIRST_DIGITS_OF_CARDS = "3456"


def refuse_failed(text: str) -> None:
    """This will refuse what a spreadsheet writes where a formula failed, such as #N/A. Raises
    BadCell."""
    if text[:1] in "#E" and _FAILED.fullmatch(text):
        raise BadCell(reasons.FAILED_FORMULA, error=text)


def read_failed(text: str) -> str:
    """This will return a text without blanks around it, marked as bad where a formula failed."""
    if isinstance(text, BadText):
        return text
    text = text.strip()
    is_failed = text[:1] in "#E" and _FAILED.fullmatch(text)
    return BadText(text, reasons.FAILED_FORMULA, error=text) if is_failed else text


def is_formula(text: str, *, is_signed: bool) -> bool:
    """This will tell whether a spreadsheet would compute `text` (not empty)."""
    return text[0] in "=+-@" and not (is_signed and _SIGNED.fullmatch(text))


def parse_text(text: str, limit: int) -> str:
    """This will take a text of at most `limit` characters, with single blanks."""
    if _UNSEEN.search(text):
        raise BadCell(reasons.DAMAGED)
    plain = " ".join(text.split())
    if len(plain) > limit:
        raise BadCell(reasons.TOO_LONG, limit=limit)
    return plain


def parse_key(text: str, limit: int, *, is_of_merchant: bool = False) -> str:
    """This will take the source's own key: no blanks, no quotes, at most `limit` characters, and
    no number of a person, since pages show keys: `numbers.personal_number_in` says what is one, and
    what may be the key of a merchant."""
    if _UNSEEN.search(text):
        raise BadCell(reasons.DAMAGED)
    if len(text) > limit:
        raise BadCell(reasons.TOO_LONG, limit=limit)
    if not _KEY.fullmatch(text):
        raise BadCell(reasons.BLANKS)
    if _ROUNDED.fullmatch(text):
        raise BadCell(reasons.ROUNDED)
    refuse_personal(text, is_of_merchant=is_of_merchant)
    return text


def refuse_personal(key: str, *, is_of_merchant: bool = False) -> None:
    """This will refuse a key that is the number of a phone, ID document or payment card. Raises
    BadCell."""
    if personal := numbers.personal_number_in(key, is_of_merchant=is_of_merchant):
        raise BadCell(reasons.PERSONAL[personal])


def parse_address_key(text: str, limit: int) -> str:
    """This will take the source's own key, which stands in the address of a page too."""
    key = parse_key(text, limit)
    refuse_unaddressable(key)
    return key


def refuse_unaddressable(key: str) -> None:
    """This will refuse a key that no address of a page can hold. Raises BadCell."""
    if not keys.is_addressable(key):
        raise BadCell(reasons.NOT_IN_ADDRESS)


def parse_card_reference(text: str, limit: int) -> str:
    """This will take a card's reference, but nothing that could be a card number in its place:
    of 15 to 19 digits, of which the last one is a check digit, here every beginning counts."""
    key = parse_key(text, limit)
    digits = key.replace("-", "")
    is_long = digits.isdecimal() and 15 <= len(digits) <= 19
    if is_long and digits[0] in _FIRST_DIGITS_OF_CARDS and numbers.passes_luhn(digits):
        raise BadCell(reasons.CARD_NUMBER_AS_KEY)
    return key


def parse_masked_number(text: str) -> str:
    """This will take a masked card number: of its digits at most the first 6 and the last 4."""
    if sum(character.isdigit() for character in text) > 10:
        raise BadCell(reasons.FULL_CARD_NUMBER)
    return parse_text(text, 19)


def parse_day(text: str) -> str:
    """This will take a real day since 1900, written 2026-03-02, 2026/3/2 or 20260302."""
    found = _DAY.fullmatch(text)
    if not found:
        raise BadCell(reasons.NOT_A_DAY)
    year, _sign, month, day, packed_month, packed_day = found.groups()
    try:
        value = dt.date(int(year), int(month or packed_month), int(day or packed_day))
    except ValueError:
        raise BadCell(reasons.NOT_A_DAY) from None
    if value.year < 1900:
        raise BadCell(reasons.TOO_EARLY)
    return value.isoformat()


def parse_time(text: str) -> str:
    """This will take a time of day, written 13:05:00 or 13:05."""
    found = _TIME.fullmatch(text)
    if not found:
        raise BadCell(reasons.NOT_A_TIME)
    hour, minute, second = found.groups()
    return f"{hour:0>2}:{minute}:{second or '00'}"


def parse_instant(text: str) -> str:
    """This will take a day, or a day and a time of the bank's clock, or with an offset of another:
    2026-03-02, 2026-03-02 13:05:00, 2026-03-02T13:05:00+08:00."""
    with contextlib.suppress(BadCell):
        return parse_day(text)
    try:
        value = dt.datetime.fromisoformat(text)
    except ValueError:
        raise BadCell(reasons.NOT_AN_INSTANT) from None
    if value.year < 1900:
        raise BadCell(reasons.TOO_EARLY)
    return value.isoformat(" ")


def parse_amount(text: str, *, may_be_zero: bool = False, digits: int = 12) -> str:
    """This will take an amount above 0 with at most two places and so many `digits` before them,
    written 1234.5 or 1,234.50; 0 is taken too where it `may_be_zero`."""
    found = _AMOUNT.fullmatch(text)
    if not found:
        raise BadCell(reasons.NOT_AN_AMOUNT)
    sign, whole, places = found.groups()
    whole, places = whole.replace(",", "").lstrip("0") or "0", (places or "").rstrip("0")
    if not may_be_zero and (sign == "-" or (whole == "0" and not places)):
        raise BadCell(reasons.NOT_POSITIVE)
    if sign == "-":
        raise BadCell(reasons.NEGATIVE)
    if len(places) > 2:
        raise BadCell(reasons.PLACES)
    if len(whole) > digits:
        raise BadCell(reasons.TOO_LARGE)
    return f"{whole}.{places:0<2}"


def parse_count(text: str, *, digits: int = 15) -> str:
    """This will take a whole number above 0 of at most so many `digits`, written 1200 or 1,200."""
    found = _COUNT.fullmatch(text)
    if not found or not (count := found.group(1).replace(",", "").lstrip("0")):
        raise BadCell(reasons.NOT_A_COUNT)
    if len(count) > digits:
        raise BadCell(reasons.TOO_LARGE)
    return count


def parse_net_amount(text: str) -> str:
    """This will take an amount as `parse_amount` does, and one below 0 or 0 too: what is left when
    refunds are taken off."""
    sign = "-" if text[:1] == "-" else ""
    if sign and text[1:2] in ("-", "+"):
        raise BadCell(reasons.NOT_AN_AMOUNT)
    return sign + parse_amount(text.removeprefix(sign), may_be_zero=True)


def parse_tally(text: str, *, digits: int = 15) -> str:
    """This will take a whole number as `parse_count` does, and 0 too."""
    found = _COUNT.fullmatch(text)
    is_none = found and not found.group(1).replace(",", "").strip("0")
    return "0" if is_none else parse_count(text, digits=digits)


def parse_yes_or_no(text: str) -> str:
    """This will take true or false, also yes and no, 1 and 0, 是 and 否."""
    word = text.lower()
    if word not in _YES | _NO:
        raise BadCell(reasons.NOT_YES_OR_NO)
    return "true" if word in _YES else "false"


def parse_phone(text: str) -> str:
    """This will take a mainland mobile number and return its 11 digits."""
    found = _PHONE.fullmatch(re.sub(r"[\s()-]", "", text))
    if not found:
        raise BadCell(reasons.NOT_A_PHONE)
    return found.group(1)


def parse_id_number(text: str) -> str:
    """This will take an 18-character ID number whose check character fits (GB 11643-1999)."""
    number = text.replace(" ", "").upper()
    if not _ID_NUMBER.fullmatch(number):
        raise BadCell(reasons.NOT_AN_ID_NUMBER)
    if not numbers.is_day(number[6:14]):
        raise BadCell(reasons.NOT_AN_ID_NUMBER)
    if numbers.id_check_sign(number[:17]) != number[17]:
        raise BadCell(reasons.CHECK_DIGIT)
    return number


def company_check_sign(body: str) -> str:
    """This will return the check sign of a unified social credit code's first 17 signs: weights
    are the powers of 3 modulo 31 (GB 32100-2015, after GB/T 17710)."""
    places = [_COMPANY_SIGNS.index(sign) for sign in body]
    total = sum(place * pow(3, number, 31) for number, place in enumerate(places))
    return _COMPANY_SIGNS[-total % 31]


def parse_company_code(text: str) -> str:
    """This will take a unified social credit code of 18 signs, of which the third to eighth name
    an administrative division and the last one checks the others (GB 32100-2015)."""
    code = text.replace(" ", "").upper()
    if not _COMPANY_CODE.fullmatch(code):
        raise BadCell(reasons.NOT_A_COMPANY_CODE)
    if company_check_sign(code[:17]) != code[17]:
        raise BadCell(reasons.COMPANY_CHECK_SIGN)
    return code


def holders_of(number: str) -> set[str]:
    """This will return for whom the number is a right one: "person", "company", both or none."""
    found = set()
    for holder, parse in (("person", parse_id_number), ("company", parse_company_code)):
        with contextlib.suppress(BadCell):
            parse(number)
            found.add(holder)
    return found


def parse_any_id_number(text: str) -> str:
    """This will take a person's ID number or a company's unified social credit code; whether it
    is the one that the row needs is another check."""
    number = text.replace(" ", "").upper()
    if holders_of(number):
        return number
    # The reason should name what was meant: of those that are not written like a person's number
    # with a day of birth in it, most codes of companies begin with 9.
    try:
        return parse_id_number(number)
    except BadCell as refused:
        if refused.reason is reasons.CHECK_DIGIT or number[0] not in "9Y":
            raise
    return parse_company_code(number)


def parse_email(text: str) -> str:
    """This will take an e-mail address, in small letters, at most 110 characters."""
    address = text.lower()
    if len(address) > 110:
        raise BadCell(reasons.TOO_LONG, limit=110)
    if not _EMAIL.fullmatch(address) or ".." in address:
        raise BadCell(reasons.NOT_AN_EMAIL)
    return address


def key(limit: int, *, is_of_merchant: bool = False) -> Cell:
    """This will describe a column of keys."""
    words = format_lazy(
        _("key without blanks, at most {limit} characters; no number of a person"), limit=limit
    )
    parse = partial(parse_key, limit=limit, is_of_merchant=is_of_merchant)
    return Cell(parse, "text", words)


def address_key(limit: int) -> Cell:
    """This will describe a column of keys that stand in the addresses of pages."""
    words = format_lazy(
        _("key without blanks and / \\ ? # %, at most {limit} characters; no number of a person"),
        limit=limit,
    )
    return Cell(partial(parse_address_key, limit=limit), "text", words)


def card_reference(limit: int) -> Cell:
    """This will describe a column of card references."""
    words = _("key without blanks, never the card number itself")
    return Cell(lambda text: parse_card_reference(text, limit), "text", words)


def plain(limit: int) -> Cell:
    """This will describe a column of plain text."""
    words = format_lazy(_("text, at most {limit} characters"), limit=limit)
    return Cell(lambda text: parse_text(text, limit), "text", words)


def choice(values: Iterable[str]) -> Cell:
    """This will describe a column that holds one of `values`."""
    known = tuple(values)
    shown = ", ".join(known)

    def parse(text: str) -> str:
        word = text.lower()
        if word not in known:
            raise BadCell(reasons.NO_SUCH_CHOICE, known=shown)
        return word

    return Cell(parse, "text", format_lazy(_("one of: {known}"), known=shown))


def digits(*lengths: int) -> Cell:
    """This will describe a column of digits, of one of the `lengths`."""
    shown = ", ".join(map(str, lengths))

    def parse(text: str) -> str:
        if not (text.isascii() and text.isdigit() and len(text) in lengths):
            raise BadCell(reasons.NOT_DIGITS, lengths=shown)
        return text

    return Cell(parse, "text", format_lazy(_("digits, as many as {lengths}"), lengths=shown))


DAY = Cell(parse_day, "date", _("day: 2026-03-02, 2026/3/2 or 20260302"))
INSTANT = Cell(
    parse_instant, "text", _("day, or day and time of the bank's clock: 2026-03-02 13:05:00")
)
TIME = Cell(parse_time, "time", _("time of day: 13:05:00"))
AMOUNT = Cell(parse_amount, "numeric(14, 2)", _("amount in CNY, above 0: 1234.50"), is_signed=True)
NET_AMOUNT = Cell(
    parse_net_amount, "numeric(14, 2)", _("amount in CNY, below 0 too: 1234.50"), is_signed=True
)
YES_OR_NO = Cell(parse_yes_or_no, "boolean", _("true or false"))
PHONE = Cell(parse_phone, "text", _("mainland mobile number, 11 digits"), is_signed=True)
COUNT = Cell(parse_count, "bigint", _("whole number above 0: 1200"), is_signed=True)
TALLY = Cell(parse_tally, "bigint", _("whole number, 0 or more: 1200"), is_signed=True)
# A few of something.
FEW = Cell(
    partial(parse_count, digits=4), "smallint", _("whole number above 0: 1200"), is_signed=True
)
FEW_OR_NONE = Cell(
    partial(parse_tally, digits=4), "smallint", _("whole number, 0 or more: 12"), is_signed=True
)
FEE = Cell(
    partial(parse_amount, may_be_zero=True, digits=8), "numeric(10, 2)",
    _("amount in CNY, 0 or more: 200.00"), is_signed=True,
)  # fmt: skip
ID_NUMBER = Cell(
    parse_any_id_number, "text",
    _("ID number of a person, or unified social credit code of a company, 18 characters"),
)  # fmt: skip
EMAIL = Cell(parse_email, "text", _("e-mail address"))
MASKED_NUMBER = Cell(parse_masked_number, "text", _("card number, first 6 and last 4 digits"))
