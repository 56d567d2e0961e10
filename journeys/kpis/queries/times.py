"""From application to card: how long it takes, and where applications drop out."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from journeys.cards import queries as cards
from journeys.cards.models import CardProduct
from journeys.kpis.enums import TimesBy
from portal.kit.shares import Share
from portal.staff import queries as staff
from portal.staff.access import Scope

_KEYS = {TimesBy.BRANCH: "a.branch_id", TimesBy.PRODUCT: "a.product_id"}
# By `application_by_filed`: what became of all that were filed in these days.
_TIMES = """
SELECT {key}, count(*), count(*) FILTER (WHERE a.card_issued_date IS NOT NULL),
    count(*) FILTER (WHERE a.card_issued_date - a.filed_date <= %(limit)s),
    count(*) FILTER (WHERE a.card_issued_date IS NULL AND a.state IN ('filed', 'supplemented')),
    count(*) FILTER (WHERE a.card_issued_date IS NULL AND a.state = 'approved'),
    count(*) FILTER (WHERE a.card_issued_date IS NULL AND a.state = 'refused'),
    count(*) FILTER (WHERE a.card_issued_date IS NULL AND a.state = 'withdrawn'),
    percentile_disc(0.5) WITHIN GROUP (ORDER BY a.card_issued_date - a.filed_date),
    percentile_disc(0.9) WITHIN GROUP (ORDER BY a.card_issued_date - a.filed_date)
FROM journeys_application a
WHERE a.filed_date >= %(first)s AND a.filed_date <= %(last)s
  AND a.branch_id = ANY(%(branches)s::bigint[])
GROUP BY GROUPING SETS (({key}), ())
"""


@dataclass(frozen=True)
class Times:
    """What became of applications: each stands in one of the counts from `issued` on but
    `in_time`, which is the part of those issued within the limit. Days from filing to card: the
    middle one, and the one that nine of ten do not pass; None where none has a card."""

    key: str
    name: str
    filed: int
    issued: int
    in_time: int
    undecided: int
    waits: int
    refused: int
    withdrawn: int
    median: int | None
    ninth: int | None

    @property
    def share_issued(self) -> Share:
        return Share(self.issued, self.filed)

    @property
    def share_in_time(self) -> Share:
        return Share(self.in_time, self.issued)


def approval_times(
    *, scope: Scope, by: TimesBy, first: dt.date, last: dt.date
) -> tuple[Sequence[Times], Times, int]:
    """This will tell what became of a scope's applications that were filed on the days from
    `first` to `last`, both inside; of all together; and the limit in days that they are held
    against, that of the last day."""
    limit = cards.limits_on(last).limit_days
    asked: dict[str, Any] = {
        "first": first, "last": last, "limit": limit,
        "branches": [row.pk for row in staff.branches_below(scope.branch_path)],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_TIMES.format(key=_KEYS[by]), asked)
        found = cursor.fetchall()
    names = _names(by, [row[0] for row in found if row[0] is not None])
    lines = [
        Times(str(row[0]), names.get(row[0], ""), *row[1:]) for row in found if row[0] is not None
    ]
    whole = next(row for row in found if row[0] is None)
    return (
        sorted(lines, key=lambda line: (line.name, line.key)),
        Times("", _("Together"), *whole[1:]),
        limit,
    )


def _names(by: TimesBy, keys: Sequence[int]) -> dict[int, str]:
    if by == TimesBy.BRANCH:
        return staff.branch_labels(keys)
    return {row.pk: row.label for row in CardProduct.objects.filter(pk__in=keys)}
