"""Conditions: the SQL says what the oracle says; edges; reading and wording of rules."""

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.conditions.enums import Finding
from campaigns.conditions.rules import base, receipts, statement, tree
from journeys.models import Application, Card, CardProduct, Customer, Transaction
from portal.models import Branch
from tests.campaigns.conditions import oracle, strategies
from tests.factories.journeys import CustomerFactory, ProductFactory
from tests.factories.portal import BranchFactory

START = dt.date(2026, 1, 1)
SPENDING = {"kind": "spending_in_window", "days": 65, "last_day": "inside"}
FRAME = {
    "products": ["P0", "P1"],
    "issued_from": dt.date(2026, 1, 3),
    "issued_to": dt.date(2026, 1, 20),
}


def ask(frame: dict[str, Any]) -> dict[int, dict[str, Any]]:
    found = statement.decisions_of(tree.read_rule(frame["rule"]))
    names = ("products", "issued_from", "issued_to", "on")
    given_by_caller = {name: frame[name] for name in names} | {"first": 0, "end": 10**12}
    with connection.cursor() as cursor:
        cursor.execute(found.sql, found.parameters | given_by_caller)
        keys = ("card", "outcome", "failed_at")
        return {
            customer: dict(zip(keys, rest, strict=True)) | {"facts": json.loads(facts)}
            for customer, *rest, facts in cursor.fetchall()
        }


def customer_rows(count: int, branch: Branch) -> list[Customer]:
    told = {"name": "王", "registered_date": START, "source": "file", "lawful_basis": "contract"}
    return Customer.objects.bulk_create(
        Customer(number=f"N{number}", branch=branch, **told) for number in range(count)
    )


def write(plan: list[list[dict[str, Any]]]) -> oracle.World:
    """Rows for a plan of cards per customer, and the same as an oracle's world."""
    branch = BranchFactory()
    products = {
        code: CardProduct.objects.create(code=code, name=code, name_en=code, issuer="x")
        for code in ("P0", "P1", "P2")
    }
    customers = customer_rows(len(plan), branch)
    world: oracle.World = {
        "customers": [row.pk for row in customers],
        "cards": [],
        "transactions": [],
        "merchants": {},
        "categories": {},
    }
    for customer, cards in zip(customers, plan, strict=True):
        for card in cards:
            _write_card(card, customer, products[card["product"]], world)
    Transaction.objects.bulk_create(
        Transaction(
            reference=f"T{number}",
            customer_id=posted["customer"],
            card_id=posted["card"],
            kind="purchase" if posted["amount"] > 0 else "refund",
            amount=posted["amount"],
            posted_date=posted["day"],
        )
        for number, posted in enumerate(world["transactions"])
    )
    return world


_PLAIN = dict.fromkeys(("reference", "refund_of", "merchant", "mcc", "division"), "")


def _write_card(
    card: dict[str, Any], customer: Customer, product: CardProduct, world: oracle.World
) -> None:
    number = len(world["cards"])
    issued = START + dt.timedelta(days=card["issued"])

    def later(days: int | None) -> dt.date | None:
        return None if days is None else issued + dt.timedelta(days=days)

    filed = None if card["waited"] is None else issued - dt.timedelta(days=card["waited"])
    application = filed and Application.objects.create(
        number=f"A{number}",
        customer=customer,
        product=product,
        branch=customer.branch,
        filed_date=filed,
        state="filed",
    )
    row = Card.objects.create(
        reference=f"K{number}",
        customer=customer,
        application=application,
        product=product,
        branch=customer.branch,
        is_primary=card["is_primary"],
        issued_date=issued,
        activated_date=later(card["activated"]),
        first_used_date=later(card["used"]),
        closed_date=later(card.get("closed")),
    )
    world["cards"].append({
        "id": row.pk, "customer": customer.pk, "product": product.code,
        "is_primary": row.is_primary, "issued": issued, "filed": filed,
        "activated": row.activated_date, "used": row.first_used_date,
        "closed": row.closed_date,
    })  # fmt: skip
    world["transactions"] += [
        _PLAIN
        | {
            "card": row.pk,
            "customer": customer.pk,
            "day": issued + dt.timedelta(days=age),
            "amount": Decimal(amount) / 100,
        }
        for age, amount in card["spent"]
        if amount
    ]


