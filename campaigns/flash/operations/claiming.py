"""Claims to units: the gate chooses who may try for which unit, PostgreSQL decides.

With the gate or without it, whoever writes claims takes its locks in one order: first the claimants
(a person under several numbers is one of them), by their keys; then the units, by their numbers; so
that the claims themselves wait for nobody who waits for them.
"""

import datetime as dt
import random
import time
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db import IntegrityError, OperationalError, connection, transaction

from campaigns.eligibility import queries as eligibility
from campaigns.flash import queries, rules
from campaigns.flash.enums import ClaimAnswer, SaleState
from campaigns.flash.models import FlashSale
from campaigns.flash.operations import gate, reconciling
from campaigns.flash.rules import Person, Told
from portal.kit import clock

# Each pair of customer and unit becomes a claim, unless one of them has a standing one.
_CLAIM = """
INSERT INTO campaigns_flashclaim (sale_id, number, customer_id, card_id, state, claimed_at,
                                  held_until)
SELECT %(sale_id)s, asked.number, asked.customer_id, asked.card_id, 'held', %(at)s, %(until)s
FROM unnest(%(units)s::int[], %(customers)s::bigint[], %(cards)s::bigint[])
    asked(number, customer_id, card_id)
ORDER BY asked.customer_id
ON CONFLICT DO NOTHING RETURNING customer_id, id, number
"""
_CLAIMANTS = """
SELECT count(pg_advisory_xact_lock(key)) FROM (
    SELECT DISTINCT hashtextextended('flash:' || %(sale_id)s || ':' || who, 0) AS key
    FROM unnest(%(claimants)s::text[]) AS who ORDER BY key
) keys
"""
# The claimants first: their count stands for itself, and is asked before any unit is looked at.
_CLAIMANTS_AND_UNITS = f"""
SELECT unit.number FROM campaigns_flashunit unit
WHERE ({_CLAIMANTS}) > 0
  AND unit.sale_id = %(sale_id)s AND unit.number = ANY(%(units)s::int[])
ORDER BY unit.number FOR NO KEY UPDATE OF unit
"""
# A free unit that nobody else tries for at this moment, from a place on.
_FREE_UNIT = """
SELECT unit.number FROM campaigns_flashunit unit
WHERE unit.sale_id = %(sale_id)s AND unit.number >= %(start)s
  AND NOT EXISTS (SELECT FROM campaigns_flashclaim claim
                  WHERE claim.sale_id = unit.sale_id AND claim.number = unit.number
                    AND claim.state IN ('held', 'granted'))
ORDER BY unit.number LIMIT 1 FOR NO KEY UPDATE OF unit SKIP LOCKED
"""
_TRIES = 20
_SHUT = {
    SaleState.WAITING: ClaimAnswer.NOT_OPEN,
    SaleState.CLOSED: ClaimAnswer.CLOSED,
    SaleState.STOPPED: ClaimAnswer.STOPPED,
}


def claim(*, sale: FlashSale, numbers: Sequence[str], at: dt.datetime) -> list[Told]:
    """This will hold one unit for each of these customers (numbers) as far as there are any, and
    answer each in their order. Who has one already is answered with that one.

    The answer `held` is given only after its row is committed. Without the gate PostgreSQL does
    the same alone.
    """
    distinct = list(dict.fromkeys(numbers))
    if sale.state_at(at) != SaleState.OPEN:
        return claim_by_rows(sale=sale, numbers=numbers, at=at)
    try:
        told = _through_the_gate(sale, distinct, at)
    except gate.GateDown:
        return claim_by_rows(sale=sale, numbers=numbers, at=at)
    return [told[number] for number in numbers]


def claim_by_rows(*, sale: FlashSale, numbers: Sequence[str], at: dt.datetime) -> list[Told]:
    """This will do the same by PostgreSQL alone."""
    state = sale.state_at(at)
    if state != SaleState.OPEN:
        return [Told(_SHUT[state])] * len(numbers)
    told, people = _settled(sale, list(dict.fromkeys(numbers)), at)
    later = rules.one_of_each(people)
    told |= _without_gate(sale, _without(people, later), at)
    told |= {who: rules.beside(told[first]) for who, first in later.items()}
    return [told[number] for number in numbers]


def _without(people: dict[str, Person], left_out: Collection[str]) -> dict[str, Person]:
    return {who: one for who, one in people.items() if who not in left_out}


