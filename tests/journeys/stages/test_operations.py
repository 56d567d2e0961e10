"""Stages follow from the facts, whatever the order in which the facts arrive."""

import datetime as dt
import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from journeys.models import Card, Customer, CustomerStage, StageCount
from journeys.points import operations as points
from journeys.stages import operations, rules
from portal.intake import operations as intake
from tests.factories.intake import AT
from tests.factories.journeys import DAY, ApplicationFactory, CustomerFactory, ProductFactory
from tests.factories.portal import BranchFactory
from tests.journeys.stages import oracle

pytestmark = pytest.mark.django_db
PRODUCTS = ("GOLD", "PLAT")
STATES = ["filed", "supplemented", "approved", "refused", "withdrawn"]


@pytest.fixture(autouse=True)
def _bank() -> None:
    BranchFactory(code="B001")
    for code in PRODUCTS:
        ProductFactory(code=code)


def day(number: int) -> dt.date:
    return DAY + dt.timedelta(days=number)


def load(what: str, **row: Any) -> None:
    """Imports one row."""
    text = {name: None if value is None else str(value) for name, value in row.items()}
    report = intake.import_rows(kind=what, rows=[text], actor=None, at=AT, source_name="test")
    assert report.rows_bad == 0


def load_customer(number: str, registered: dt.date) -> None:
    load("customers", number=number, name="王小明", branch="B001", registered_date=registered,
         lawful_basis="contract")  # fmt: skip


@dataclass
class Event:
    """Something that arrives, and what must have arrived before it."""

    load: Any
    name: str
    after: str = ""


numbers = st.integers(0, 30)
late = st.none() | numbers
customers = st.sampled_from(["C0", "C1"])
applications = st.lists(
    st.tuples(customers, numbers, st.sampled_from(STATES),
              numbers, st.sampled_from(PRODUCTS)), max_size=3)  # fmt: skip
cards = st.lists(
    st.tuples(customers, numbers, late, st.sampled_from(PRODUCTS), st.lists(numbers, max_size=2)),
    max_size=3,
)
redeemed = st.lists(st.tuples(customers, numbers), max_size=2)


def _application_events(rows: list[Any]) -> Iterator[Event]:
    for number, (customer, filed, state, waited, product) in enumerate(rows):
        common = {"number": f"A{number}", "customer": customer, "product": product,
                  "branch": "B001", "filed_date": day(filed)}  # fmt: skip
        first = {**common, "state": "filed", "supplemented_date": None, "decided_date": None}
        yield Event(lambda row=first: load("applications", **row), f"A{number}")
        if state != "filed":
            on = "supplemented_date" if state == "supplemented" else "decided_date"
            last = {**first, "state": state, on: day(filed + waited)}
            yield Event(lambda row=last: load("applications", **row), "", after=f"A{number}")


def _card_events(rows: list[Any]) -> Iterator[Event]:
    for number, (customer, issued, activated, product, uses) in enumerate(rows):
        row = {"reference": f"K{number}", "customer": customer, "product": product,
               "branch": "B001", "issued_date": day(issued), "activated_date": None}  # fmt: skip
        if activated is not None:
            row["activated_date"] = day(issued + activated)
        yield Event(lambda row=row: load("cards", **row), f"K{number}")
        for count, used in enumerate(uses):
            use = {"reference": f"T{number}-{count}", "card": f"K{number}", "amount": "5.00",
                   "posted_date": day(used)}  # fmt: skip
            yield Event(lambda row=use: load("transactions", **row), "", after=f"K{number}")


def _redeem_events(rows: list[Any]) -> Iterator[Event]:
    for number, (customer, on) in enumerate(rows):

        def redeem(number: int = number, customer: str = customer, on: int = on) -> None:
            use = points.PointsUse(
                f"r{number}", Customer.objects.get(number=customer).pk, "redeemed", 5, day(on)
            )
            points.take_points(uses=[use], at=AT)

        yield Event(redeem, "")


def _arrive(events: list[Event]) -> None:
    """Lets everything arrive in this order; what comes too early comes again at the end."""
    done = {""}
    waiting = list(events)
    while waiting:
        event = waiting.pop(0)
        if event.after in done:
            event.load()
            done.add(event.name)
        else:
            waiting.append(event)


