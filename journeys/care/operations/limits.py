"""The limits of complaints: data with a day and a source, never a number in code."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from journeys.care import queries
from journeys.care.models import ComplaintRule
from journeys.care.rules import Limits
from portal.audit import operations as audit
from portal.staff.models import Staff

USUAL_SOURCE = (
    "银行业保险业消费投诉处理管理办法（银保监会令2020年第3号）：自收到之日起15日内作出处理决定并告知；"
    "情况复杂的可延长至30日；情况特别复杂或者有其他特殊原因的，经批准可再延长30日。"
    "Decision and answer within 15 days; complex 30; special 30 more with approval."
)


class NoLimits(Exception):
    """Raised when no limits are in force: a complaint without a clock is not taken in."""


class RuleNotAllowed(Exception):
    """Raised when limits would apply from a day that has its own already."""


@transaction.atomic
def set_complaint_rule(
    *,
    effective_date: dt.date,
    limits: Limits,
    source: str,
    actor: Staff | None,
    at: dt.datetime,
) -> ComplaintRule:
    """This will set the limits for complaints opened from a day on; those opened before keep
    theirs. Raises RuleNotAllowed."""
    if ComplaintRule.objects.filter(effective_date=effective_date).exists():
        raise RuleNotAllowed(
            _("{day} has its limits already; choose another day.").format(day=effective_date)
        )
    rule = ComplaintRule.objects.create(
        effective_date=effective_date,
        simple_days=limits.simple_days,
        complex_days=limits.complex_days,
        extension_days=limits.extension_days,
        source=source,
    )
    audit.record(
        action="complaint_rule.set",
        actor=actor,
        at=at,
        target=rule,
        reason=source,
        changes={
            "simple_days": limits.simple_days,
            "complex_days": limits.complex_days,
            "extension_days": limits.extension_days,
        },
    )
    return rule


def set_usual_rule(*, effective_date: dt.date, at: dt.datetime) -> ComplaintRule:
    """This will set the supervisor's limits of 2020. Raises RuleNotAllowed."""
    return set_complaint_rule(
        effective_date=effective_date,
        limits=Limits(simple_days=15, complex_days=30, extension_days=30),
        source=USUAL_SOURCE,
        actor=None,
        at=at,
    )


def limits_for(day: dt.date) -> Limits:
    """This will return the limits of a complaint that is opened on `day`. Raises NoLimits."""
    limits = queries.limits_on(day)
    if limits is None:
        raise NoLimits(
            _(
                "No limits for complaints are in force on {day}. An administrator must add a "
                "complaint rule first."
            ).format(day=day)
        )
    return limits
