"""Finding the numbers of persons in free text, however they are written.

A run is a row of digits with at most three signs between two of them: points, hyphens and dashes
of every width, strokes, underscores, blanks. Its groups of digits are put together from each one
on, and what they make is looked at: so `139.1234.5678`, `139－1234－5678` and `622588 123456 0001`
are found like the numbers written in one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from portal.kit import numbers

# Blanks of every width, the invisible ones too, but no tabulator and no end of a line: what stands
# in two cells or lines is not one number.
_BLANKS = "\u0020\u00a0\u2000-\u200d\u202f\u205f\u2060\u3000\ufeff"
_SIGNS = rf"[{_BLANKS}.．。·・•\-‐‑‒–—―−－﹣~～_＿/／\\+()（）]"
# Of an escape of an address, what it stands for counts, and not its own digits: each is replaced by
# as many signs, a sign between digits by fillers and itself, all others by what ends a number.
_FILLER, _END = "\0", "|"
_ESCAPE = re.compile(r"%C2%A0|%[0-9A-F]{2}", re.IGNORECASE)
_BETWEEN = rf"(?:{_FILLER}*{_SIGNS}){{0,3}}"
_RUN = re.compile(rf"\d(?:{_BETWEEN}\d){{10,}}(?:{_BETWEEN}[Xx](?![A-Za-z]))?")
_GROUP = re.compile(r"\d+[Xx]?|[Xx]")
# What groups of digits may be besides: an address of a computer, an amount with its cents.
_OCTETS = re.compile(r"(?:(?:1?\d?\d|2[0-4]\d|25[0-5])\.){3}(?:1?\d?\d|2[0-4]\d|25[0-5])")
_CENTS = re.compile(r"(?<![.\d])\d+\.\d\d?(?![.\d])")
_YEAR = re.compile(r"(?:19|20)\d\d")
_YEARS = re.compile(r"(?:(?:19|20)\d\d){4}")
_MOST = 19

_MOBILE = re.compile(r"(0086|86|0)?1[3-9]\d{9}")
# With the code of its area a landline leads to a home or a desk: it is a person's. Without one it
# cannot be told from other numbers; those of services (400, 800, 95588) are nobody's.
_LANDLINE = re.compile(
    r"(0086|86)?(0(?:10|2\d)|0[3-9]\d\d|(?<=86)(?:10|2\d|[3-9]\d\d))[2-9]\d{6,7}"
)
_GROUPS_OF_LANDLINE = frozenset({(8,), (7,), (4, 4), (3, 4), (2, 2, 2, 2), (3, 2, 2)})
_GROUPS_OF_CARD = frozenset(
    {(4, 4, 4, 4), (4, 4, 4, 4, 1), (4, 4, 4, 4, 2), (4, 4, 4, 4, 3), (6, 6, 4), (6, 10), (6, 13),
     (6, 4, 4, 2), (6, 4, 4, 4), (6, 4, 4, 5), (6, 6, 7), (4, 6, 5), (8, 8), (8, 11), (4, 12)}
)  # fmt: skip


@dataclass(frozen=True)
class Group:
    """Digits without a sign between them: where they stand, and what they are in ASCII."""

    start: int
    end: int
    digits: str


@dataclass(frozen=True)
class Spotted:
    """The number of a person: the groups that make it, how many of its first and last signs may
    be seen, and how it is hidden between them."""

    groups: tuple[Group, ...]
    first: int
    last: int
    stars: str


def hide(text: str) -> str:
    """This will hide the mobile, ID, card and landline numbers in `text` but for the signs that
    masks show: mobile first 3 and last 4, ID number first 3 and last 4, card first 6 and last 4,
    landline the code of its area and last 2.

    Days, times, amounts, addresses of computers and shorter or other numbers stay as they are.
    """
    parts, done = [], 0
    plain = _ESCAPE.sub(_unescaped, text) if "%" in text else text
    for run in _RUN.finditer(plain):
        for spotted in _spot(plain, run):
            places = [place for group in spotted.groups for place in range(group.start, group.end)]
            parts += [text[done : places[spotted.first - 1] + 1], spotted.stars]
            parts += [text[place] for place in places[-spotted.last :]]
            done = spotted.groups[-1].end
    return "".join([*parts, text[done:]]) if parts else text


def _unescaped(escape: re.Match[str]) -> str:
    sign = unquote(escape[0])
    is_between = bool(re.fullmatch(_SIGNS, sign))
    return (_FILLER if is_between else _END) * (len(escape[0]) - 1) + (sign if is_between else _END)


def _spot(text: str, run: re.Match[str]) -> Iterator[Spotted]:
    """The numbers in one run, from the left, the longest that begins at a group first."""
    groups = _groups(text, run)
    place = 0
    while place < len(groups):
        longest = _reach(groups, place)
        for end in range(longest, place, -1):
            if spotted := _read(text, tuple(groups[place:end])):
                yield spotted
                place = end - 1
                break
        place += 1


def _groups(text: str, run: re.Match[str]) -> list[Group]:
    return [
        Group(one.start(), one.end(), _in_ascii(one[0]))
        for one in _GROUP.finditer(text, run.start(), run.end())
    ]


def _in_ascii(digits: str) -> str:
    if digits.isascii():
        return digits.upper()
    return "".join(str(int(sign)) if sign.isdecimal() else sign.upper() for sign in digits)


def _reach(groups: list[Group], place: int) -> int:
    """Behind which group a number that begins at `place` must end."""
    length, end = 0, place
    while end < len(groups) and length + len(groups[end].digits) <= _MOST:
        length += len(groups[end].digits)
        end += 1
    # A group longer than any number is looked at by itself, and is none.
    return end


def _read(text: str, groups: tuple[Group, ...]) -> Spotted | None:
    digits = "".join(group.digits for group in groups)
    if len(digits) < 11 or "X" in digits[:-1]:
        return None
    if _is_id_number(digits, is_whole=len(groups) == 1):
        return Spotted(groups, 3, 4, "*" * (len(digits) - 7))
    if digits.endswith("X"):
        # A letter behind a number that is none of an ID document.
        last = groups[-1]
        if last.digits == "X":
            return _read(text, groups[:-1])
        return _read(text, (*groups[:-1], Group(last.start, last.end - 1, last.digits[:-1])))
    if _is_something_else(text, groups):
        return None
    if _is_card(digits, tuple(len(group.digits) for group in groups)):
        return Spotted(groups, 6, 4, "******")
    if mobile := _MOBILE.fullmatch(digits):
        return Spotted(groups, len(mobile[1] or "") + 3, 4, "****")
    return _read_landline(groups, digits)


def _is_id_number(digits: str, *, is_whole: bool) -> bool:
    """Of 18 signs in one, each with a province or an X is taken for one; in groups a province and a
    day of birth are needed. The check sign is not asked for: a slip of the pen makes no number
    harmless."""
    if len(digits) != 18:
        return len(digits) == 15 and numbers.is_id_number(digits)
    in_province, born = digits[:2] in numbers.PROVINCES, digits[6:14]
    is_born = bool(_YEAR.match(born)) and numbers.is_day(born)
    return (is_whole and (in_province or digits[-1] == "X")) or (in_province and is_born)


def _is_card(digits: str, lengths: tuple[int, ...]) -> bool:
    if not 13 <= len(digits) <= _MOST:
        return False
    if len(digits) >= 16 and (len(lengths) == 1 or lengths[:4] == (4, 4, 4, 4)):
        return len(lengths) == 1 or not _YEARS.match(digits)
    return numbers.is_card_number(digits) or (
        lengths in _GROUPS_OF_CARD and numbers.begins_as_card(digits)
    )


def _read_landline(groups: tuple[Group, ...], digits: str) -> Spotted | None:
    found = _LANDLINE.fullmatch(digits)
    if not found:
        return None
    before = len(found[1] or "") + len(found[2])
    lengths, passed = [], 0
    for group in groups:
        # Before the code ends, groups are as they please; a group that passes it is cut there.
        length = len(group.digits) - max(0, min(len(group.digits), before - passed))
        passed += len(group.digits)
        lengths += [length] if length else []
    if tuple(lengths) not in _GROUPS_OF_LANDLINE:
        return None
    return Spotted(groups, before, 2, "****")


def _is_something_else(text: str, groups: tuple[Group, ...]) -> bool:
    """Whether several groups are, or begin or end with, a day, an address of a computer, or an
    amount."""
    if len(groups) == 1:
        return False
    written = text[groups[0].start : groups[-1].end]
    if _OCTETS.fullmatch(written) or _CENTS.search(written):
        return True
    lengths = [len(group.digits) for group in groups]
    return any(_is_day(groups[place : place + 3], lengths, place) for place in range(len(groups)))


def _is_day(groups: tuple[Group, ...], lengths: list[int], place: int) -> bool:
    """Whether a day begins with the first of these groups: 2026-03-02, or 20260302 at the
    beginning of the number."""
    first = groups[0].digits
    if not _YEAR.match(first):
        return False
    if lengths[place] == 8:
        return place == 0 and numbers.is_day(first)
    if lengths[place] != 4 or len(groups) < 3 or max(lengths[place + 1 : place + 3]) > 2:
        return False
    return numbers.is_day(f"{first}{groups[1].digits:0>2}{groups[2].digits:0>2}")
