"""Pay by the clock: months are closed, and what cards brought is taken back by later facts.

Safe to run twice, and at the same time: each person's row is locked, and unique keys hold that
nothing is earned, taken back or closed twice.
"""

import datetime as dt
from collections.abc import Collection
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from journeys.targets import queries
from journeys.targets.enums import EntryKind
from journeys.targets.models import PayCard, PayEntry, PayMonth, Scorecard, ScorecardMeasure
from journeys.targets.rules import paying, splitting
from portal.audit import operations as audit
from portal.kit import money
from portal.staff import queries as staff_queries
from portal.staff.access import Scope
from portal.staff.models import Staff

_MOST_MONTHS = 24
_TAKEN = """
INSERT INTO journeys_payentry (staff_id, pay_month, kind, measure_id, amount, takes_back_id,
                               because, at)
SELECT entry.staff_id, %(month)s, 'taken_back', entry.measure_id, -part.amount, part.id,
       CASE WHEN card.closed_date < held.until THEN 'closed'
            WHEN card.first_used_date IS NULL
              OR card.first_used_date > card.issued_date + rule.unused_days THEN 'unused'
            ELSE 'complaint' END, %(at)s
FROM journeys_paycard AS part
JOIN journeys_payentry AS entry ON entry.id = part.entry_id
JOIN journeys_card AS card ON card.id = part.card_id
JOIN LATERAL (
    SELECT hold_months, unused_days FROM journeys_scorecardrule
    WHERE effective_date <= entry.pay_month ORDER BY effective_date DESC LIMIT 1
) AS rule ON TRUE
CROSS JOIN LATERAL (
    SELECT (card.issued_date + make_interval(months => rule.hold_months))::date AS until) AS held
WHERE entry.staff_id = %(staff)s AND part.amount > 0 AND entry.pay_month < %(month)s
  AND NOT EXISTS (SELECT FROM journeys_payentry AS taken WHERE taken.takes_back_id = part.id)
  AND (card.closed_date < held.until AND card.closed_date <= %(on)s
    OR card.issued_date + rule.unused_days < %(on)s
       AND (card.first_used_date IS NULL
            OR card.first_used_date > card.issued_date + rule.unused_days)
    OR EXISTS (
        SELECT FROM journeys_complaint AS complaint
        WHERE complaint.customer_id = card.customer_id AND complaint.state = 'closed'
          AND complaint.cause_staff_id = entry.staff_id AND complaint.closed_date <= %(on)s
          AND complaint.opened_date >= card.issued_date AND complaint.opened_date < held.until))
ORDER BY part.id
ON CONFLICT (takes_back_id) DO NOTHING
RETURNING id
"""
# Whom cards may still take something back from.
_HELD = """
SELECT DISTINCT entry.staff_id FROM journeys_paycard AS part
JOIN journeys_payentry AS entry ON entry.id = part.entry_id
WHERE part.amount > 0
  AND NOT EXISTS (SELECT FROM journeys_payentry AS taken WHERE taken.takes_back_id = part.id)
ORDER BY 1
"""


def settle_pay(*, on: dt.date, at: dt.datetime) -> int:
    """This will take back what later facts undo, and close the months whose day has come; returns
    how many entries were written."""
    written = sum(_take_back(staff_id, on=on, at=at) for staff_id in _held())
    for month in _due_months(on):
        written += close_month(month=month, at=at)
    return written


def _held() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_HELD)
        return [pk for (pk,) in cursor.fetchall()]


@transaction.atomic
def _take_back(staff_id: int, *, on: dt.date, at: dt.datetime) -> int:
    """Of one person, in the month of `on`: that one is not closed yet."""
    person = Staff.objects.select_for_update(of=("self",), no_key=True).get(pk=staff_id)
    given: dict[str, Any] = {"staff": staff_id, "month": on.replace(day=1), "on": on, "at": at}
    with connection.cursor() as cursor:
        cursor.execute(_TAKEN, given)
        found = len(cursor.fetchall())
    if found:
        audit.record(
            action="pay.taken_back", actor=None, at=at, target=person, changes={"cards": found}
        )
    return found


def _due_months(on: dt.date) -> list[dt.date]:
    """The months that may be closed, from that of the first scorecard on."""
    rows = Scorecard.objects.filter(state="approved").order_by("first_date")
    first = rows.values_list("first_date", flat=True).first()
    rule = queries.rule_on(on)
    if first is None or rule is None:
        return []
    last = on.replace(day=1)
    found = [month for month in splitting.months_of(first, _span(first, last)) if month < last]
    if on.day < rule.settle_day:
        before = (last - dt.timedelta(days=1)).replace(day=1)
        found = [month for month in found if month != before]
    return found[-_MOST_MONTHS:]


def _span(first: dt.date, last: dt.date) -> int:
    return max(0, (last.year - first.year) * 12 + last.month - first.month)


