"""Readers of a condition's fields, beside those of `base`: lists of codes, and days."""

import datetime as dt
import re
from collections.abc import Callable, Collection
from typing import Any

from django.utils.translation import gettext as _

from campaigns.conditions.rules import base

MOST_CODES = 200
_CODE = re.compile(r"[A-Za-z0-9_.-]{1,40}")
_MCC = re.compile(r"(\d{4})(?:-(\d{4}))?")
_DIVISION = re.compile(r"\d{2}(?:\d{2}){0,2}")


def _listed(clean: Callable[[str], str | None], problem: Callable[[], str]) -> base.Reader:
    """A reader of at least one word; equal lists are read into equal tuples, whatever the order."""

    def read(raw: Any, place: str) -> tuple[str, ...]:
        if not isinstance(raw, list | tuple) or not 0 < len(raw) <= MOST_CODES:
            raise base.RuleWrong(
                place,
                _("must be a list of at least one and at most {most}").format(most=MOST_CODES),
            )
        cleaned = [clean(one) if isinstance(one, str) else None for one in raw]
        if None in cleaned:
            raise base.RuleWrong(place, problem())
        return tuple(sorted({one for one in cleaned if one is not None}))

    return read


def some_of(known: Collection[str]) -> base.Reader:
    """This will return a reader of a list of words out of `known`."""
    return _listed(
        lambda one: one if one in known else None,
        lambda: _("must hold only: {choices}").format(choices=", ".join(known)),
    )


def _code(one: str) -> str | None:
    return one if _CODE.fullmatch(one) else None


# Codes of a table; whether they exist there is checked by whoever can ask the table.
read_codes = _listed(_code, lambda: _("must hold only codes of letters, digits, - . and _"))


def read_code(raw: Any, place: str) -> str:
    """This will read one code of a table. Raises RuleWrong."""
    code = _code(raw) if isinstance(raw, str) else None
    if code is None:
        raise base.RuleWrong(place, _("must be a code of letters, digits, - . and _"))
    return code


def _mcc(one: str) -> str | None:
    found = _MCC.fullmatch(one)
    if not found:
        return None
    first, last = found[1], found[2] or found[1]
    return None if first > last else first if first == last else f"{first}-{last}"


read_mccs = _listed(
    _mcc, lambda: _("must hold only codes of four digits, such as 5812, or spans such as 5811-5814")
)


def each_mcc(mccs: Collection[str]) -> list[str]:
    """This will list every category code that `mccs`, codes and spans of codes, names."""
    found: set[str] = set()
    for one in mccs:
        first, _dash, last = one.partition("-")
        found |= {f"{number:04}" for number in range(int(first), int(last or first) + 1)}
    return sorted(found)


def _division(one: str) -> str | None:
    if not _DIVISION.fullmatch(one):
        return None
    # 330100 is all that begins with 3301, as 330000 is all that begins with 33.
    while len(one) > 2 and one.endswith("00"):
        one = one[:-2]
    return one


read_divisions = _listed(
    _division, lambda: _("must hold only division codes of two, four or six digits, such as 330100")
)


def read_day(raw: Any, place: str) -> dt.date:
    """This will read a day between 1900 and 2100. Raises RuleWrong."""
    problem = base.RuleWrong(place, _("must be a day such as 2026-03-31"))
    if isinstance(raw, dt.datetime) or not isinstance(raw, dt.date | str):
        raise problem
    try:
        day = raw if isinstance(raw, dt.date) else dt.date.fromisoformat(raw)
    except ValueError as broken:
        raise problem from broken
    if not 1900 <= day.year <= 2100:
        raise problem
    return day
