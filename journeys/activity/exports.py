"""Figures of activity by day, cards by month of issue, and who is about to fall asleep, as
files."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from journeys.activity import queries
from journeys.activity.forms import activity_filter, sleeping_filter
from journeys.activity.models import CardRest
from journeys.activity.rules import COHORT_DAYS, Ratio, SleepLimits, is_mature, months_later
from portal.kit import filters, tables
from portal.kit.registry import Exportable, Exported
from portal.staff.access import Scope, scope_of
from portal.staff.enums import Permission
from portal.staff.models import Staff

# Months of issue that are shown.
COHORTS_SHOWN = 24


def sees_no_persons(staff: Staff) -> bool:
    """Whether the figures of a person must tell nothing of single customers."""
    return not staff.may(Permission.VIEW_CUSTOMERS)


def _read_days(staff: Staff, asked: QueryDict, on: dt.date) -> Exported:
    scope = scope_of(staff)
    form = activity_filter(asked, scope.branch_path)
    form.is_valid()
    whose = form.asked(scope)
    first = months_later(on, -form.frame)
    used = queries.active_by_day(asked=whose, code=form.code, first=first, last=on)
    slept = queries.asleep_by_day(asked=whose, first=first, last=on)
    versions = {row.pk: row for row in queries.definitions() if row.code == form.code}
    again = {row.day for row in queries.counts_again(first=first, last=on)}
    shown = Ratio.coarse if sees_no_persons(staff) else lambda ratio: ratio

    def lines() -> Iterator[Sequence[Any]]:
        for day in sorted({*used, *slept}):
            one, sleep = used.get(day), shown(slept.get(day, Ratio(0, 0)))
            active = shown(one.ratio) if one else None
            yield (
                day, str(versions[one.definition_id]) if one else "",
                active and active.whole, active and active.part, active and _rounded(active),
                sleep.whole, sleep.part, _rounded(sleep), "*" if day in again else "",
            )  # fmt: skip

    return Exported(filters.in_force(form), lines())


def _rounded(ratio: Ratio) -> Decimal | None:
    return None if ratio.percent is None else round(ratio.percent, 2)


def _words_of_days() -> Callable[[Mapping[str, str]], list[tuple[str, str]]]:
    # Whoever reads the record may see other branches than who made it.
    return partial(filters.in_words, activity_filter(None, ""))


def _read_cohorts(staff: Staff, asked: QueryDict, on: dt.date) -> Exported:
    scope = scope_of(staff)
    form = activity_filter(asked, scope.branch_path)
    form.is_valid()
    first = months_later(on.replace(day=1), -COHORTS_SHOWN)
    rows = queries.cohorts(asked=form.asked(scope), first=first)
    shown = Ratio.coarse if sees_no_persons(staff) else lambda ratio: ratio

    def lines() -> Iterator[Sequence[Any]]:
        for row in rows:
            used = [shown(Ratio(count, row.cards)) for count in row.used]
            ripe = [is_mature(row.month, days, on - dt.timedelta(days=1)) for days in COHORT_DAYS]
            yield (
                f"{row.month:%Y-%m}", used[0].whole, *(one.part for one in used),
                *(_rounded(one) if whole else None for one, whole in zip(used, ripe, strict=True)),
            )  # fmt: skip

    return Exported(filters.in_force(form), lines())


def _read_sleeping(staff: Staff, asked: QueryDict, on: dt.date) -> Exported:
    scope = scope_of(staff)
    form = sleeping_filter(asked, scope.branch_path)
    form.is_valid()
    limits = queries.limits_of(queries.sleep_rule_on(on))
    rows = queries.falling_asleep(asked=form.asked(scope), on=on, days=form.days, limits=limits)
    lines = _sleepers(tables.stream(rows, settings.EXPORT_MOST_ROWS), on, limits, scope)
    return Exported(filters.in_force(form), lines)


def _sleepers(
    rows: Iterator[CardRest], on: dt.date, limits: SleepLimits, scope: Scope
) -> Iterator[Sequence[Any]]:
    for row in rows:
        card, told = row.card, queries.drowsy(row, on=on, limits=limits)
        # Of a customer of another branch, the page shows the masked name and no number.
        yield (
            card.customer.number if scope.reaches(card.customer.branch) else "",
            card.customer.shown_name, card.masked_number, card.product.label, card.branch.label,
            row.since, told.asleep_date, told.days_left,
        )  # fmt: skip


def _words_of_sleeping() -> Callable[[Mapping[str, str]], list[tuple[str, str]]]:
    return partial(filters.in_words, sleeping_filter(None, ""))


ACTIVITY_DAYS = Exportable(
    code="activity_days",
    label=_("Active and sleeping cards by day"),
    permission=Permission.VIEW_STAGES,
    list_url="activity_page",
    columns=(
        (_("Day"), 12), (_("Version of the definition"), 26), (_("Issued"), 12),
        (_("In use"), 12), (_("Active-card rate, %"), 14), (_("Cards of the limit"), 14),
        (_("Asleep"), 12), (_("Sleeping cards, %"), 14), (_("Counted again"), 12),
    ),
    read=_read_days,
    words_of=_words_of_days,
    is_about_customers=False,
)  # fmt: skip
ACTIVITY_COHORTS = Exportable(
    code="activity_cohorts",
    label=_("Cards used after issue, by month of issue"),
    permission=Permission.VIEW_STAGES,
    list_url="activity_page",
    columns=(
        (_("Month of issue"), 14), (_("Cards issued"), 12),
        (_("Used within 30 days"), 14), (_("Used within 65 days"), 14),
        (_("Used within 90 days"), 14), (_("Within 30 days, %"), 14),
        (_("Within 65 days, %"), 14), (_("Within 90 days, %"), 14),
    ),
    read=_read_cohorts,
    words_of=_words_of_days,
    is_about_customers=False,
)  # fmt: skip
SLEEPING_CARDS = Exportable(
    code="sleeping_cards",
    label=_("Cards about to fall asleep"),
    permission=Permission.VIEW_CUSTOMERS,
    list_url="sleeping_list",
    columns=(
        (_("Customer number"), 16), (_("Name"), 16), (_("Card number"), 22), (_("Product"), 20),
        (_("Branch"), 26), (_("Resting since"), 12), (_("Asleep from"), 12), (_("Days left"), 10),
    ),
    read=_read_sleeping,
    words_of=_words_of_sleeping,
)  # fmt: skip
