"""The table of reasons of a run sums to its audience, however often the run is repeated."""

import datetime as dt

import pytest

from campaigns.eligibility import queries
from campaigns.models import FactChange, Run
from journeys.contact import operations as contact
from journeys.models import Customer, Message
from tests.campaigns.eligibility.test_control_group import ran
from tests.factories.campaigns import AT, ON, TIER, approved, card_in_use
from tests.factories.control import id_numbers, in_force, is_left_out
from tests.factories.journeys import CardFactory, ConsentFactory, CustomerFactory

pytestmark = pytest.mark.django_db(transaction=True)
DAYS = dt.timedelta(days=1)
SHARE = 30


def audience() -> list[Customer]:
    """Somebody for each reason, and returns who qualifies."""
    CardFactory.create_batch(12)
    CustomerFactory()
    card_in_use("10.00")
    numbers = id_numbers(12)
    cards = [card_in_use(customer__id_number=number) for number in numbers]
    free = [card.customer for card in cards
            if not is_left_out("first-gift", card.customer, SHARE)]  # fmt: skip
    assert 4 <= len(free) < len(cards)
    contact.record_do_not_contact(
        customer_id=free[0].pk, words="R", source="sms", actor=None, at=AT - DAYS
    )
    contact.withdraw_consent(
        customer_id=free[1].pk, purpose="marketing", channel="sms", evidence="x", actor=None,
        at=AT - DAYS,
    )  # fmt: skip
    in_force(inside=[free[2]], outside=free[3:])
    return free


def assert_adds_up(run: Run) -> queries.Figures:
    """Each row begins with what the one before left over, from everybody to those who are told."""
    found = queries.figures_of(run)
    assert found.customers == Customer.objects.count() == sum(found.outcomes.values())
    left = found.customers
    for row in found.steps:
        assert row.reached == left
        left = row.passed
    assert left == found.qualified
    for check in found.checks:
        assert check.reached == left
        left = check.left
    assert left == found.gate.get("open", 0)
    assert sum(found.awards.values()) == found.qualified
    return found


@pytest.mark.parametrize("kind", ["dry_run", "live"])
def test_each_run_of_an_evening_sums_to_its_audience(kind: str) -> None:
    FactChange.objects.all().delete()
    free = audience()
    version = approved(control_percent=SHARE, rewards=all_but_one(len(free)))
    first = assert_adds_up(ran(version, kind=kind))
    assert (first.awards["granted"], first.gate) == (
        len(free) - 1, {"do_not_contact": 1, "no_consent": 1, "control_group": 1,
                        "open": len(free) - 4},
    )  # fmt: skip
    again = assert_adds_up(ran(version, kind=kind))
    if kind == "dry_run":
        assert again.gate == first.gate
        return
    assert "open" not in again.gate
    assert Message.objects.count() == len(free) - 4
    # The next day stands on this one, but for whom something was written about.
    ConsentFactory(customer=free[1], effective_at=AT, recorded_at=AT + dt.timedelta(hours=1))
    later = ran(version, ON + DAYS)
    assert later.base_id is not None
    assert assert_adds_up(later).gate["open"] == 1
    assert Message.objects.count() == len(free) - 3


def all_but_one(people: int) -> dict[str, object]:
    """Stock for all who qualify and are not left out, but one."""
    return {"mode": "highest", "tiers": [TIER | {"stock": people - 1}]}
