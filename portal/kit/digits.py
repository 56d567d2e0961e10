"""Finding the numbers of persons in free text, however they are written.

A run is a row of digits with at most five signs between two of them: points, hyphens and
dashes of every width, strokes, underscores, blanks, wide commas, colons, single stars. Its
groups of digits are put together from each one on, and what they make is looked at: so
`139.1234.5678`, `139－1234－5678` and `622588 123456 0001` are found like the numbers written
in one. Digits before a number may be read together with its beginning as another one:
whatever else is read, no reading leaves more than its mask in sight.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from portal.kit import numbers

# Blanks of every width, the invisible ones too, but no tabulator and no end of a line: what stands
# in two cells or lines is not one number.
_BLANKS = "\u0020\u00a0\u2000-\u200d\u202f\u205f\u2060\u3000\ufeff"
_SIGNS = rf"[{_BLANKS}.．。·・•\-‐‑‒–—―−－﹣~～_＿/／\\+()（），、:：]|(?<!\*)\*(?!\*)"
# Of an escape of an address, what it stands for counts, and not its own digits: each is replaced by
# as many signs, a sign between digits by fillers and itself, all others by what ends a number.
_FILLER, _END = "\0", "|"
_ESCAPE = re.compile(r"%C2%A0|%[0-9A-F]{2}", re.IGNORECASE)
_BETWEEN = rf"(?:{_FILLER}*(?:{_SIGNS})){{0,5}}"
_RUN = re.compile(rf"\d(?:{_BETWEEN}\d){{10,}}(?:{_BETWEEN}[Xx](?![A-Za-z]))?")
_GROUP = re.compile(r"\d+[Xx]?|[Xx]")
# What groups of digits may be besides: an address of a computer, an amount with its cents.
_OCTETS = re.compile(r"(?:(?:1?\d?\d|2[0-4]\d|25[0-5])\.){3}(?:1?\d?\d|2[0-4]\d|25[0-5])")
_CENTS = re.compile(r"(?<![.\d])\d+\.\d\d?(?![.\d])")
_CLOCK = re.compile(r"(?<![\d:])(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?![\d:])")
_YEAR = re.compile(r"(?:19|20)\d\d")
_YEARS = re.compile(r"(?:(?:19|20)\d\d){4}")
_FEWEST, _MOST = 11, 19
# With what they begin by their length, where that says something: most rows of digits are none.
_BEGINS = {11: "018", 12: "08", 13: "048", 14: "038", 15: "012345678"}
_SEEN_BEHIND = 4  # so many digits behind its beginning does the mask of a number show at most

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

    @property
    def places(self) -> list[int]:
        """Where its signs stand in the text."""
        return [place for group in self.groups for place in range(group.start, group.end)]

    @property
    def hidden(self) -> list[int]:
        """Where those stand that its mask hides."""
        return self.places[self.first : -self.last]


def hide(text: str) -> str:
    """This will hide the mobile, ID, card and landline numbers in `text` but for the signs that
    masks show: mobile first 3 and last 4, ID number first 3 and last 4, card first 6 and last 4,
    landline the code of its area and last 2.

    Days, times, amounts, addresses of computers and shorter or other numbers stay as they are.
    """
    parts, done = [], 0
    plain = _ESCAPE.sub(_unescaped, text) if "%" in text else text
    for run in _RUN.finditer(plain):
        for start, end, shown in _masks(text, plain, run):
            parts += [text[done:start], shown]
            done = end
    return "".join([*parts, text[done:]]) if parts else text


def _unescaped(escape: re.Match[str]) -> str:
    sign = unquote(escape[0])
    is_between = bool(re.fullmatch(_SIGNS, sign))
    return (_FILLER if is_between else _END) * (len(escape[0]) - 1) + (sign if is_between else _END)


def _masks(text: str, plain: str, run: re.Match[str]) -> Iterator[tuple[int, int, str]]:
    """Which spans of the text are replaced by what. Where readings cross, the digits are hidden
    one by one: every reading hides its own where the others leave more of it than its mask."""
    groups = _groups(plain, run)
    found = list(_spot(plain, groups))
    hidden = {place for one, _span in found for place in one.hidden}
    is_crossed = False
    for other in _crossing(plain, groups, [span for _one, span in found]):
        seen = sum(place not in hidden for place in other.places[other.first :])
        if seen > _SEEN_BEHIND:
            hidden.update(other.hidden)
            is_crossed = True
    if is_crossed:
        start, end = min(hidden), max(hidden) + 1
        signs = ("*" if place in hidden else text[place] for place in range(start, end))
        yield start, end, "".join(signs)
        return
    for one, _span in found:
        places = one.places
        seen_last = "".join(text[place] for place in places[-one.last :])
        yield places[one.first - 1] + 1, one.groups[-1].end, one.stars + seen_last


def _spot(text: str, groups: list[Group]) -> Iterator[tuple[Spotted, range]]:
    """The numbers in one run, from the left, the longest that begins at a group first; with the
    groups that each takes."""
    place = 0
    while place < len(groups):
        for end in _ends(groups, place):
            if spotted := _read(text, tuple(groups[place:end])):
                yield spotted, range(place, end)
                place = end - 1
                break
        place += 1


def _crossing(text: str, groups: list[Group], spans: list[range]) -> Iterator[Spotted]:
    """What else can be read from the groups of the numbers that were found on: whatever begins
    between them was read already, and is none."""
    for span in spans:
        for place in span if len(span) > 1 else ():
            for end in _ends(groups, place):
                is_read = place == span.start and end >= span.stop
                if not is_read and (other := _read(text, tuple(groups[place:end]))):
                    yield other


def _groups(text: str, run: re.Match[str]) -> list[Group]:
    return [
        Group(one.start(), one.end(), _in_ascii(one[0]))
        for one in _GROUP.finditer(text, run.start(), run.end())
    ]


def _in_ascii(digits: str) -> str:
    if digits.isascii():
        return digits.upper()
    return "".join(str(int(sign)) if sign.isdecimal() else sign.upper() for sign in digits)


def _ends(groups: list[Group], place: int) -> list[int]:
    """Behind which groups a number that begins at `place` may end, the last one first."""
    begins, length = groups[place].digits[0], 0
    ends: list[int] = []
    for end in range(place, len(groups)):
        digits = groups[end].digits
        length += len(digits)
        if length > _MOST:
            break
        if length >= _FEWEST and (begins in _BEGINS.get(length, begins) or digits[-1] == "X"):
            ends.insert(0, end + 1)
    return ends


def _read(text: str, groups: tuple[Group, ...]) -> Spotted | None:
    digits = "".join(group.digits for group in groups)
    if len(digits) < _FEWEST or "X" in digits[:-1]:
        return None
    if _is_id_number(digits, is_whole=len(groups) == 1):
        return Spotted(groups, 3, 4, "*" * (len(digits) - 7))
    if digits.endswith("X"):
        # A letter behind a number that is none of an ID document.
        last = groups[-1]
        if last.digits == "X":
            return _read(text, groups[:-1])
        return _read(text, (*groups[:-1], Group(last.start, last.end - 1, last.digits[:-1])))
    found = _read_digits(groups, digits)
    return None if found and _is_something_else(text, groups) else found


def _read_digits(groups: tuple[Group, ...], digits: str) -> Spotted | None:
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
    return numbers.begins_as_card(digits) and (
        lengths in _GROUPS_OF_CARD or numbers.passes_luhn(digits)
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
    """Whether several groups are, or begin or end with, a day, an address of a computer, an amount,
    or a time of the clock."""
    if len(groups) == 1:
        return False
    written = text[groups[0].start : groups[-1].end]
    if _OCTETS.fullmatch(written) or _CENTS.search(written) or _CLOCK.search(written):
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
