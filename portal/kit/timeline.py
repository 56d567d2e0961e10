"""One timeline out of many sources: each topic tells what it knows of a customer, and the page
merges it, newest first.

A place in the timeline is (instant, code of the source, id of the row), so that the order is the
same for rows of one instant too. A source is asked for the latest rows before a place and reads no
more of them than are asked for; nothing is counted, and no page is reached by skipping others.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from portal.kit import clock

FIRST_ID, LAST_ID = -1, 2**63 - 1  # before and after every id
# Steps of one row, and rows of several tables, are told apart by the upper half of their ids: of
# one instant, the higher part stands later.
_PART = 1 << 48
_PLACE = re.compile(r"(\d{8}T\d{12})Z-([a-z_]{1,20})-([0-9a-f]{1,16})", re.ASCII)
_INSTANT = "%Y%m%dT%H%M%S%f"


@dataclass(frozen=True)
class Row:
    """One thing that happened. `id` is the row's own within its source. A fact that has a day and
    no time happened at the day's first instant, and is shown without a time. `amount` is CNY; `url`
    leads to more."""

    at: dt.datetime
    id: int
    title: str
    detail: str = ""
    amount: Decimal | None = None
    tone: str = ""
    url: str = ""
    has_time: bool = True


@dataclass(frozen=True)
class Asked:
    """What a source is asked for: the latest `limit` rows about a customer before (`at`, `id`), as
    far as `scope` reaches."""

    customer_id: int
    scope: Any
    at: dt.datetime
    id: int
    limit: int

    @property
    def day(self) -> dt.date:
        """The last day of which rows may be given."""
        return clock.bank_day(self.at)

    @property
    def is_from_end(self) -> bool:
        """Whether nothing is left out that is later: what has no row now has none at all."""
        return self.at == END.at


@dataclass(frozen=True)
class Source:
    """One kind of row, shown to those who hold `permission`; rows' links are for those who hold
    `link_permission` besides, where there is one."""

    code: str
    label: Any
    icon: str
    permission: str
    read: Callable[[Asked], Sequence[Row]]
    order: int
    link_permission: str = ""


@dataclass(frozen=True, order=True)
class Place:
    """Where a row stands."""

    at: dt.datetime
    code: str
    id: int

    def __str__(self) -> str:
        """The place as it stands in an address."""
        return f"{self.at.astimezone(dt.UTC):{_INSTANT}}Z-{self.code}-{self.id:x}"


@dataclass(frozen=True)
class Entry:
    """A row with its source."""

    source: Source
    row: Row

    @property
    def place(self) -> Place:
        return Place(self.row.at, self.source.code, self.row.id)

    @property
    def day(self) -> dt.date:
        return clock.bank_day(self.row.at)


@dataclass(frozen=True)
class Page:
    """A piece of the timeline; `older` is where the next begins, None at its end."""

    entries: Sequence[Entry]
    older: Place | None


END = Place(dt.datetime(9000, 1, 1, tzinfo=dt.UTC), "", LAST_ID)  # later than everything


def read_place(text: str) -> Place | None:
    """This will read a place out of an address; None where it is none."""
    found = _PLACE.fullmatch(text)
    if found is None:
        return None
    try:
        at = dt.datetime.strptime(found[1], _INSTANT).replace(tzinfo=dt.UTC)
    except ValueError:
        return None
    row_id = int(found[3], 16)
    is_far = not 1900 <= at.year < END.at.year  # no calendar reaches there in every time zone
    return None if is_far or row_id > LAST_ID else Place(at, found[2], row_id)


def page_of(
    sources: Iterable[Source], *, customer_id: int, scope: Any, before: Place, size: int
) -> Page:
    """This will merge the latest `size` rows before a place out of the sources."""
    found = [
        Entry(source, row)
        for source in sources
        for row in source.read(_asked(source, customer_id, scope, before, size + 1))
    ]
    found.sort(key=lambda entry: entry.place, reverse=True)
    shown = found[:size]
    return Page(shown, shown[-1].place if len(found) > size else None)


def _asked(source: Source, customer_id: int, scope: Any, before: Place, limit: int) -> Asked:
    """Of the place's own instant, sources that stand before its source there are asked whole, and
    those that stand after it not at all."""
    own = before.id if source.code == before.code else FIRST_ID
    last = LAST_ID if source.code < before.code else own
    return Asked(customer_id, scope, before.at, last, limit)


def by_day(entries: Iterable[Entry], *, after: dt.date | None = None) -> list[dict[str, Any]]:
    """This will group entries by their days, newest first: `day`, `entries`, and whether a new
    month or day begins, seen from the day `after`, the last one shown before."""
    days: list[dict[str, Any]] = []
    latest = after
    for entry in entries:
        if not days or days[-1]["day"] != entry.day:
            is_new_month = latest is None or (latest.year, latest.month) != (
                entry.day.year, entry.day.month,
            )  # fmt: skip
            days.append(
                {"day": entry.day, "entries": [], "is_new_month": is_new_month,
                 "is_new_day": latest != entry.day}
            )  # fmt: skip
            latest = entry.day
        days[-1]["entries"].append(entry)
    return days


# --- what sources are made of -------------------------------------------------------------------
def part_of(part: int, row_id: int) -> int:
    """This will make the id of a row's step, or of a row of the source's table number `part`."""
    return part * _PART + row_id


def cut(rows: Iterable[Row], asked: Asked) -> list[Row]:
    """This will take what is asked for out of rows that were all read."""
    found = (row for row in rows if (row.at, row.id) < (asked.at, asked.id))
    return sorted(found, key=lambda row: (row.at, row.id), reverse=True)[: asked.limit]


def latest(
    rows: QuerySet[Any],
    asked: Asked,
    *,
    at: str = "",
    day: str = "",
    part: int = 0,
    key: str = "id",
) -> list[Any]:
    """This will read the latest rows of a table as they are asked for, by the column `at` of
    instants or `day` of days, both with an index behind (customer, column)."""
    own_id = max(FIRST_ID, min(LAST_ID, asked.id - part * _PART))
    if asked.is_from_end:  # nothing to leave out
        pass
    elif day:
        is_first_instant = clock.start_of(asked.day) == asked.at
        own = Q(**{f"{day}__lt": asked.day}) | Q(**{f"{key}__lt": own_id})
        rows = rows.filter(Q(**{f"{day}__lte": asked.day}), own if is_first_instant else Q())
    else:
        own = Q(**{f"{at}__lt": asked.at}) | Q(**{f"{key}__lt": own_id})
        rows = rows.filter(Q(**{f"{at}__lte": asked.at}), own)
    return list(rows.order_by(f"-{day or at}", f"-{key}")[: asked.limit])
