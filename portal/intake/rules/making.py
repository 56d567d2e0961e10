"""How one cell of a row is made from a row of a foreign file: as a mapping says it.

Every maker takes the row as texts by column name and returns the text of the cell; what cannot be
made comes back as a BadText with its reason.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext_lazy as _

from portal.intake.rules.kinds import BadText, Reason

Row = Mapping[str, str]
Maker = Callable[[Row], str]
Change = Callable[[str], str]

NOT_IN_TABLE = Reason(
    "not_in_table",
    _("The mapping (line {line}) has no value for this; add it to `values`, or an `otherwise`."),
)
NOT_A_NUMBER = Reason(
    "not_a_number", _("This is not a number as line {line} of the mapping describes it.")
)
BELOW_STEPS = Reason(
    "below_steps", _("This is below the first of the `steps` in line {line} of the mapping.")
)
NOT_THAT_DAY = Reason(
    "not_that_day", _("This is not a day written as {form} (line {line} of the mapping).")
)
NOT_AN_AGE = Reason("not_an_age", _("This is not an age in whole years, 0 to 130."))
NOT_A_MONTH = Reason(
    "not_a_month", _("This is not a year and a month; they are written 2026-03 or 202603.")
)

_GAP = re.compile(r"\{\{|\}\}|\{([^{}:]+?)(?::(\d{1,2}))?\}")
_DAY_PARTS = {
    "YYYY": r"(?P<year>\d{4})",
    "MM": r"(?P<month>\d{2})",
    "DD": r"(?P<day>\d{2})",
    "M": r"(?P<month>\d{1,2})",
    "D": r"(?P<day>\d{1,2})",
}
_IN_DAY = re.compile("YYYY|MM|DD|M|D")
_MONTH = re.compile(r"(\d{4})[-/]?(\d{1,2})", re.A)
_OLDEST = 130


def gaps_of(text: str) -> list[str]:
    """This will list the columns that a text names: of "UCI-{ID:5}" it is ID."""
    return [found[1] for found in _GAP.finditer(text) if found[1]]


def has_stray_braces(text: str) -> bool:
    """This will tell whether a brace stands alone, which is neither a gap nor written twice."""
    return bool(re.search(r"[{}]", _GAP.sub("", text)))


def from_text(text: str) -> Maker:
    """This will make a cell of a text with gaps, each filled by its column, with zeros in front up
    to a width; empty where all of its columns are."""
    gaps = [name.lower() for name in gaps_of(text)]

    def make(row: Row) -> str:
        if gaps and not any(row[name] for name in gaps):
            return ""
        return _GAP.sub(lambda found: _filled(found, row), text)

    return make


def _filled(found: re.Match[str], row: Row) -> str:
    if not found[1]:
        return found[0][0]
    return row[found[1].lower()].rjust(int(found[2] or 0), "0")


def from_column(name: str, changes: Sequence[Change], if_empty: str) -> Maker:
    """This will make a cell of a column, changed step by step."""
    key = name.lower()

    def make(row: Row) -> str:
        text = row[key]
        if not text:
            return if_empty
        for change in changes:
            made = change(text)
            if isinstance(made, BadText):
                # What the person sees is what stands in the file.
                return _shown_as(row[key], made)
            text = made
        return text

    return make


def _shown_as(text: str, bad: BadText) -> BadText:
    return BadText(text, bad.bad.reason, **bad.bad.params)


def by_table(values: Mapping[str, str], otherwise: str | None, line: int) -> Change:
    """This will change a text to the value that stands for it."""

    def change(text: str) -> str:
        found = values.get(text, otherwise)
        return BadText(text, NOT_IN_TABLE, line=line) if found is None else found

    return change


def by_steps(steps: Sequence[tuple[Decimal, str]], line: int) -> Change:
    """This will change a number to the value of the highest step that it reaches."""
    falling = sorted(steps, reverse=True)

    def change(text: str) -> str:
        number = number_of(text)
        if number is None:
            return BadText(text, NOT_A_NUMBER, line=line)
        for least, value in falling:
            if number >= least:
                return value
        return BadText(text, BELOW_STEPS, line=line)

    return change


def number_of(text: str) -> Decimal | None:
    """This will read a plain finite number, None where it is none."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def as_number(decimal: str, group: str, factor: Decimal, *, unsigned: bool, line: int) -> Change:
    """This will change a foreign number to a plain one, multiplied by `factor`; `unsigned` drops
    a minus."""

    def change(text: str) -> str:
        plain = text.replace(group, "") if group else text
        if decimal != ".":
            plain = "" if "." in plain else plain.replace(decimal, ".")
        number = number_of(plain)
        if number is None:
            return BadText(text, NOT_A_NUMBER, line=line)
        number = number * factor
        return f"{abs(number) if unsigned else number:f}"

    return change


def read_form(form: str) -> re.Pattern[str] | None:
    """This will read how days are written, such as DD.MM.YYYY; None where a part is missing."""
    parts = _IN_DAY.findall(form)
    if sorted(part[0] for part in parts) != ["D", "M", "Y"]:
        return None
    pattern, last = "", 0
    for found in _IN_DAY.finditer(form):
        pattern += re.escape(form[last : found.start()]) + _DAY_PARTS[found[0]]
        last = found.end()
    return re.compile(pattern + re.escape(form[last:]), re.A)


def as_day(form: str, pattern: re.Pattern[str], line: int) -> Change:
    """This will change a day written in the foreign form to 2026-03-02."""

    def change(text: str) -> str:
        found = pattern.fullmatch(text)
        try:
            if found:
                year, month, day = (int(found[part]) for part in ("year", "month", "day"))
                return dt.date(year, month, day).isoformat()
        except ValueError:
            pass
        return BadText(text, NOT_THAT_DAY, form=form, line=line)

    return change


def by_age(on: dt.date) -> Change:
    """This will change an age in whole years on the day `on` to the day so many years before: the
    latest day of birth that gives this age."""

    def change(text: str) -> str:
        whole = text.removesuffix(".0")
        if not (whole.isascii() and whole.isdigit() and int(whole) <= _OLDEST):
            return BadText(text, NOT_AN_AGE)
        year = on.year - int(whole)
        is_leap_day = (on.month, on.day) == (2, 29)
        # Of a day that the year does not have, the day before.
        return (on - dt.timedelta(days=int(is_leap_day))).replace(year=year).isoformat()

    return change


def month_start(text: str) -> str:
    """This will change a year and a month to the month's first day."""
    found = _MONTH.fullmatch(text)
    if not found or not 1 <= int(found[2]) <= 12 or int(found[1]) < 1:
        return BadText(text, NOT_A_MONTH)
    return f"{found[1]}-{int(found[2]):02}-01"