def _facts(first: dict[str, int], filed: list[Any], held: list[Any], used: list[Any]) -> Any:
    facts = {number: oracle.Facts(day(days)) for number, days in first.items()}
    for customer, on, state, waited, product in filed:
        decided = None if state == "filed" else day(on + waited)
        facts[customer].applications.append((day(on), state, decided, product))
    for customer, on, activated, product, uses in held:
        facts[customer].cards.append(
            (day(on), None if activated is None else day(on + activated),
             day(min(uses)) if uses else None, product)
        )  # fmt: skip
    for customer, on in used:
        facts[customer].redeemed.append(day(on))
    return facts


def shown(row: CustomerStage) -> Any:
    days = [getattr(row, column) for column in rules.DAYS]
    return (row.stage, row.step, row.since_date), days


def _groups(row: CustomerStage) -> list[tuple[int, int, int, dt.date]]:
    """The groups that a row belongs to, one at each level."""
    product, month = row.product_id or 0, row.awareness_date.replace(day=1)
    return [
        (
            level,
            row.branch_id if level & rules.BRANCH else 0,
            product if level & rules.PRODUCT else 0,
            month if level & rules.MONTH else rules.NO_MONTH,
        )
        for level in rules.LEVELS
    ]


def assert_counted(stages: list[CustomerStage]) -> None:
    """The counts of every level are what a full recount of the stages gives."""
    recount: dict[Any, Counter[int | None]] = defaultdict(Counter)
    for row in stages:
        days = [getattr(row, column) for column in rules.DAYS]
        took: dict[int, int | None] = {
            step: (on - before).days
            for step, (before, on) in enumerate(zip([days[0], *days], days, strict=False))
            if on is not None
        }
        for step in took.keys() - {0}:
            if row.undated & 3 << step - 1:
                took[step] = None
        took |= {number: 0 for number, step in rules.STANDING.items() if row.step == step}
        for group in _groups(row):
            for step, number in took.items():
                recount[*group, step][number] += 1
    fields = ("level", "branch_key", "product_key", "month", "step", "days", "customers")
    counts = StageCount.objects.values_list(*fields)
    assert {count[:5]: list(zip(*count[5:], strict=True)) for count in counts} == {
        group: sorted(took.items(), key=lambda known: (known[0] is None, known[0] or 0))
        for group, took in recount.items()
    }


@settings(max_examples=40, deadline=None)
@given(first=numbers, corrected=numbers, filed=applications, held=cards, used=redeemed,
       data=st.data())  # fmt: skip
def test_any_order_of_arrival_gives_what_the_oracle_and_a_recount_say(
    first: int, corrected: int, filed: list[Any], held: list[Any], used: list[Any], data: Any
) -> None:
    events = [
        Event(lambda: load_customer("C0", day(corrected)), ""),
        *_application_events(filed), *_card_events(held), *_redeem_events(used),
    ]  # fmt: skip
    with transaction.atomic():
        for number in ("C0", "C1"):
            load_customer(number, day(first))
        _arrive(data.draw(st.permutations(events)))
        facts = _facts({"C0": corrected, "C1": first}, filed, held, used)
        found = CustomerStage.objects.select_related("customer", "product")
        for row in found:
            own = facts[row.customer.number]
            assert shown(row) == (oracle.stage_of(own), oracle.days_of(own))
            dated, reached = (
                oracle.is_dated(own),
                sum(day is not None for day in oracle.days_of(own)),
            )
            assert row.undated == sum(1 << n for n in range(reached) if not dated[n])
            assert [step.days for step in row.way[1:]] == oracle.took(own)
            product = row.product.code if row.product else None
            assert (product is None) == (not own.applications and not own.cards)
        assert found.count() == 2
        assert operations.refresh_stages() == 0
        assert_counted(list(found))
        transaction.set_rollback(True)


def test_the_product_is_that_of_the_first_application_whatever_came_first() -> None:
    load_customer("C0", DAY)
    for number, on, product in (("A2", 5, "PLAT"), ("A1", 3, "GOLD"), ("A3", 3, "PLAT")):
        load("applications", number=number, customer="C0", product=product, branch="B001",
             filed_date=day(on), state="filed", decided_date=None)  # fmt: skip
    assert CustomerStage.objects.get().product.code == "GOLD"


def test_a_customer_who_moves_takes_the_branch_along() -> None:
    BranchFactory(code="B002")
    load_customer("C0", DAY)
    load("customers", number="C0", name="王小明", branch="B002", registered_date=DAY,
         lawful_basis="contract")  # fmt: skip
    assert CustomerStage.objects.get().branch.code == "B002"


