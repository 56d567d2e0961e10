"""What triggers refuse about rewards that are given again, and about what is given back."""

import datetime as dt
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, transaction

from tests.factories.journeys import CardFactory
from tests.project.rows import DAY, row_of

pytestmark = pytest.mark.django_db

LATER = DAY + dt.timedelta(days=1)


def _guard_of(label: str, **values: Any) -> str | None:
    """The name under which the database refuses a row."""
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        row_of(label, **values)
    cause = refused.value.__cause__
    assert isinstance(cause, psycopg.Error)
    return cause.diag.constraint_name


def test_a_reward_is_given_again_only_after_it_was_taken_back() -> None:
    first = row_of("campaigns.Grant")
    again = {"run": first.run, "card": first.card, "round": 2}
    assert _guard_of("campaigns.Grant", **again) == "grant_after_reversal"
    row_of("campaigns.GrantReversal", grant=first)
    assert _guard_of("campaigns.Grant", **again | {"round": 3}) == "grant_after_reversal"
    assert row_of("campaigns.Grant", **again).round == 2


@pytest.mark.parametrize("change", [{"amount": -1}, {"units": 0}, {"party": "M1"}, {"day": LATER}])
def test_a_party_gets_back_what_it_was_charged(change: dict[str, Any]) -> None:
    charged = row_of("campaigns.BudgetEntry")
    back = {
        "kind": "release", "grant": charged.grant, "book": charged.book,
        "amount": -charged.amount, "units": -1,
    }  # fmt: skip
    guard = "entry_released_as_reserved"
    assert _guard_of("campaigns.BudgetEntry", **back) == guard, "the grant stands"
    row_of("campaigns.GrantReversal", grant=charged.grant)
    assert _guard_of("campaigns.BudgetEntry", **back | change) == guard
    assert row_of("campaigns.BudgetEntry", **back).amount == -charged.amount


@pytest.mark.parametrize(("closed", "is_refused"), [(DAY, True), (LATER, False)])
def test_no_gift_for_a_closed_card(closed: dt.date, is_refused: bool) -> None:
    card = CardFactory(activated_date=DAY, first_used_date=DAY, closed_date=closed)
    values = {"card": card, "granted_date": DAY}
    if is_refused:
        guard = "grant_after_activation_and_first_use"
        assert _guard_of("campaigns.Grant", **values) == guard
    else:
        assert row_of("campaigns.Grant", **values).card_id == card.pk
