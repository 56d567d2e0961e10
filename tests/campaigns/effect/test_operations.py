"""Counts of both sides beside the same in plain Python, day after day and at once; looks that are
kept; what is fixed."""

import datetime as dt
import random
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.forms.models import model_to_dict

from campaigns.effect import operations, queries, rules
from campaigns.models import (
    Decision,
    EffectDay,
    EffectEntrant,
    EffectIntake,
    EffectLook,
    EffectPlan,
    Run,
)
from campaigns.tasks import count_effects
from journeys.models import Customer
from portal.kit.shares import Share
from portal.models import AuditEntry
from tests.campaigns.effect import made
from tests.factories.campaigns import AT
from tests.factories.journeys import CardFactory, CustomerFactory
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
DAY, FIRST, WINDOW = made.DAY, made.FIRST, made.WINDOW
LATER = FIRST + 200 * DAY
AWARDS = ("granted", "control", "had_before", "over_budget_total", "")
CONVERSIONS = {"acquire": "issued", "activate": "first_use", "convert": "repeat", "retain": "kept"}


@dataclass
class Person:
    """What is known of a customer, beside the tables."""

    customer: Any
    answers: list[tuple[dt.date, str]] = field(default_factory=list)
    cards: list[tuple[dt.date, dt.date | None, bool]] = field(default_factory=list)
    paid: list[tuple[dt.date, Decimal]] = field(default_factory=list)


def people_of(rng: random.Random, runs: list[Run]) -> list[Person]:
    """A crowd at and around the edges of the windows of both days of entry."""
    edges = [
        run.on_date + more * DAY
        for run in runs
        for more in (-WINDOW - 1, -WINDOW, 0, 1, 2, WINDOW, WINDOW + 1)
    ]
    found = []
    for _place in range(24):
        person = Person(CustomerFactory())
        for _card in range(rng.randint(0, 2)):
            issued = min(edges) if rng.random() < 0.5 else rng.choice(edges)
            used = rng.choice([None, *(day for day in edges if day >= issued)])
            is_primary = rng.random() < 0.7
            card = CardFactory(
                customer=person.customer, issued_date=issued, first_used_date=used,
                activated_date=used, is_primary=is_primary,
            )  # fmt: skip
            person.cards.append((issued, used, is_primary))
            for _purchase in range(rng.randint(0, 5)):
                amount = Decimal(rng.choice((-40, 25, 60, 90, 800)))
                on = rng.choice(edges)
                made.paid(card, amount, on)
                person.paid.append((on, amount))
        for run in runs:
            if (award := rng.choice(AWARDS)) or rng.random() < 0.5:
                made.decided(run, person.customer, award)
                person.answers.append((run.on_date, award))
        found.append(person)
    return found


def entry_of(person: Person) -> tuple[dt.date, bool, bool] | None:
    """Day, whether held out, and whether the person crossed."""
    sides = [(on, award == "control") for on, award in person.answers if award]
    if not sides:
        return None
    return sides[0][0], sides[0][1], len({held for _on, held in sides}) > 1


def has_converted(person: Person, conversion: str, first: dt.date, last: dt.date) -> bool:
    days = {on for on, amount in person.paid if amount > 0 and first <= on <= last}
    return {
        "issued": any(main and first <= issued <= last for issued, _used, main in person.cards),
        "first_use": any(used and first <= used <= last for _issued, used, _main in person.cards),
        "repeat": len(days) >= 2,
        "kept": any(on > last - 30 * DAY for on in days),
    }[conversion]


