"""What the scorecard reads of a customer."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction

from journeys.scoring import queries, rules
from journeys.stages import operations as stages
from tests.campaigns.conditions import worlds, writing
from tests.factories.journeys import CardFactory, CustomerFactory, TransactionFactory

ON = dt.date(2026, 6, 1)
pytestmark = pytest.mark.django_db


def ago(days: int) -> dt.date:
    return ON - dt.timedelta(days=days)


def words(customer: Any, *, with_traits: bool = True) -> dict[str, str]:
    score = queries.score_of(customer_id=customer.pk, on=ON, with_traits=with_traits)
    return {row.label: row.words for row in score.reasons}


@pytest.fixture(autouse=True)
def _english(settings: Any) -> Any:
    from django.utils import translation

    with translation.override("en"):
        yield


def test_spans_of_90_days_end_with_the_day_and_future_facts_count_nothing() -> None:
    card = CardFactory(
        issued_date=ago(300), activated_date=ago(290), first_used_date=ago(200),
        customer__registered_date=ago(800), customer__birth_date=dt.date(1990, 1, 1),
    )  # fmt: skip
    for days, amount in (
        (-1, 1000), (0, 100), (89, 10), (50, -30), (90, 40), (179, 60), (180, 5000),
    ):  # fmt: skip
        TransactionFactory(card=card, posted_date=ago(days), amount=Decimal(amount))
    TransactionFactory(posted_date=ON)
    stages.refresh_stages()
    assert words(card.customer) == {
        "Spending now": "Spent ¥80 in 90 days",
        "Growth": "Spending changed by -20 % against the 90 days before",
        "Frequency": "Purchases in 90 days: 2",
        "Way come so far": "Step reached: Card used",
        "Last use": "Days since the last purchase: 0",
        "Room for a card": "Open cards: 1",
        "Speed of activation": "Days from issue to activation: 10",
        "Length of relation": "Customer for 2 full years",
        "Age": "Age: 36",
    }


def test_many_are_scored_at_once_as_each_of_them_is() -> None:
    for seed in range(3):
        world = worlds.make(seed, 40)
        with transaction.atomic():
            writing.write(world)
            with connection.cursor() as cursor:
                for on in (world["on"], world["on"] + dt.timedelta(days=95)):
                    score = rules.score_sql("customer.id", "%(on)s")
                    cursor.execute(
                        f"SELECT customer.id, {score} FROM journeys_customer customer", {"on": on}
                    )
                    found = dict(cursor.fetchall())
                    assert found == {
                        key: queries.score_of(customer_id=key, on=on, with_traits=False).value
                        for key in found
                    }
                    assert len(set(found.values())) > 5
            transaction.set_rollback(True)


def test_cards_are_open_from_their_issue_to_their_closing() -> None:
    customer = CustomerFactory()
    for issued, closed in ((ON, None), (ago(5), ON), (ago(5), ago(-1)), (ago(-1), None)):
        CardFactory(customer=customer, issued_date=issued, closed_date=closed)
    assert words(customer)["Room for a card"] == "Open cards: 2"


def test_a_new_customer_is_scored_too_in_one_statement(django_assert_num_queries: Any) -> None:
    customer = CustomerFactory(registered_date=ON)
    with django_assert_num_queries(1):
        score = queries.score_of(customer_id=customer.pk, on=ON, with_traits=False)
    assert score.value == 10
    assert len(score.reasons) == len(rules.FACTORS) - 1