def _through_the_gate(sale: FlashSale, numbers: list[str], at: dt.datetime) -> dict[str, Told]:
    free, had = _look(sale, numbers, at)
    if not free:
        # Those whom the gate never let in are told at once; nothing is asked of the database.
        known = [who for who, is_in in zip(numbers, had, strict=True) if is_in]
        told, _people = _settled(sale, known, at)
        sold_out = Told(reconciling.sold_out_answer(sale=sale, at=at))
        return {who: told.get(who, sold_out) for who in numbers}
    told, everybody = _settled(sale, numbers, at)
    later = rules.one_of_each(everybody)
    people = _without(everybody, later)
    units = dict(zip(people, gate.take(sale.pk, [*people]), strict=True))
    held = _insert(sale, {who: (people[who], unit) for who, unit in units.items() if unit > 0}, at)
    gate.landed(sale.pk, [who for who, one in held.items() if one.answer == ClaimAnswer.HELD])
    told |= held
    all_taken = Told(ClaimAnswer.ALL_HELD)
    told |= {who: all_taken for who, unit in units.items() if unit == gate.SOLD_OUT}
    # Let in before without a row, or a unit that somebody has: the gate is not up to date.
    told |= _without_gate(sale, _without(people, told), at)
    return told | {who: rules.beside(told[first]) for who, first in later.items()}


def _look(sale: FlashSale, numbers: list[str], at: dt.datetime) -> tuple[int, list[bool]]:
    """Looks at the gate; an empty one is filled first, and where all is taken, holds that have
    expired are given back first."""
    free, had = gate.look(sale.pk, numbers)
    if free == gate.UNKNOWN:
        reconciling.fill_gate(sale_id=sale.pk, at=at)
        return gate.look(sale.pk, numbers)
    if free == 0 and reconciling.reconcile_now_and_then(sale=sale, at=at):
        return gate.look(sale.pk, numbers)
    return free, had


def _settled(
    sale: FlashSale, numbers: list[str], at: dt.datetime
) -> tuple[dict[str, Told], dict[str, Person]]:
    """The answers to those who have a claim and to those who may not have one, and what is known
    about the others."""
    if not numbers:
        return {}, {}
    people = queries.people(sale, numbers)
    standing = {who: person.standing(at) for who, person in people.items()}
    if any(told and told.answer == ClaimAnswer.EXPIRED for told in standing.values()):
        reconciling.expire_holds(sale_id=sale.pk, at=at)
        people = queries.people(sale, numbers)
    told = {who: Told(ClaimAnswer.NOT_QUALIFIED) for who in numbers if who not in people}
    for who, person in people.items():
        if has := person.standing(at):
            told[who] = has
        elif not person.is_qualified:
            told[who] = Told(ClaimAnswer.NOT_QUALIFIED, failed_at=person.failed_at)
    open_to = {who: people[who] for who in numbers if who not in told}
    refused = queries.refused(sale, open_to, clock.bank_day(at)) | _control(sale, open_to)
    refused = _held_elsewhere(sale, open_to, at) | refused
    told |= {who: Told(answer) for who, answer in refused.items()}
    return told, {who: person for who, person in open_to.items() if who not in refused}


def _control(sale: FlashSale, people: dict[str, Person]) -> dict[str, ClaimAnswer]:
    """Those of the control group; they are left out before the rewards are asked, as by a run."""
    percent = queries.plan_of(sale).control_percent
    asked = [person.customer_id for person in people.values()]
    control = eligibility.held_out(sale.version.campaign, percent, asked)
    return {
        who: ClaimAnswer.CONTROL for who, person in people.items() if person.customer_id in control
    }


def _held_elsewhere(
    sale: FlashSale, people: dict[str, Person], at: dt.datetime
) -> dict[str, ClaimAnswer]:
    """Those for whom a unit is held under another number."""
    persons = {person.bearer for person in people.values() if person.bearer}
    held = queries.held_for(sale.pk, persons, at=at) if persons else {}
    return {
        who: ClaimAnswer.SAME_PERSON
        for who, person in people.items()
        if person.bearer and held.get(person.bearer, set()) - {person.customer_id}
    }


