"""What is to be done today, line by line: what, how many, until when, and where it is done."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.kit import clock

_TOLD = 6  # lines that the sentence names; the others stand below it


@dataclass(frozen=True)
class Todo:
    """One line of the home page's list.

    `label` says what to do; `brief` the same as a part of a sentence, in which {count} stands for
    the number; `url` leads to the place where it is done. `due` is until when, a day or an
    instant: the earliest of all that are counted, None where it is just today's. With `is_more`
    there are more than `count`.
    """

    label: str
    brief: str
    count: int
    url: str
    due: dt.date | dt.datetime | None = None
    is_late: bool = False
    is_more: bool = False

    @property
    def number(self) -> str:
        """How many, as it is written."""
        return f"{self.count:,}+" if self.is_more else f"{self.count:,}"

    @property
    def told(self) -> str:
        """The part of a sentence, with its number."""
        return self.brief.format(count=self.number)

    @property
    def until(self) -> str:
        """Until when, as it is written."""
        if self.due is None:
            return ""
        if isinstance(self.due, dt.datetime):
            return f"{clock.bank_time(self.due):%Y-%m-%d %H:%M}"
        return f"{self.due:%Y-%m-%d}"


def counted(lines: Iterable[Todo | None]) -> list[Todo]:
    """This will leave out what is not there, and what counts nothing."""
    return [one for one in lines if one is not None and one.count]


def by_urgency(lines: Iterable[Todo], *, on: dt.date) -> list[Todo]:
    """This will order lines: overdue ones first, then by until when; what has no day counts as due
    at the end of the day `on`. Of the same urgency they stay in their order."""
    return sorted(lines, key=lambda one: (not one.is_late, *_place(one, on)))


def _place(one: Todo, on: dt.date) -> tuple[dt.date, dt.time]:
    if one.due is None:
        return on, dt.time.max
    if isinstance(one.due, dt.datetime):
        local = clock.bank_time(one.due)
        return local.date(), local.time()
    return one.due, dt.time.max


def in_words(lines: Sequence[Todo]) -> str:
    """This will say ordered lines in a sentence; "" where there are none."""
    if not lines:
        return ""
    between = pgettext("between parts of a sentence", ", ")
    briefs = between.join(one.told for one in lines[:_TOLD])
    if len(lines) > _TOLD:
        text = _("Today: {briefs}. Further lines below: {count}.")
        return text.format(briefs=briefs, count=len(lines) - _TOLD)
    return _("Today: {briefs}.").format(briefs=briefs)
