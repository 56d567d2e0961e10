"""Setting what is counted as active, and the limit of sleeping cards: data with a day and a
source."""

import datetime as dt
from typing import Any

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _

from journeys.activity.enums import CountKind
from journeys.activity.models import ActiveDefinition, ActivityCount, SleepRule
from journeys.activity.operations.settling import LOCK
from journeys.activity.rules import SleepLimits
from portal.audit import operations as audit
from portal.kit import clock
from portal.staff.models import Staff


class SettingNotAllowed(Exception):
    """Raised when a definition or limit would change days that have passed, or has its day already,
    or makes no sense; its text is a sentence for a person."""


@transaction.atomic
def set_definition(*, actor: Staff | None, at: dt.datetime, **given: Any) -> ActiveDefinition:
    """This will add a version of a definition of active cards, with the fields of the model.
    From its day on it is what its code means; only the first of a code may begin on a day that has
    passed, from which its figures are then counted. Raises SettingNotAllowed."""
    _wait_for_counting()
    code, day = given["code"], given["effective_date"]
    earlier = ActiveDefinition.objects.filter(code=code)
    if earlier.filter(effective_date=day).exists():
        raise SettingNotAllowed(
            _("{day} has its rule already; choose a later day.").format(day=day)
        )
    if day < clock.bank_day(at) and earlier.exists():
        raise SettingNotAllowed(
            _("{day} has passed; a rule cannot change past days.").format(day=day)
        )
    row = ActiveDefinition.objects.create(set_by=actor, set_at=at, **given)
    _count_again(day)
    shown = ("counted", "window_days", "leaves_closed", "leaves_unactivated",
             "leaves_supplementary", "policy_products")  # fmt: skip
    audit.record(
        action="active_definition.set", actor=actor, at=at, target=row, reason=row.source,
        changes={"code": code, **{name: getattr(row, name) for name in shown}},
    )  # fmt: skip
    return row


@transaction.atomic
def set_sleep_rule(
    *, effective_date: dt.date, limits: SleepLimits, source: str, actor: Staff | None,
    at: dt.datetime,
) -> SleepRule:  # fmt: skip
    """This will set the limit of sleeping cards from a bank's day on, today at the earliest. Raises
    SettingNotAllowed."""
    _wait_for_counting()
    if effective_date < clock.bank_day(at):
        raise SettingNotAllowed(
            _("{day} has passed; a rule cannot change past days.").format(day=effective_date)
        )
    if SleepRule.objects.filter(effective_date=effective_date).exists():
        raise SettingNotAllowed(
            _("{day} has its rule already; choose a later day.").format(day=effective_date)
        )
    if not 0 < limits.near <= limits.ceiling <= 100:
        raise SettingNotAllowed(_("The warning begins below the ceiling, or at it."))
    row = SleepRule.objects.create(
        effective_date=effective_date, months=limits.months, ceiling_percent=limits.ceiling,
        near_percent=limits.near, policy_products=list(limits.policy_products), source=source,
        set_by=actor, set_at=at,
    )  # fmt: skip
    audit.record(
        action="sleep_rule.set", actor=actor, at=at, target=row, reason=source,
        changes={"months": limits.months, "ceiling_percent": str(limits.ceiling),
                 "near_percent": str(limits.near),
                 "policy_products": list(limits.policy_products)},
    )  # fmt: skip
    _count_again(effective_date)
    return row


def _wait_for_counting() -> None:
    """No day is counted by what stood before and noted after; while a long count goes on, a person
    is told so rather than kept waiting."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '5s'")
            cursor.execute(LOCK)
            cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
    except OperationalError as late:
        raise SettingNotAllowed(
            _("Figures are being counted just now. Nothing was saved: try again in some minutes.")
        ) from late


def _count_again(since: dt.date) -> None:
    rows = ActivityCount.objects.filter(kind=CountKind.DAY, day__gte=since)
    rows.update(is_stale=True)