def _insert(
    sale: FlashSale, wanted: dict[str, tuple[Person, int]], at: dt.datetime
) -> dict[str, Told]:
    """Writes claims for pairs of customer and unit, and answers those whose row is committed, and
    those for whom a unit is held under another number meanwhile."""
    if not wanted:
        return {}
    people = {who: person for who, (person, _unit) in wanted.items()}
    try:
        with transaction.atomic():
            _hold(sale, people.values(), [unit for _person, unit in wanted.values()])
            elsewhere = _held_elsewhere(sale, people, at)
            left = {who: pair for who, pair in wanted.items() if who not in elsewhere}
            held = _write(sale, left, at) if left else {}
    except (IntegrityError, OperationalError):  # a unit that is none, or a connection that went
        return {}
    return held | {who: Told(answer) for who, answer in elsewhere.items()}


def _hold(sale: FlashSale, people: Iterable[Person], units: Sequence[int]) -> None:
    """Until the transaction ends nobody else writes claims for these claimants, under whatever
    number, nor for these units."""
    values: dict[str, Any] = {
        "sale_id": sale.pk,
        "claimants": [
            person.bearer.hex() if person.bearer else str(person.customer_id) for person in people
        ],
        "units": [*units],
    }
    with connection.cursor() as cursor:
        cursor.execute(_CLAIMANTS_AND_UNITS if units else _CLAIMANTS, values)


def _write(
    sale: FlashSale, wanted: dict[str, tuple[Person, int]], at: dt.datetime
) -> dict[str, Told]:
    until = at + dt.timedelta(seconds=sale.hold_seconds)
    pairs = list(wanted.values())
    values: dict[str, Any] = {
        "sale_id": sale.pk,
        "at": at,
        "until": until,
        "units": [unit for _person, unit in pairs],
        "customers": [person.customer_id for person, _unit in pairs],
        "cards": [person.card_id for person, _unit in pairs],
    }
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, values)
        rows = {customer: (claim_id, unit) for customer, claim_id, unit in cursor.fetchall()}
    return {
        who: Told(ClaimAnswer.HELD, *rows[person.customer_id], until)
        for who, (person, _unit) in wanted.items()
        if person.customer_id in rows
    }


def _without_gate(sale: FlashSale, people: dict[str, Person], at: dt.datetime) -> dict[str, Told]:
    """Claims by PostgreSQL alone, one after the other."""
    return {who: _one_without_gate(sale, who, person, at) for who, person in people.items()}


def _one_without_gate(sale: FlashSale, who: str, person: Person, at: dt.datetime) -> Told:
    for attempt in range(_TRIES):
        told = _try_for_any(sale, who, person, at) if _may_try(sale, at) else None
        if told is not None:
            return told
        has = queries.people(sale, [who])[who].standing(at)
        if has is not None and has.answer != ClaimAnswer.EXPIRED:
            return has
        reconciling.expire_holds(sale_id=sale.pk, at=at)
        if queries.standing_count(sale.pk) >= reconciling.most_standing(sale=sale, at=at):
            return Told(reconciling.sold_out_answer(sale=sale, at=at))
        # Somebody else has the last ones in hand for a moment, and may yet let go of them.
        time.sleep(random.uniform(0.001, 0.01) * (attempt + 1))
    return Told(ClaimAnswer.BUSY)


def _may_try(sale: FlashSale, at: dt.datetime) -> bool:
    """Whether the tier's stock bears one more; nothing is counted where it bears all units."""
    most = reconciling.most_standing(sale=sale, at=at)
    return most >= sale.units or queries.standing_count(sale.pk) < most


def _try_for_any(sale: FlashSale, who: str, person: Person, at: dt.datetime) -> Told | None:
    try:
        with transaction.atomic():
            _hold(sale, [person], [])
            if elsewhere := _held_elsewhere(sale, {who: person}, at):
                return Told(elsewhere[who])
            unit = _free_unit(sale)
            return _write(sale, {who: (person, unit)}, at).get(who) if unit else None
    except (IntegrityError, OperationalError):
        return None


def _free_unit(sale: FlashSale) -> int | None:
    """One that nobody has and nobody else tries for; it is locked."""
    for start in (random.randint(1, sale.units), 1):
        with connection.cursor() as cursor:
            cursor.execute(_FREE_UNIT, {"sale_id": sale.pk, "start": start})
            if row := cursor.fetchone():
                return int(row[0])
    return None