def test_a_purchase_taken_back_takes_the_step_back() -> None:
    load_customer("C0", DAY)
    load("cards", reference="K0", customer="C0", product="GOLD", branch="B001", issued_date=DAY,
         activated_date=day(1))  # fmt: skip
    load("transactions", reference="T1", card="K0", amount="5", posted_date=day(2))
    assert CustomerStage.objects.get().step == "used"
    load("transactions", reference="T1", card="K0", kind="refund", amount="5", posted_date=day(2))
    assert (Card.objects.get().first_used_date, CustomerStage.objects.get().step) == (
        None, "activated",
    )  # fmt: skip


def test_a_try_leaves_the_stages_alone(tmp_path: Any) -> None:
    path = tmp_path / "customers.csv"
    path.write_text(
        "number,name,branch,registered_date,lawful_basis\nC0,王,B001,2026-03-02,contract\n"
    )
    intake.import_file(kind="customers", path=path, actor=None, at=AT, dry_run=True)
    assert CustomerStage.objects.count() == 0


def test_only_the_named_customers_are_refreshed() -> None:
    application, other = ApplicationFactory(), CustomerFactory()
    customer = application.customer_id
    assert operations.refresh_stages(customer_ids=[customer, customer]) == 1
    assert operations.refresh_stages(customer_ids=[]) == 0
    assert CustomerStage.objects.get().customer_id == customer
    assert operations.refresh_stages() == 1
    assert set(CustomerStage.objects.values_list("customer_id", "step")) == {
        (customer, "approved"), (other.pk, "registered"),
    }  # fmt: skip


def test_the_command_refreshes_all(capsys: Any) -> None:
    CustomerFactory()
    call_command("refresh_stages")
    call_command("refresh_stages")
    assert re.findall(r"\d+", capsys.readouterr().out) == ["1", "0"]


def test_the_steps_of_a_journey() -> None:
    """One customer walks through all steps; each is dated."""
    load_customer("C0", DAY)
    walk = itertools.chain(
        _application_events([("C0", 1, "approved", 3, "GOLD")]),
        _card_events([("C0", 5, 2, "GOLD", [9])]),
        _redeem_events([("C0", 20)]),
    )
    seen = [CustomerStage.objects.get().step]
    for event in walk:
        event.load()
        seen.append(CustomerStage.objects.get().step)
    row = CustomerStage.objects.get()
    assert seen == ["registered", "filed", "approved", "activated", "used", "redeemed"]
    assert [(step.day, step.days) for step in row.way] == [
        (day(0), None), (day(1), 1), (day(5), 4), (day(7), 2), (day(9), 2), (day(20), 11),
    ]  # fmt: skip
    assert [step.is_latest for step in row.way] == [False] * 5 + [True]


def test_a_card_without_an_application_on_file_gives_its_application_no_day() -> None:
    load_customer("C0", DAY)
    load("cards", reference="K0", customer="C0", product="GOLD", branch="B001", issued_date=day(5),
         activated_date=None)  # fmt: skip
    load("transactions", reference="T1", card="K0", amount="5", posted_date=day(9))
    row = CustomerStage.objects.get()
    assert (row.application_date, row.activated_date) == (day(5), day(9))
    assert [(step.is_reached, step.day, step.days) for step in row.way] == [
        (True, day(0), None), (True, None, None), (True, day(5), None), (True, None, None),
        (True, day(9), None), (False, None, None),
    ]  # fmt: skip
    counts = StageCount.objects.filter(level=0).order_by("step").values_list("step", "days")
    assert list(counts) == [(0, [0]), (1, [None]), (2, [None]), (3, [None]), (4, [None])]
    load("applications", number="A0", customer="C0", product="GOLD", branch="B001",
         filed_date=day(2), state="approved", decided_date=day(4))  # fmt: skip
    row = CustomerStage.objects.get()
    assert [step.days for step in row.way] == [None, 2, 3, None, None, None]


def test_a_stage_that_goes_is_counted_no_more() -> None:
    application = ApplicationFactory()
    operations.refresh_stages()
    CustomerFactory()
    operations.refresh_stages()
    CustomerStage.objects.filter(customer=application.customer).delete()
    assert_counted(list(CustomerStage.objects.all()))
    CustomerStage.objects.all().delete()
    assert StageCount.objects.count() == 0
