"""The sweep: what is new since the last one, and once a day what goes by days."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace

from django.db import DatabaseError, connection, transaction

from campaigns.warnings import queries
from campaigns.warnings.enums import Kind, Subject
from campaigns.warnings.models import SweepMark
from campaigns.warnings.operations import alerting, marking, moving, noting
from campaigns.warnings.queries import facts
from campaigns.warnings.rules.detectors import giving, issuing, people, places, sleeping
from campaigns.warnings.rules.findings import Finding
from campaigns.warnings.rules.limits import USUAL
from journeys.activity import queries as activity
from portal.kit import clock

_LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended('campaigns.warnings', 0))"
_DAILY = "daily"


def sweep(*, at: dt.datetime) -> int:
    """This will look for warnings in what came since the last sweep, and once a day in what goes by
    days; returns how many alerts are new or open again. Each step is a transaction of its own,
    with its mark, so that what is cut off is done by the next call, and twice is as good as
    once. Raises NobodyToLook."""
    number, failed = 0, []
    for step in _STEPS:
        try:
            number += _carry_out(step, at)
        except (DatabaseError, LookupError, ValueError, alerting.NobodyToLook) as fault:
            failed.append(fault)  # and what comes after it is looked at all the same
    moving.hand_over(at=at)
    if failed:
        raise failed[0]
    return number


@transaction.atomic
def _carry_out(step: Callable[[dt.datetime], list[Finding]], at: dt.datetime) -> int:
    """One step; nothing, where another sweep is at work."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
        if not cursor.fetchone()[0]:
            return 0
    return len(alerting.raise_alerts(findings=step(at), at=at))


def _after_entries(at: dt.datetime) -> list[Finding]:
    reading, on = marking.begin(code="entries", at=at), clock.bank_day(at)
    found: list[Finding] = []
    if not reading.is_empty:
        limits = queries.limits_on(Kind.BUDGET, on)
        changed = facts.changed_accounts(reading.after)
        found = giving.budget(facts.accounts_of(changed, limits, on), limits, on)
    reading.keep()
    return found


def _after_grants(at: dt.datetime) -> list[Finding]:
    reading, on = marking.begin(code="grants", at=at), clock.bank_day(at)
    found: list[Finding] = []
    if not reading.is_empty:
        limits = queries.limits_on(Kind.BURST, on)
        hours = noting.count_hours(reading.after)
        found += giving.burst(facts.hours_of(hours, limits), limits)
        limits = queries.limits_on(Kind.SPLITTING, on)
        noting.note_splits(reading.after, limits.days)
        found += places.splitting(facts.bunches_in(limits, on), limits)
    reading.keep()
    return found


def _after_transactions(at: dt.datetime) -> list[Finding]:
    """Refunds are noted as they come; what they come to is told once a day."""
    reading = marking.begin(code="transactions", at=at)
    if not reading.is_empty:
        noting.note_refunds(reading.after, queries.limits_on(Kind.REFUND, clock.bank_day(at)).wait)
    reading.keep()
    return []


def _after_uses(at: dt.datetime) -> list[Finding]:
    reading, on = marking.begin(code="uses", at=at), clock.bank_day(at)
    found: list[Finding] = []
    if not reading.is_empty:
        limits = queries.limits_on(Kind.DESK, on)
        noting.note_uses(reading.after)
        found = people.desk(facts.served_by(limits, on), limits)
    reading.keep()
    return found


def _once_a_day(at: dt.datetime) -> list[Finding]:
    on = clock.bank_day(at)
    mark, _is_new = SweepMark.objects.select_for_update().get_or_create(code=_DAILY)
    if mark.day is not None and mark.day >= on:
        return []
    mark.day = on
    mark.save(update_fields=["day"])
    return [one for detector in _BY_DAY for one in detector(on)]


def _never_used(on: dt.date) -> list[Finding]:
    limits = queries.limits_on(Kind.NEVER_USED, on)
    return issuing.never_used(facts.unused_of(limits, on), limits)


def _shared(on: dt.date) -> list[Finding]:
    limits = queries.limits_on(Kind.SHARED, on)
    return issuing.shared(facts.shared_by(limits, on), limits)


def _month_end(on: dt.date) -> list[Finding]:
    limits = queries.limits_on(Kind.MONTH_END, on)
    return issuing.month_end(facts.month_of(limits, on), limits)


def _self_dealing(on: dt.date) -> list[Finding]:
    limits = queries.limits_on(Kind.SELF_DEALING, on)
    return people.self_dealing(facts.own_rewards(limits, on), limits)


def _complaints(on: dt.date) -> list[Finding]:
    limits = queries.limits_on(Kind.COMPLAINTS, on)
    found = []
    for subject in (Subject.VERSION, Subject.SCRIPT):
        rows = facts.complained_of(subject, limits, on)
        complained = sum(row.complaints for row in rows)
        sent = facts.sent_in(subject, limits, on) if rows else 0
        found += people.complaints(rows, limits, complained=complained, sent=sent)
    return found


def _refund(on: dt.date) -> list[Finding]:
    limits = queries.limits_on(Kind.REFUND, on)
    rows = facts.refunded_at(limits, on)
    purchases = facts.purchases_in(limits, on) if rows else 0
    at_merchants = giving.refund(rows, limits, purchases=purchases)
    return [*at_merchants, *giving.returners(facts.returners_in(limits, on), limits)]


def _concentration(on: dt.date) -> list[Finding]:
    limits = queries.limits_on(Kind.CONCENTRATION, on)
    return places.concentration(facts.partners_of(limits, on), limits)


def _sleeping(on: dt.date) -> list[Finding]:
    limits = queries.limits_on(Kind.SLEEPING, on)
    rule = activity.limits_of(activity.sleep_rule_on(on))
    if limits == USUAL[Kind.SLEEPING]:  # from where on to warn is said by the rule itself
        limits = replace(limits, warn=100 * rule.near / rule.ceiling)
    return sleeping.sleeping(facts.asleep_in(limits, on), limits, ceiling=rule.ceiling)


# A kind that goes by days is a line here.
_BY_DAY: Sequence[Callable[[dt.date], list[Finding]]] = (
    _never_used, _shared, _month_end, _self_dealing, _complaints, _refund, _concentration,
    _sleeping,
)  # fmt: skip
_STEPS: Sequence[Callable[[dt.datetime], list[Finding]]] = (
    _after_entries, _after_grants, _after_transactions, _after_uses, _once_a_day,
)  # fmt: skip
