"""Weeks as people see them: what stands for too few persons is left out."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from merchants.evidence.rules.weeks import WEEK
from portal.kit import fewest


@dataclass(frozen=True)
class Row:
    """One week, from the Monday `week` on: what was taken, the same without season and holidays
    (both None where the week is not to be shown, or the merchant was closed), and what the group
    lets expect of an ordinary merchant of this size."""

    week: dt.date
    taken: int | None
    even: int | None
    group: int
    is_few: bool


def rows_of(
    first: dt.date,
    even: Sequence[int | None],
    group: Sequence[int],
    taken: Sequence[int],
    postings: Sequence[int],
) -> list[Row]:
    """This will return the weeks in their order. Few postings are few persons, whose spending a
    sum could tell; more persons than postings there are never."""
    rows = []
    for place, count in enumerate(postings):
        is_few = fewest.is_few(count)
        rows.append(
            Row(
                first + place * WEEK, None if is_few else taken[place],
                None if is_few or not count else even[place], group[place], is_few,
            )
        )  # fmt: skip
    return rows