maybe_days = st.none() | st.integers(0, 12)
cards = st.fixed_dictionaries({
    "product": st.sampled_from(["P0", "P1", "P2"]),
    "issued": st.integers(0, 22),
    "waited": st.none() | st.integers(18, 22),
    "is_primary": st.sampled_from([True, True, True, False]),
    "activated": maybe_days,
    "used": maybe_days,
    "closed": maybe_days,
    "spent": st.lists(st.tuples(st.integers(-1, 12), st.integers(-5000, 9000)), max_size=5),
})  # fmt: skip
leaf_rules = st.one_of(
    st.fixed_dictionaries({"kind": st.just("issued_within"), "days": st.integers(18, 22)}),
    st.just({"kind": "activated"}),
    st.just({"kind": "first_used"}),
    st.fixed_dictionaries({
        "kind": st.just("spending_in_window"),
        "days": st.integers(1, 11),
        "last_day": st.sampled_from(["inside", "outside"]),
        "at_least": st.sampled_from(["0.01", "50.00", "90.00"]),
    }),
)  # fmt: skip
rules = st.recursive(
    leaf_rules,
    lambda parts: st.one_of(
        st.lists(parts, min_size=1, max_size=4).map(lambda found: {"all": found}),
        st.lists(parts, min_size=1, max_size=3).map(lambda found: {"any": found}),
        parts.map(lambda found: {"not": found}),
    ),
    max_leaves=6,
).filter(lambda rule: strategies.depth(rule) <= tree.MOST_LEVELS)


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    plan=st.lists(st.lists(cards, max_size=3), min_size=1, max_size=4),
    rule=rules,
    on=st.integers(0, 34),
)
def test_sql_says_what_the_oracle_says(
    plan: list[list[dict[str, Any]]], rule: dict[str, Any], on: int
) -> None:
    frame = FRAME | {"rule": rule, "on": START + dt.timedelta(days=on)}
    with transaction.atomic():
        world = write(plan)
        expected = {key: oracle.decide(key, world, frame) for key in world["customers"]}
        assert ask(frame) == expected
        transaction.set_rollback(True)


def one_card(rule: dict[str, Any], on: int = 200, **card: Any) -> dict[str, Any]:
    """The decision for one customer with one card issued on 5 January."""
    plan = {
        "product": "P0",
        "issued": 4,
        "waited": 10,
        "is_primary": True,
        "activated": 1,
        "used": 2,
        "spent": [],
    }
    world = write([[plan | card]])
    decided = ask(FRAME | {"rule": rule, "on": START + dt.timedelta(days=on)})
    return decided[world["customers"][0]]


@pytest.mark.django_db
@pytest.mark.parametrize(("closed", "outcome"), [
    (None, "qualified"), (21, "qualified"), (20, "no_card"), (19, "no_card"),
])  # fmt: skip
def test_a_card_closed_by_the_end_of_the_day_counts_no_more(
    closed: int | None, outcome: str
) -> None:
    assert one_card({"kind": "activated"}, on=24, closed=closed)["outcome"] == outcome


@pytest.mark.django_db
@pytest.mark.parametrize(("waited", "outcome"), [
    (19, "qualified"), (20, "qualified"), (21, "not_qualified"), (None, "not_qualified"),
])  # fmt: skip
def test_issued_within_twenty_days(waited: int | None, outcome: str) -> None:
    decided = one_card({"kind": "issued_within", "days": 20}, waited=waited)
    assert (decided["outcome"], decided["facts"]) == (outcome, [[outcome == "qualified", waited]])


@pytest.mark.django_db
@pytest.mark.parametrize(("day", "last_day", "outcome"), [
    (64, "inside", "qualified"), (65, "inside", "qualified"), (66, "inside", "not_qualified"),
    (64, "outside", "qualified"), (65, "outside", "not_qualified"), (0, "outside", "qualified"),
    (-1, "inside", "not_qualified"),
])  # fmt: skip
def test_last_day_of_the_window(day: int, last_day: str, outcome: str) -> None:
    rule = {"kind": "spending_in_window", "days": 65, "last_day": last_day, "at_least": 500}
    assert one_card(rule, spent=[(day, 50000)])["outcome"] == outcome


@pytest.mark.django_db
def test_spending_after_the_day_looked_at_does_not_count() -> None:
    rule = {"kind": "spending_in_window", "days": 65, "last_day": "inside", "at_least": 500}
    spent = [(10, 49999), (11, 1)]
    assert one_card(rule, on=14, spent=spent)["facts"] == [[False, "499.99"]]