def by_hand(people: list[Person], conversion: str) -> dict[tuple[dt.date, bool], dict[str, Any]]:
    """The counts of each day of entry and side."""
    found: dict[tuple[dt.date, bool], dict[str, Any]] = defaultdict(lambda: defaultdict(int))
    for person in people:
        entry = entry_of(person)
        if entry is None:
            continue
        entered, is_held, crossed = entry
        row = found[entered, is_held]
        row["crossed"] += crossed
        first, last = entered + DAY, entered + WINDOW * DAY
        spent = sum((paid for on, paid in person.paid if first <= on <= last), Decimal(0))
        ago = entered - WINDOW * DAY
        before = [(on, paid) for on, paid in person.paid if ago <= on < entered]
        earlier = sum((paid for _on, paid in before), Decimal(0))
        capped = max(-made.CAP, min(made.CAP, spent))
        row["people"] += 1
        row["converted"] += has_converted(person, conversion, first, last)
        row["active"] += any(paid > 0 and first <= on <= last for on, paid in person.paid)
        row["payers"] += spent != 0
        row["active_before"] += any(paid > 0 for _on, paid in before)
        row["payers_before"] += earlier != 0
        for name, amount in (("", spent), ("capped_", capped)):
            row[f"{name}amount"] += amount
            row[f"{name}squares"] += amount * amount
        row["amount_before"] += earlier
        row["squares_before"] += earlier * earlier
    return found


NAMES = (
    "people", "crossed", "converted", "active", "payers", "amount", "squares", "capped_amount",
    "capped_squares", "active_before", "payers_before", "amount_before", "squares_before",
)  # fmt: skip


def kept() -> dict[tuple[dt.date, bool], dict[str, Any]]:
    return {
        (row.entered_date, row.is_held): {name: getattr(row, name) for name in NAMES}
        for row in EffectDay.objects.order_by("id")
    }


@pytest.mark.parametrize("objective", sorted(CONVERSIONS))
def test_counts_are_those_of_an_independent_calculation(objective: str) -> None:
    made.rule()
    rng = random.Random(objective)
    run = made.live_run(objective=objective)
    runs = [run, made.live_run(FIRST + 2 * DAY, of=run)]
    people = people_of(rng, runs)
    assert operations.count_effects(on=LATER, at=AT) == [run.campaign_id]
    expected = by_hand(people, CONVERSIONS[objective])
    nothing = dict.fromkeys(NAMES, 0)
    days = {day for day, _is_held in expected}
    assert kept() == {
        (day, is_held): {**nothing, **expected.get((day, is_held), {})}
        for day in days
        for is_held in (False, True)
    }
    assert EffectPlan.objects.get().conversion == CONVERSIONS[objective]


def test_counting_day_after_day_ends_where_one_count_of_all_does() -> None:
    """The incremental rollup beside a full recount; runs and transactions come between."""
    made.rule()
    rng = random.Random(5)
    first = made.live_run()
    people = people_of(rng, [first])
    operations.count_effects(on=FIRST + DAY, at=AT)
    second = made.live_run(FIRST + 2 * DAY, of=first)
    for person in people:
        made.decided(second, person.customer, rng.choice(AWARDS[:-1]))
    for day in range(2, 80):
        operations.count_effects(on=FIRST + day * DAY, at=AT)
        if day == 60:  # late, and found by the count a week or a month after the window
            for person in people[:8]:
                card = CardFactory(customer=person.customer, issued_date=FIRST - 40 * DAY)
                made.paid(card, 77, FIRST + 20 * DAY)
    step_by_step = kept()
    assert not EffectDay.objects.filter(due_date__isnull=False).exists()
    EffectDay.objects.update(due_date=FIRST)
    operations.count_effects(on=LATER, at=AT)
    assert kept() == step_by_step
    assert {row["people"] for row in step_by_step.values()} != {0}


def test_a_second_count_on_the_same_day_changes_nothing() -> None:
    made.rule(fewest=100)
    run = made.live_run()
    made.decided(run, CardFactory().customer, "granted")
    first = operations.count_effects(on=FIRST, at=AT)
    rows = [model_to_dict(row) for row in EffectDay.objects.order_by("id")]
    assert (first, operations.count_effects(on=FIRST, at=AT)) == ([run.campaign_id], [])
    assert [model_to_dict(row) for row in EffectDay.objects.order_by("id")] == rows
    assert (EffectIntake.objects.count(), EffectEntrant.objects.count()) == (1, 1)


