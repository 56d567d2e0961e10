"""The funnel of the stage table is what a naive recount of the facts says."""

import datetime as dt
import random
import statistics
from typing import Any

import pytest

from journeys.models import Card, Customer, PointsEntry
from journeys.stages import operations, queries
from portal.staff.access import Scope
from tests.factories.journeys import DAY, ApplicationFactory, CustomerFactory, ProductFactory
from tests.factories.portal import BranchFactory
from tests.journeys.stages import oracle

pytestmark = pytest.mark.django_db
WHOLE = Scope(branch_path="")


def _later(rng: random.Random, day: dt.date) -> dt.date:
    return day + dt.timedelta(days=rng.randint(0, 40))


def _make_customer(rng: random.Random, branch: Any, products: list[Any]) -> None:
    registered = _later(rng, DAY)
    customer = CustomerFactory(branch=branch, registered_date=registered)
    if rng.random() < 0.2:  # a card of which no application is on file, used before activation
        issued = _later(rng, registered)
        used = _later(rng, issued)
        Card.objects.create(
            reference=f"O{customer.pk}", customer=customer, product=rng.choice(products),
            branch=branch, issued_date=issued, first_used_date=rng.choice([None, used]),
            activated_date=rng.choice([None, _later(rng, used)]),
        )  # fmt: skip
        return
    if rng.random() < 0.8:
        filed = _later(rng, registered)
        state = rng.choice(["approved"] * 6 + ["filed", "refused", "supplemented", "withdrawn"])
        is_open = state in ("filed", "supplemented")
        application = ApplicationFactory(
            customer=customer, product=rng.choice(products), filed_date=filed, state=state,
            decided_date=None if is_open else filed + dt.timedelta(days=1),
            supplemented_date=filed if state == "supplemented" else None,
        )  # fmt: skip
        if state == "approved" and rng.random() < 0.8:
            issued = _later(rng, filed)
            activated = _later(rng, issued) if rng.random() < 0.7 else None
            Card.objects.create(
                reference=f"K{customer.pk}", customer=customer, application=application,
                product=application.product, branch=branch, issued_date=issued,
                activated_date=activated,
                first_used_date=activated and rng.choice([_later(rng, activated), None]),
            )  # fmt: skip
            if rng.random() < 0.3:
                PointsEntry.objects.create(
                    reference=f"r{customer.pk}", customer=customer, kind="redeemed", points=-5,
                    on_date=_later(rng, issued),
                )  # fmt: skip


def _facts_of(customer: Customer) -> oracle.Facts:
    facts = oracle.Facts(customer.registered_date)
    for row in customer.applications.all():
        facts.applications.append((row.filed_date, row.state, row.decided_date, row.product.code))
    for card in customer.cards.all():
        facts.cards.append(
            (card.issued_date, card.activated_date, card.first_used_date, card.product.code)
        )
    facts.redeemed = [row.on_date for row in customer.points.filter(kind="redeemed")]
    return facts


def _recount(customers: list[Customer]) -> Any:
    """How many reached each step, the median of the days since the step before, and of how many
    they are known; then those who were refused or withdrew, who are about to get a card, and whose
    documents came in."""
    facts = [_facts_of(customer) for customer in customers]
    rows = [oracle.days_of(each) for each in facts]
    found: list[tuple[int, float | None, int]] = []
    for number in range(6):
        reached = sum(row[number] is not None for row in rows)
        legs = [oracle.took(each)[number - 1] for each in facts] if number else []
        took = [leg for leg in legs if leg is not None]
        found.append((reached, statistics.median(took) if took else None, len(took)))
    steps = [oracle.stage_of(each)[1] for each in facts]
    return found, *(steps.count(step) for step in ("ended", "approved", "supplemented"))


def _said(funnel: Any) -> Any:
    reached = [(step.reached, step.median_days, step.timed) for step in funnel.steps]
    return reached, funnel.ended, funnel.approved, funnel.supplemented


def _product_of(customer: Customer) -> str:
    first = customer.applications.first() or customer.cards.first()
    return first.product.code if first else ""


@pytest.fixture
def bank() -> dict[str, Any]:
    rng = random.Random(7)
    branches = {code: BranchFactory(code=code) for code in ("B1", "B2")}
    products = [ProductFactory(code=code) for code in ("GOLD", "PLAT")]
    for _number in range(80):
        _make_customer(rng, branches[rng.choice(["B1", "B2"])], products)
    operations.refresh_stages()
    return branches


def test_every_filter_and_breakdown_equals_a_recount(bank: dict[str, Any]) -> None:
    everybody = list(Customer.objects.order_by("id"))
    keys = {
        "branch": lambda customer: customer.branch.code,
        "product": _product_of,
        "month": lambda customer: f"{customer.registered_date:%Y-%m}",
    }
    for branch in (None, "B1"):
        for product in ("", "PLAT"):
            for month in (None, dt.date(2026, 4, 1)):
                chosen = [
                    customer for customer in everybody
                    if (branch is None or customer.branch.code == branch)
                    and (not product or _product_of(customer) == product)
                    and (month is None or customer.registered_date.month == 4)
                ]  # fmt: skip
                wanted = queries.Wanted(bank[branch].path if branch else "", product, month)
                for by, key in keys.items():
                    expected = {
                        name: _recount([row for row in chosen if key(row) == name])
                        for name in {key(row) for row in chosen}
                    }
                    whole, found = queries.funnels(scope=WHOLE, wanted=wanted, by=by)
                    assert whole is not None
                    assert _said(whole) == _recount(chosen)
                    assert {funnel.key: _said(funnel) for funnel in found} == expected


def test_the_scope_cuts_below_what_is_asked_for(bank: dict[str, Any]) -> None:
    own = Scope(branch_path=bank["B1"].path)
    funnel, _months = queries.funnels(scope=own, wanted=queries.Wanted(), by="month")
    assert funnel is not None
    assert funnel.entered == Customer.objects.filter(branch=bank["B1"]).count()
    other = queries.Wanted(branch_path=bank["B2"].path)
    assert queries.funnels(scope=own, wanted=other, by="month") == (None, [])


def test_months_of_entry() -> None:
    assert queries.months_of_entry() == []
    for day in (dt.date(2026, 1, 31), dt.date(2025, 11, 1)):
        CustomerFactory(registered_date=day)
    operations.refresh_stages()
    assert [f"{month:%Y-%m}" for month in queries.months_of_entry()] == [
        "2026-01", "2025-12", "2025-11",
    ]  # fmt: skip
