"""Limits and hours of contact: rules with a day from which they are in force."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from journeys.contact.models import ContactHours, ContactRule
from journeys.contact.rules import Hours, hours_fault
from portal.audit import operations as audit
from portal.kit import clock
from portal.staff.models import Staff


class RuleNotAllowed(Exception):
    """Raised when a rule would change days that have passed, or has one for its day, or its hours
    are none; its text is a sentence for a person."""


@transaction.atomic
def set_contact_rule(
    *,
    effective_date: dt.date,
    day_cap: int,
    month_cap: int,
    source: str,
    actor: Staff | None,
    at: dt.datetime,
) -> ContactRule:
    """This will set the caps in force from a bank's day on, today at the earliest.

    Raises RuleNotAllowed.
    """
    _refuse_past(effective_date, at)
    if ContactRule.objects.filter(effective_date=effective_date).exists():
        raise RuleNotAllowed(_taken(effective_date))
    if not 1 <= day_cap <= month_cap:
        raise RuleNotAllowed(
            _("The limit of 30 days is at least that of 24 hours, and that at least 1.")
        )
    rule = ContactRule.objects.create(
        effective_date=effective_date, day_cap=day_cap, month_cap=month_cap, source=source
    )
    audit.record(
        action="contact_rule.set",
        actor=actor,
        at=at,
        target=rule,
        reason=source,
        changes={"day_cap": day_cap, "month_cap": month_cap},
    )
    return rule


@transaction.atomic
def set_contact_hours(
    *,
    effective_date: dt.date,
    channels: Sequence[str],
    day_kinds: Sequence[str],
    hours: Hours,
    source: str,
    actor: Staff | None,
    at: dt.datetime,
    division_prefix: str = "",
) -> list[ContactHours]:
    """This will set the hours of channels on kinds of day, in a place or everywhere, in force from
    a bank's day on, today at the earliest. Raises RuleNotAllowed, with nothing set.
    """
    _refuse_past(effective_date, at)
    if fault := hours_fault(hours, division_prefix):
        raise RuleNotAllowed(fault)
    taken = ContactHours.objects.filter(
        effective_date=effective_date,
        channel__in=channels,
        day_kind__in=day_kinds,
        division_prefix=division_prefix,
    )
    if taken.exists():
        raise RuleNotAllowed(_taken(effective_date))
    rows = [
        ContactHours.objects.create(
            effective_date=effective_date,
            channel=channel,
            day_kind=day_kind,
            division_prefix=division_prefix,
            opens=hours.opens,
            closes=hours.closes,
            is_overnight=hours.is_overnight,
            is_lifted=hours.is_lifted,
            source=source,
        )
        for channel in channels
        for day_kind in day_kinds
    ]
    for row in rows:
        audit.record(
            action="contact_hours.set",
            actor=actor,
            at=at,
            target=row,
            reason=source,
            changes={"opens": str(hours.opens or ""), "closes": str(hours.closes or "")},
        )
    return rows


def _refuse_past(day: dt.date, at: dt.datetime) -> None:
    if day < clock.bank_day(at):
        raise RuleNotAllowed(_("{day} has passed; a rule cannot change past days.").format(day=day))


def _taken(day: dt.date) -> str:
    return _("{day} has its rule already; choose a later day.").format(day=day)
