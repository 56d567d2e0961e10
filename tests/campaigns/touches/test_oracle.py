"""The sweep by sets and the oracle say the same of random plans, people and clocks; and over a year
nobody is told anything in quiet hours or beyond the caps."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.models import Enrolment, TouchStep
from journeys.models import Card, Contact
from tests.campaigns.touches import oracle
from tests.factories.journeys import CardFactory, ConsentFactory, ProductFactory, TransactionFactory
from tests.factories.portal import BranchFactory
from tests.factories.touches import SPENT, step, touched

START = dt.date(2026, 3, 2)
DAY = dt.timedelta(days=1)
SOME = {"kind": "spending_in_window", "days": 65, "last_day": "inside", "at_least": "300.00"}
LEAVES: list[dict[str, Any]] = [{"kind": "activated"}, {"kind": "first_used"}, SPENT, SOME]
trees = st.sampled_from([*LEAVES, *({"not": leaf} for leaf in LEAVES)])
waits = st.fixed_dictionaries({
    "until": trees, "days": st.integers(1, 9),
    "then": st.sampled_from(["send", "skip", "leave"]),
    "otherwise": st.sampled_from(["send", "skip", "leave"]),
})  # fmt: skip


@st.composite
def steps(draw: Any, number: int) -> dict[str, Any]:
    anchor = draw(st.sampled_from(
        ["issue", "activation", "first_use", "window_end", "fixed_date", "entry"]))  # fmt: skip
    found = step(f"s{number}", anchor=anchor, offset_days=draw(st.integers(-3, 12)),
                 valid_days=draw(st.integers(0, 8)))  # fmt: skip
    if anchor == "fixed_date":
        found["on_date"] = START + draw(st.integers(0, 30)) * DAY
    for name, values in (
        ("at", st.sampled_from(["06:30", "10:00", "19:45", "22:00"])),
        ("needs", trees),
        ("wait", waits),
    ):
        if draw(st.booleans()):
            found[name] = draw(values)
    return found


entries = st.one_of(
    st.fixed_dictionaries({"by": st.just("event"), "within_days": st.integers(0, 5),
                           "anchor": st.sampled_from(["issue", "activation"])}),
    st.just({"by": "audience", "of": "rule"}),
    st.fixed_dictionaries({"by": st.just("schedule"), "every_days": st.integers(1, 9),
                           "first_date": st.just(START + 3 * DAY)}),
)  # fmt: skip
again = st.sampled_from([
    {"mode": "never"}, {"mode": "after_exit"}, {"mode": "after_days", "days": 4},
    {"mode": "times", "times": 2},
])  # fmt: skip


@st.composite
def plans(draw: Any, least: int = 1) -> dict[str, Any]:
    count = draw(st.integers(least, 6))
    entry = draw(entries)
    if draw(st.booleans()):
        entry = entry | {"needs": draw(trees)}
    found = {
        "entry": entry, "reentry": draw(again), "longest_days": draw(st.integers(8, 60)),
        "steps": [draw(steps(number)) for number in range(count)],
    }  # fmt: skip
    if draw(st.booleans()):
        found["goal"] = draw(trees)
    if draw(st.booleans()):
        found["exits"] = draw(st.lists(trees, min_size=1, max_size=2))
    return found


@st.composite
def people(draw: Any) -> oracle.Person:
    issued = START + draw(st.integers(-2, 12)) * DAY
    activated = draw(st.none() | st.integers(0, 15).map(lambda n: issued + n * DAY))
    used = None
    if activated is not None:
        used = draw(st.none() | st.integers(0, 10).map(lambda n: activated + n * DAY))
    spent = draw(st.lists(st.tuples(st.integers(0, 40), st.integers(50, 400)), max_size=4))
    return oracle.Person(
        issued, activated, used, [(issued + n * DAY, amount) for n, amount in spent],
        draw(st.integers(0, 9)) > 0,
    )  # fmt: skip


class World:
    """The people of the oracle as rows: what comes of a day is written on that day."""

    def __init__(self, found: list[oracle.Person]) -> None:
        self.people, self.cards, self.written = found, {}, START - 30 * DAY
        self.customers: dict[int, int] = {}
        self.branch, self.product = BranchFactory(), ProductFactory()

    def write_until(self, day: dt.date) -> None:
        while self.written < day:
            self.written += DAY
            for number, person in enumerate(self.people):
                self._write(number, person, self.written)

    def _write(self, number: int, person: oracle.Person, day: dt.date) -> None:
        if day == person.issued:
            card = CardFactory(
                issued_date=day, customer__branch=self.branch, application__product=self.product
            )
            self.cards[number], self.customers[card.customer_id] = card, number
            if person.agrees:
                ConsentFactory(
                    customer=card.customer,
                    effective_at=dt.datetime(2025, 1, 1, tzinfo=dt.UTC),
                )
        moved = {"activated_date": person.activated, "first_used_date": person.used}
        if came := {name: day for name, when in moved.items() if when == day}:
            Card.objects.filter(pk=self.cards[number].pk).update(**came)
        for when, amount in person.spent:
            if when == day:
                TransactionFactory(card=self.cards[number], amount=Decimal(amount), posted_date=day)


def written(world: World) -> dict[int, list[Any]]:
    """Each person's stays with their steps, and the instants of contact, as they stand."""
    found: dict[int, list[Any]] = {number: [[], []] for number in range(len(world.people))}
    for stay in Enrolment.objects.order_by("rotation"):
        steps = TouchStep.objects.filter(enrolment=stay).order_by("position")
        found[world.customers[stay.customer_id]][0].append(
            (stay.state, stay.left_because, [(one.code, one.state, one.answer) for one in steps])
        )
    for contact in Contact.objects.filter(released_at=None).order_by("at"):
        found[world.customers[contact.customer_id]][1].append(contact.at)
    return found


def said(one: oracle.Oracle) -> dict[int, list[Any]]:
    """The same, as the oracle says it."""
    return {
        number: [
            [
                (stay.state, stay.because,
                 [(code, row.state, row.answer) for code, row in stay.steps.items()])
                for stay in life.stays
            ],
            sorted(life.contacts),
        ]
        for number, life in enumerate(one.lives)
    }  # fmt: skip


def lived(plan: dict[str, Any], found: list[oracle.Person], looks: list[dt.datetime]) -> None:
    from campaigns.touches import operations as touches

    touched(plan=plan, issued_from="2026-01-01", issued_to="2026-12-01", runs_to="2028-01-01")
    world, one = World(found), oracle.Oracle(plan, found)
    for at in looks:
        world.write_until(oracle.day_of(at))
        touches.sweep_touches(at=at)
        one.look(at)
        assert written(world) == said(one), at


clocks = st.lists(
    st.tuples(st.integers(0, 34), st.sampled_from([0, 7, 9, 12, 19, 21])), min_size=3, max_size=14,
    unique=True,
).map(sorted)  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(
    "examples", [12, pytest.param(400, marks=pytest.mark.chaos)], ids=["some", "many"]
)
def test_the_sweep_does_what_the_oracle_says(examples: int) -> None:
    from django.db import transaction

    @settings(max_examples=examples, suppress_health_check=list(HealthCheck))
    @given(plans(), st.lists(people(), min_size=1, max_size=6), clocks)
    def compare(
        plan: dict[str, Any], found: list[oracle.Person], looks: list[tuple[int, int]]
    ) -> None:
        instants = [
            oracle.midnight(START + days * DAY) + dt.timedelta(hours=hour) for days, hour in looks
        ]
        with transaction.atomic():
            lived(plan, found, instants)
            transaction.set_rollback(True)

    compare()