def test_outcomes_count_once_the_window_and_the_days_of_late_facts_are_over() -> None:
    made.rule()
    run = made.live_run()
    card = CardFactory(first_used_date=FIRST + 3 * DAY, activated_date=FIRST + 3 * DAY)
    made.decided(run, card.customer, "granted")
    made.paid(card, 50, FIRST + 3 * DAY)
    made.paid(card, 900, FIRST)  # the day of entry is of neither window
    made.paid(card, 70, FIRST - DAY)
    seen = []
    for on in (FIRST, made.RIPE - DAY, made.RIPE):
        operations.count_effects(on=on, at=AT)
        row = EffectDay.objects.get(is_held=False)
        seen.append((row.is_ripe, row.people, row.converted, row.amount, row.amount_before))
    assert seen == [(False, 1, 0, 0, 70), (False, 1, 0, 0, 70), (True, 1, 1, 50, 70)]
    assert row.due_date == made.RIPE + 7 * DAY


def test_what_comes_late_is_found_a_week_and_a_month_after() -> None:
    made.rule()
    run, card = made.live_run(), CardFactory()
    made.decided(run, card.customer, "control")
    found = []
    for days in (0, 6, 7, 29, 30, 60):
        operations.count_effects(on=made.RIPE + days * DAY, at=AT)
        row = EffectDay.objects.get(is_held=True)
        found.append((days, row.amount, row.due_date))
        made.paid(card, 10, FIRST + 5 * DAY)
    week, month = made.RIPE + 7 * DAY, made.RIPE + 30 * DAY
    assert found == [
        (0, 0, week), (6, 0, week), (7, 20, month), (29, 20, month), (30, 40, None), (60, 40, None),
    ]  # fmt: skip


def test_only_live_runs_that_ended_and_were_held_against_what_was_approved_are_taken_in() -> None:
    made.rule()
    run = made.live_run()
    for values in (
        {"kind": "dry_run", "state": "done", "finished_at": AT},
        {"kind": "live", "state": "stopped", "finished_at": AT},
        {"kind": "live", "state": "running", "cleared_at": AT, "texts": []},
    ):
        other = row_of("campaigns.Run", version=run.version, on_date=FIRST, **values)
        made.decided(other, CustomerFactory(), "granted")
    made.decided(run, CustomerFactory(), "granted")
    row_of("campaigns.Decision", run=run, customer=CustomerFactory(), outcome="not_qualified")
    operations.count_effects(on=FIRST, at=AT)
    assert list(EffectIntake.objects.values_list("run", flat=True)) == [run.pk]
    assert EffectEntrant.objects.count() == 1


def test_where_nobody_is_left_out_people_are_counted_and_nothing_is_read_of_them() -> None:
    made.rule()
    run, card = made.live_run(control_percent=0), CardFactory()
    made.decided(run, card.customer, "granted")
    made.paid(card, 50, FIRST)
    made.paid(card, 50, FIRST + DAY)
    operations.count_effects(on=LATER, at=AT)
    row = EffectDay.objects.get(is_held=False)
    assert (row.people, row.amount_before, row.is_ripe, row.due_date) == (1, 0, False, None)


def test_without_a_rule_nothing_is_fixed_and_nothing_is_lost() -> None:
    run = made.live_run()
    made.decided(run, CustomerFactory(), "granted")
    assert operations.count_effects(on=FIRST, at=AT) == []
    assert (EffectPlan.objects.count(), EffectIntake.objects.count()) == (0, 0)
    rule = made.rule()
    assert operations.count_effects(on=FIRST, at=AT) == [run.campaign_id]
    plan = EffectPlan.objects.get()
    assert (plan.rule, plan.first_date, EffectEntrant.objects.count()) == (rule, FIRST, 1)


def test_what_is_fixed_stays_under_a_later_rule_and_is_told_in_the_audit_trail() -> None:
    rule = made.rule()
    run = made.live_run()
    made.decided(run, CustomerFactory(), "granted")
    operations.count_effects(on=FIRST, at=AT)
    made.rule(effective_date=FIRST + DAY, window_days=90)
    operations.count_effects(on=made.RIPE, at=AT)
    assert EffectPlan.objects.get().rule == rule
    assert EffectDay.objects.get(is_held=False).is_ripe
    [entry] = AuditEntry.objects.filter(action="effect.fixed")
    assert entry.changes == {
        "conversion": "first_use", "window_days": made.WINDOW, "fewest": 100,
        "error_percent": "5.00",
    }  # fmt: skip