@pytest.mark.django_db
def test_refunds_are_deducted_to_the_cent() -> None:
    rule = {"kind": "spending_in_window", "days": 65, "last_day": "inside", "at_least": 500}
    decided = one_card(rule, spent=[(1, 50001), (2, -1)])
    assert decided["facts"] == [[True, "500.00"]]


@pytest.mark.django_db
def test_spending_is_not_summed_where_a_cheaper_condition_fails() -> None:
    spending = {"kind": "spending_in_window", "days": 65, "last_day": "inside", "at_least": 5}
    decided = one_card({"all": [spending, {"kind": "activated"}]}, activated=None)
    assert (decided["failed_at"], decided["facts"]) == (1, [[None, None], [False, None]])


def test_a_receipt_says_what_is_there_and_what_is_missing() -> None:
    rule = tree.read_rule({
        "all": [
            {"kind": "issued_within", "days": 20},
            {"kind": "spending_in_window", "days": 65, "last_day": "inside", "at_least": 500},
        ]
    })  # fmt: skip
    subject = base.Subject(
        on=dt.date(2026, 3, 1), issued_date=dt.date(2026, 2, 1), filed_date=dt.date(2026, 1, 11)
    )
    with translation.override("en"):
        late, spent = receipts.lines_of(rule, [[False, 21], [False, "123.45"]], 0, subject)
    assert late.explanation == base.Explanation(
        "Day 21", "At most day 20", "Days too late: 1", dt.date(2026, 1, 31), missing=1
    )
    assert (late.finding, late.is_first_failed) == (Finding.NOT_MET, True)
    assert spent.explanation == base.Explanation(
        "¥123.45",
        "At least ¥500",
        "¥376.55",
        dt.date(2026, 4, 7),
        is_open=True,
        missing=Decimal("376.55"),
        percent=24,
    )
    assert (spent.finding, spent.is_first_failed) == (Finding.NOT_MET, False)


@pytest.mark.parametrize(("last_day", "on", "spent", "is_open"), [
    ("inside", 64, "1.00", True), ("inside", 65, "1.00", False), ("inside", 66, "1.00", False),
    ("outside", 63, "1.00", True), ("outside", 64, "1.00", False), ("inside", 64, "500.00", False),
])  # fmt: skip
def test_a_window_is_open_while_a_day_of_it_is_ahead(
    last_day: str, on: int, spent: str, is_open: bool
) -> None:
    rule = tree.read_rule(
        {"kind": "spending_in_window", "days": 65, "last_day": last_day, "at_least": 500}
    )
    issued = dt.date(2026, 2, 1)
    subject = base.Subject(issued + dt.timedelta(days=on), issued, filed_date=None)
    is_met = spent == "500.00"
    (line,) = receipts.lines_of(rule, [[is_met, spent]], None if is_met else 0, subject)
    assert line.explanation is not None
    assert line.explanation.is_open is is_open


def test_what_was_not_examined_is_said_so() -> None:
    rule = tree.read_rule({"all": [{"kind": "activated"}, {"kind": "first_used"}]})
    lines = receipts.lines_of(rule, [], None, None)
    assert [line.finding for line in lines] == [Finding.NOT_EXAMINED] * 2


@pytest.mark.django_db
def test_the_earliest_primary_card_of_the_campaign_is_the_subject() -> None:
    base_card = {"waited": 1, "activated": 1, "used": 1, "spent": [], "is_primary": True}
    world = write([[
        base_card | {"product": "P2", "issued": 4},
        base_card | {"product": "P1", "issued": 9, "is_primary": False},
        base_card | {"product": "P1", "issued": 10},
        base_card | {"product": "P0", "issued": 10},
        base_card | {"product": "P0", "issued": 1},
    ]])  # fmt: skip
    decided = ask(FRAME | {"rule": {"kind": "activated"}, "on": START + dt.timedelta(days=90)})
    assert decided[world["customers"][0]]["card"] == world["cards"][2]["id"]
    early = ask(FRAME | {"rule": {"kind": "activated"}, "on": START + dt.timedelta(days=9)})
    assert early[world["customers"][0]]["outcome"] == "no_card"


@pytest.mark.django_db
def test_a_customer_without_a_card_has_a_decision_too() -> None:
    ProductFactory(code="P0")
    customer = CustomerFactory()
    decided = ask(FRAME | {"rule": {"kind": "activated"}, "on": START})
    assert decided == {
        customer.pk: {"card": None, "outcome": "no_card", "failed_at": None, "facts": []}
    }
