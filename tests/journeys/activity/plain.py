"""Figures of activity once more, in plain Python, from all cards and transactions."""

import calendar
import datetime as dt
from collections import Counter, defaultdict
from typing import Any

from journeys.models import Card, Transaction


def purchases() -> dict[int, list[dt.date]]:
    """The days on which each card was used, in order: purchases since its issue."""
    issued = dict(Card.objects.values_list("pk", "issued_date"))
    found: dict[int, list[dt.date]] = defaultdict(list)
    rows = Transaction.objects.filter(kind="purchase").values_list("card_id", "posted_date")
    for card, day in rows:
        if day >= issued[card]:
            found[card].append(day)
    return {card: sorted(set(days)) for card, days in found.items()}


def last_use(days: list[dt.date], on: dt.date) -> dt.date | None:
    return max((day for day in days if day <= on), default=None)


def counted_cards(definition: Any, on: dt.date) -> list[Card]:
    return [
        card
        for card in Card.objects.select_related("product").order_by("issued_date", "pk")
        if card.issued_date <= on
        and not (definition.leaves_closed and card.closed_date and card.closed_date <= on)
        and not (
            definition.leaves_unactivated
            and (card.activated_date is None or card.activated_date > on)
        )
        and not (definition.leaves_supplementary and not card.is_primary)
        and card.product.code not in definition.policy_products
    ]


def active(definition: Any, on: dt.date) -> dict[tuple[int, int | None], tuple[int, int]]:
    """Cards, or customers, and those in use, by branch and product."""
    days = purchases()
    first = on - dt.timedelta(days=definition.window_days - 1)
    cards = counted_cards(definition, on)
    used = {
        card.pk: (last := last_use(days.get(card.pk, []), on)) is not None and last >= first
        for card in cards
    }
    whole: Counter[Any] = Counter()
    part: Counter[Any] = Counter()
    if definition.counted == "cards":
        for card in cards:
            key = (card.branch_id, card.product_id)
            whole[key] += 1
            part[key] += used[card.pk]
    else:
        of_customer = defaultdict(list)
        for card in cards:
            of_customer[card.customer_id].append(card)
        for held in of_customer.values():
            key = (held[0].branch_id, None)
            whole[key] += 1
            part[key] += any(used[card.pk] for card in held)
    return {key: (whole[key], part[key]) for key in whole}


def asleep_from(since: dt.date, months: int) -> dt.date:
    number = since.year * 12 + since.month - 1 + months
    year, month = number // 12, number % 12 + 1
    return dt.date(year, month, min(since.day, calendar.monthrange(year, month)[1]))


def sleeping(on: dt.date, months: int, policy: tuple[str, ...] = ()) -> dict[Any, tuple[int, ...]]:
    """Cards, those asleep, and those that will be in 30, 60 and 90 days, by branch and product."""
    days = purchases()
    found: dict[Any, list[int]] = defaultdict(lambda: [0] * 5)
    for card in Card.objects.select_related("product"):
        closed = card.closed_date is not None and card.closed_date <= on
        if card.issued_date > on or closed or card.product.code in policy:
            continue
        since = last_use(days.get(card.pk, []), on) or card.issued_date
        left = (asleep_from(since, months) - on).days
        row = found[card.branch_id, card.product_id]
        row[0] += 1
        row[1] += left <= 0
        for place, ahead in enumerate((30, 60, 90), 2):
            row[place] += 0 < left <= ahead
    return {key: tuple(row) for key, row in found.items()}


def cohort(month: dt.date) -> dict[Any, tuple[int, ...]]:
    """Cards issued in a month, and those used within 30, 65 and 90 days, by branch and product."""
    days = purchases()
    found: dict[Any, list[int]] = defaultdict(lambda: [0] * 4)
    for card in Card.objects.all():
        if card.issued_date.replace(day=1) != month:
            continue
        first = min(days.get(card.pk, []), default=None)
        row = found[card.branch_id, card.product_id]
        row[0] += 1
        for place, within in enumerate((30, 65, 90), 1):
            row[place] += first is not None and (first - card.issued_date).days <= within
    return {key: tuple(row) for key, row in found.items()}


def flow(on: dt.date, days: int, months: int) -> tuple[int, int, int, int]:
    """Due, woke, asleep, left: of all cards, from so many days before to a day."""
    uses = purchases()
    before = on - dt.timedelta(days=days)
    due = woke = asleep = left = 0
    for card in Card.objects.all():
        closed = card.closed_date
        if card.issued_date > before or (closed and closed <= before):
            continue
        used = uses.get(card.pk, [])
        since = last_use(used, before) or card.issued_date
        asleep_day = asleep_from(since, months)
        if asleep_day <= before:
            asleep += 1
            left += any(before < day <= on for day in used) or bool(closed and closed <= on)
        elif asleep_day <= on:
            due += 1
            woke += any(before < day <= asleep_day for day in used) or bool(
                closed and closed <= asleep_day
            )
    return due, woke, asleep, left