def crowd(run: Run, *, reached: int, held: int, used: tuple[int, int]) -> None:
    """So many on both sides, of whom so many use their card within the window."""
    for award, people, number in (("granted", reached, used[0]), ("control", held, used[1])):
        for place in range(people):
            day = FIRST + 2 * DAY if place < number else None
            card = CardFactory(issued_date=FIRST - 5 * DAY, activated_date=day, first_used_date=day)
            made.decided(run, card.customer, award)
            if day:
                made.paid(card, 40, day)


def test_looks_are_kept_as_they_were_once_a_day_and_never_changed() -> None:
    made.rule()
    run = made.live_run(control_percent=50)
    crowd(run, reached=110, held=104, used=(60, 20))
    operations.count_effects(on=FIRST, at=AT)
    assert EffectLook.objects.count() == 0
    operations.count_effects(on=made.RIPE, at=AT)
    look = EffectLook.objects.get(measure="conversion")
    assert (look.on_date, look.reached_people, look.held_people) == (made.RIPE, 110, 104)
    assert look.reached == pytest.approx(60 / 110)
    assert look.by == pytest.approx(60 / 110 - 20 / 104)
    assert look.low < look.once_low < look.by < look.once_high < look.high
    assert set(EffectLook.objects.values_list("measure", flat=True)) == {
        "conversion", "activation", "spending", "capped",
    }  # fmt: skip
    EffectDay.objects.filter(is_held=True).update(due_date=made.RIPE)
    operations.count_effects(on=made.RIPE, at=AT)
    operations.count_effects(on=made.RIPE + DAY, at=AT)  # nothing was counted: nothing to see
    assert EffectLook.objects.filter(measure="conversion").count() == 1
    operations.count_effects(on=made.RIPE + 7 * DAY, at=AT)
    assert EffectLook.objects.filter(measure="conversion").count() == 2
    effect = queries.effect_of(run.campaign_id)
    assert effect is not None
    assert effect.main.lift is not None
    assert effect.main.lift.by.value == look.by


def test_whoever_crosses_invents_no_lift() -> None:
    """A campaign without effect: as many convert on both sides. Of those whom the draw left out,
    who converts hands in an ID number and is drawn to the other side; of the others on the side
    that it was for, some who do nothing are drawn away. Left out, they would make a lift."""
    made.rule()
    run = made.live_run(control_percent=50)
    crowd(run, reached=200, held=200, used=(60, 60))
    again = made.live_run(FIRST + 5 * DAY, of=run)
    decided = Decision.objects.filter(run=run).order_by("pk").values_list("customer", "award")
    sides = {
        held: [who for who, award in decided if (award == "control") is held]
        for held in (False, True)
    }
    for who in sides[True][:45]:
        made.decided(again, Customer.objects.get(pk=who), "granted")
    for who in sides[False][-45:]:
        made.decided(again, Customer.objects.get(pk=who), "control")
    for day in (0, 5):
        operations.count_effects(on=FIRST + day * DAY, at=AT)
    operations.count_effects(on=made.RIPE, at=AT)
    effect = queries.effect_of(run.campaign_id)
    assert effect is not None
    sums, lift = effect.sums, effect.main.lift
    assert (sums.reached.people, sums.held.people) == (200, 200)
    assert (sums.reached.converted, sums.held.converted) == (60, 60)
    assert (sums.reached.crossed, sums.held.crossed, sums.crossed) == (45, 45, 90)
    assert lift is not None
    assert (lift.by.value, lift.finding) == (0, "open")
    # Without those who crossed the same world shows what is not there.
    terms = effect.plan.rule.terms
    without = rules.lift(Share(60, 155), Share(15, 155), terms)
    assert without.finding == "more"


def test_runs_that_were_taken_in_stay_so() -> None:
    intake = row_of("campaigns.EffectIntake")
    for statement in ("UPDATE campaigns_effectintake SET entered = 9",
                      "DELETE FROM campaigns_effectintake"):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            connection.cursor().execute(statement)
    intake.refresh_from_db()
    assert intake.entered == 1


def test_the_task_counts_what_is_due() -> None:
    made.rule()
    run = made.live_run()
    made.decided(run, CustomerFactory(), "granted")
    count_effects()
    assert EffectEntrant.objects.count() == 1
