"""The limits of approval: data with a day and a source."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from journeys.cards.models import ClockRule
from journeys.cards.rules import Limits
from portal.audit import operations as audit
from portal.kit import clock
from portal.staff.models import Staff


class RuleNotAllowed(Exception):
    """Raised when limits would change days that have passed, or have their day already, or make no
    sense; its text is a sentence for a person."""


@transaction.atomic
def set_clock_rule(
    *, effective_date: dt.date, limits: Limits, source: str, actor: Staff | None, at: dt.datetime
) -> ClockRule:
    """This will set the limits of approval from a bank's day on, today at the earliest. They hold
    for all applications on the clock then. Raises RuleNotAllowed."""
    if effective_date < clock.bank_day(at):
        raise RuleNotAllowed(
            _("{day} has passed; a rule cannot change past days.").format(day=effective_date)
        )
    if ClockRule.objects.filter(effective_date=effective_date).exists():
        raise RuleNotAllowed(
            _("{day} has its rule already; choose a later day.").format(day=effective_date)
        )
    if not 0 <= limits.near_days < limits.limit_days:
        raise RuleNotAllowed(_("The warning begins after the filing: fewer days than the limit."))
    rule = ClockRule.objects.create(
        effective_date=effective_date,
        limit_days=limits.limit_days,
        near_days=limits.near_days,
        source=source,
    )
    audit.record(
        action="clock_rule.set",
        actor=actor,
        at=at,
        target=rule,
        reason=source,
        changes={"limit_days": limits.limit_days, "near_days": limits.near_days},
    )
    return rule