def close_month(*, month: dt.date, at: dt.datetime) -> int:
    """This will book what each person's scorecard earned in a month, card by card where it can be
    told, and close it; returns how many entries were written. Who has it closed is passed over."""
    done = set(PayMonth.objects.filter(month__gte=month).values_list("staff_id", flat=True))
    earners = queries.earners_in(month)
    people = [one for one in _people(month, earners) if one.pk not in done]
    branches = {row.pk: row for row in staff_queries.branches_below("")}
    cards = queries.in_force(list(branches.values()), month)
    groups: dict[int, list[Staff]] = {}
    by_pk = {card.pk: card for card in cards.values()}
    for one in people:
        worked = queries.branches_in(one, earners.get(one.pk, {}), branches)
        found = next((cards[row.pk] for row in worked if row.pk in cards), None)
        groups.setdefault(found.pk if found else 0, []).append(one)
    written = 0
    for pk, group in groups.items():
        card = by_pk.get(pk)
        paid = queries.pay_of(card, group, first=month, months=1) if card else []
        pays = {one.person.pk: one.months[month] for one in paid}
        owns = _own_cards(card, group, month) if card else {}
        for person in group:
            written += _close(person, card, pays.get(person.pk), owns, month, at)
    return written


def _people(month: dt.date, earners: Collection[int]) -> list[Staff]:
    """Who may have earned something in a month, who has left or does other work since too, and
    whose ledger goes on."""
    end = splitting.next_month(month)
    at_work = queries.people_of(Scope(""), "")
    found = {
        one.pk: one for one in at_work if one.joined_date is None or one.joined_date < end
    }  # fmt: skip
    open_ids = PayEntry.objects.filter(pay_month=month).values_list("staff_id", flat=True)
    owing = PayMonth.objects.filter(carried_out__lt=0).values_list("staff_id", flat=True)
    others = {*open_ids, *owing, *earners} - set(found)
    rows = Staff.objects.filter(pk__in=others).exclude(joined_date__gte=end)
    rows = rows.select_related("branch")
    return [*found.values(), *rows.order_by("pk")]


def _own_cards(
    card: Scorecard, people: list[Staff], month: dt.date
) -> dict[tuple[int, str], list[int]]:
    """The cards that a measure counts of each person, by person and measure."""
    found: dict[tuple[int, str], list[int]] = {}
    ids = [one.pk for one in people]
    for one in card.measures.all():
        measure = one.of_measure
        if measure is not None and measure.cards is not None:
            for staff_id, card_id in measure.cards(ids, month, splitting.next_month(month)):
                found.setdefault((staff_id, one.measure), []).append(card_id)
    return found


@transaction.atomic
def _close(
    person: Staff,
    card: Scorecard | None,
    pay: paying.Pay | None,
    owns: dict[tuple[int, str], list[int]],
    month: dt.date,
    at: dt.datetime,
) -> int:
    Staff.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
    months = PayMonth.objects.filter(staff=person).order_by("-month")
    before = months.first()
    if before is not None and before.month >= month:
        return 0
    written = 0
    has_earned = card is not None and (person.is_active or bool(pay and pay.amount))
    if not has_earned and not _goes_on(person, before):
        return 0
    measures = {one.measure: one for one in card.measures.all()} if card else {}
    for one in pay.lines if pay else ():
        _book(person, measures[one.line.code], one, owns, month, at)
        written += 1
    entries = PayEntry.objects.filter(staff=person, pay_month__lte=month)
    if before is not None:
        entries = entries.filter(pay_month__gt=before.month)
    sums = dict.fromkeys(EntryKind.values, Decimal(0))
    for kind, amount in entries.values_list("kind", "amount"):
        sums[kind] += amount
    carried = before.carried_out if before else Decimal(0)
    payable, left = paying.statement(carried, sums[EntryKind.EARNED], sums[EntryKind.TAKEN_BACK])
    row = PayMonth.objects.create(
        staff=person, month=month, carried_in=carried, earned=sums[EntryKind.EARNED],
        taken_back=sums[EntryKind.TAKEN_BACK], payable=payable, carried_out=left, closed_at=at,
    )  # fmt: skip
    audit.record(
        action="pay.closed", actor=None, at=at, target=row,
        changes={"month": str(month), "payable": str(payable), "carried_over": str(left)},
    )  # fmt: skip
    return written


def _goes_on(person: Staff, before: PayMonth | None) -> bool:
    """Whether there is something to close of who has no scorecard, or has left: entries that no
    month has counted, or something carried over."""
    entries = PayEntry.objects.filter(staff=person)
    if before is not None:
        entries = entries.filter(pay_month__gt=before.month)
    return entries.exists() or (before is not None and before.carried_out < 0)


def _book(
    person: Staff,
    measure: ScorecardMeasure,
    one: paying.Brought,
    owns: dict[tuple[int, str], list[int]],
    month: dt.date,
    at: dt.datetime,
) -> None:
    entry = PayEntry.objects.create(
        staff=person, pay_month=month, kind=EntryKind.EARNED, measure=measure, actual=one.actual,
        goal=one.goal, points=one.points, amount=one.amount, at=at,
    )  # fmt: skip
    mine = owns.get((person.pk, measure.measure), [])
    if mine:
        even = [Decimal(1)] * len(mine)
        parts = splitting.split(one.amount, even, step=money.CENT)
        PayCard.objects.bulk_create(
            PayCard(entry=entry, card_id=pk, amount=part)
            for pk, part in zip(mine, parts, strict=True)
        )
