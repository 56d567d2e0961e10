"""Claims, holds and grants, one customer after the other, with and without the gate."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from campaigns.budgets import queries as budgets
from campaigns.flash import operations as flash
from campaigns.flash.enums import ClaimAnswer as A
from campaigns.flash.models import FlashClaim, FlashSale
from campaigns.flash.operations import gate, reconciling
from campaigns.models import Decision, Grant
from campaigns.planning import operations as planning
from campaigns.planning.rules import drift
from journeys.models import Card, Customer
from portal.kit import clock, valkey
from tests.campaigns.flash import audit
from tests.factories import flash as factory
from tests.factories.control import is_left_out
from tests.factories.rewards import used_of

pytestmark = pytest.mark.django_db


def claim(sale: FlashSale, *numbers: str, later: float = 0) -> list[A]:
    at = timezone.now() + dt.timedelta(seconds=later)
    return [told.answer for told in flash.claim(sale=sale, numbers=numbers, at=at)]


def confirm(sale: FlashSale, *numbers: str, later: float = 0) -> list[A]:
    at = timezone.now() + dt.timedelta(seconds=later)
    return [told.answer for told in flash.confirm(sale=sale, numbers=numbers, at=at)]


def test_a_unit_is_held_and_granted_once_for_each(way: str) -> None:
    sale = factory.open_sale(2)
    one, two, three = factory.qualified(sale, 3)
    assert claim(sale, one, two, three)[:2] == [A.HELD, A.HELD]
    assert claim(sale, three) == [A.ALL_HELD]
    assert claim(sale, one) == [A.HELD]
    assert FlashClaim.objects.count() == 2
    assert confirm(sale, one, two, three) == [A.GRANTED, A.GRANTED, A.NONE]
    assert confirm(sale, one) == [A.GRANTED]
    assert claim(sale, one) == [A.GRANTED]
    reconciling.forget()
    assert claim(sale, three) == [A.SOLD_OUT]
    audit.assert_exactly(sale.pk, 3)


def test_a_hold_that_expired_goes_to_the_next_and_is_not_granted(way: str) -> None:
    sale = factory.open_sale(1)
    one, two = factory.qualified(sale, 2)
    assert claim(sale, one) == [A.HELD]
    assert claim(sale, two, later=factory.HOLD - 1) == [A.ALL_HELD]
    assert confirm(sale, one, later=factory.HOLD) == [A.EXPIRED]
    reconciling.forget()
    assert claim(sale, two, later=factory.HOLD) == [A.HELD]
    assert confirm(sale, one, later=factory.HOLD) == [A.EXPIRED]
    assert confirm(sale, two, later=factory.HOLD + 1) == [A.GRANTED]
    assert audit.granted_to(sale.pk) == {two}


def test_who_let_a_hold_expire_may_claim_again(way: str) -> None:
    sale = factory.open_sale(2)
    (one,) = factory.qualified(sale, 1)
    assert claim(sale, one) == [A.HELD]
    assert claim(sale, one, later=factory.HOLD + 1) == [A.HELD]
    assert FlashClaim.objects.filter(state="expired").count() == 1
    assert confirm(sale, one, later=factory.HOLD + 2) == [A.GRANTED]


@pytest.mark.parametrize(
    ("opens", "answer"), [(1, A.NOT_OPEN), (0, A.HELD), (-59, A.HELD), (-60, A.CLOSED)]
)
def test_it_opens_on_the_second_and_closes_on_it(opens: int, answer: A) -> None:
    at = timezone.now()
    opens_at = at + dt.timedelta(seconds=opens)
    sale = factory.open_sale(1, opens_at=opens_at, closes_at=opens_at + dt.timedelta(seconds=60))
    (one,) = factory.qualified(sale, 1)
    assert [told.answer for told in flash.claim(sale=sale, numbers=[one], at=at)] == [answer]
    assert FlashClaim.objects.count() == (answer == A.HELD)


def test_a_hold_of_the_last_second_can_be_confirmed_after_closing() -> None:
    at = timezone.now()
    sale = factory.open_sale(1, closes_at=at + dt.timedelta(seconds=1))
    (one,) = factory.qualified(sale, 1)
    assert claim(sale, one) == [A.HELD]
    assert confirm(sale, one, later=5) == [A.GRANTED]


def test_only_those_who_qualified_may_claim(way: str) -> None:
    sale = factory.open_sale(5)
    (unused,) = factory.qualified(sale, 1, in_use=False)
    (had,) = factory.qualified(sale, 1)
    card = Card.objects.get(customer__number=had)
    Grant.objects.create(
        campaign=sale.version.campaign, version=sale.version, run=sale.run, reward="first-gift",
        customer=card.customer, card=card, amount=1, granted_date=sale.run.on_date,
        granted_at=timezone.now(),
    )  # fmt: skip
    assert claim(sale, unused, had, "nobody") == [A.NOT_IN_USE, A.HAD_BEFORE, A.NOT_QUALIFIED]
    assert FlashClaim.objects.count() == 0


def test_nothing_is_claimed_or_granted_while_the_campaign_is_stopped() -> None:
    sale = factory.open_sale(2)
    one, two = factory.qualified(sale, 2)
    assert claim(sale, one) == [A.HELD]
    factory.stop(sale)
    sale = FlashSale.objects.select_related("version__campaign", "run").get(pk=sale.pk)
    assert claim(sale, two) == [A.STOPPED]
    assert confirm(sale, one) == [A.STOPPED]
    assert Grant.objects.count() == 0


def test_nothing_is_granted_by_a_version_whose_approval_is_gone() -> None:
    sale = factory.open_sale(2)
    one, two = factory.qualified(sale, 2)
    assert claim(sale, one) == [A.HELD]
    planning.void_approval(
        version_id=sale.version_id, drifts=[drift.Drift(drift.TEXTS)], at=timezone.now()
    )
    # Who read the sale before hears it at the grant.
    assert confirm(sale, one) == [A.STOPPED]
    sale = FlashSale.objects.select_related("version__campaign", "run").get(pk=sale.pk)
    assert claim(sale, two) == [A.STOPPED]
    assert Grant.objects.count() == 0


def test_nothing_is_granted_outside_the_days_of_the_campaign() -> None:
    today = clock.bank_day(timezone.now())
    days = {"runs_from": today - dt.timedelta(days=9), "runs_to": today}
    sale = factory.open_sale(1, run=factory.finished_run(factory.version_to_sell(**days)))
    (one,) = factory.qualified(sale, 1)
    assert claim(sale, one) == [A.HELD]
    assert confirm(sale, one) == [A.CLOSED]
    assert Grant.objects.count() == 0


def test_a_card_whose_first_use_was_undone_is_not_granted_to() -> None:
    sale = factory.open_sale(1)
    (one,) = factory.qualified(sale, 1)
    assert claim(sale, one) == [A.HELD]
    Card.objects.filter(customer__number=one).update(first_used_date=None)
    assert confirm(sale, one) == [A.NOT_IN_USE]
    assert (Grant.objects.count(), FlashClaim.objects.get().state) == (0, "held")


def test_who_closed_the_card_is_told_so() -> None:
    sale = factory.open_sale(2)
    before, after = factory.qualified(sale, 2)
    closed = {"closed_date": clock.bank_day(timezone.now())}
    Card.objects.filter(customer__number=before).update(**closed)
    assert claim(sale, before, after) == [A.CARD_CLOSED, A.HELD]
    Card.objects.filter(customer__number=after).update(**closed)
    assert confirm(sale, after) == [A.CARD_CLOSED]
    assert Grant.objects.count() == 0


def test_who_comes_to_more_than_one_customer_is_given_is_told_so() -> None:
    run = factory.finished_run(factory.version_to_sell(budget={"per_customer": "9.99"}))
    sale = factory.open_sale(1, run=run)
    (one,) = factory.qualified(sale, 1)
    assert claim(sale, one) == [A.HELD]
    assert confirm(sale, one) == [A.AT_LIMIT]
    assert Grant.objects.count() == 0


def test_the_gate_is_filled_again_after_a_flush() -> None:
    sale = factory.open_sale(2)
    one, two, three = factory.qualified(sale, 3)
    assert claim(sale, one) == [A.HELD]
    valkey.kept().flushdb()
    assert claim(sale, one, two) == [A.HELD, A.HELD]
    assert claim(sale, three) == [A.ALL_HELD]
    assert FlashSale.objects.get().epoch == 2


def test_a_unit_lost_between_gate_and_database_comes_back() -> None:
    """A process was killed after the gate and before its row."""
    sale = factory.open_sale(1)
    lost, other = factory.qualified(sale, 2)
    flash.fill_gate(sale_id=sale.pk, at=timezone.now())
    assert gate.take(sale.pk, [lost]) == [1]
    at = timezone.now()
    mended = flash.reconcile(sale_id=sale.pk, at=at)
    assert mended is not None
    assert not mended.is_needed  # it may be on its way
    with valkey.connect() as client:
        key = gate._keys(sale.pk)[3]
        client.zadd(key, {lost: client.zscore(key, lost) - 3})
    mended = flash.reconcile(sale_id=sale.pk, at=at)
    assert mended is not None
    assert (mended.units_in, mended.had_out) == ({1}, {lost})
    assert claim(sale, other) == [A.HELD]


def test_a_gate_that_tells_stale_things_sells_nothing_twice() -> None:
    sale = factory.open_sale(2)
    one, two, three = factory.qualified(sale, 3)
    assert claim(sale, one) == [A.HELD]
    with valkey.connect() as client:  # as if restored from an old copy
        client.sadd(gate._keys(sale.pk)[1], 1, 2, 99)
        client.delete(*gate._keys(sale.pk)[2:])
    assert claim(sale, one, two) == [A.HELD, A.HELD]
    assert claim(sale, three) == [A.ALL_HELD]
    assert confirm(sale, one, two) == [A.GRANTED, A.GRANTED]
    audit.assert_exactly(sale.pk, 3)


@pytest.mark.parametrize("hours", [1, -1])
def test_a_clock_that_jumps_sells_neither_too_much_nor_too_little(hours: int) -> None:
    sale = factory.open_sale(2, closes_at=timezone.now() + dt.timedelta(hours=3))
    people = factory.qualified(sale, 3)
    assert claim(sale, *people[:2]) == [A.HELD, A.HELD]
    jumped = hours * 3600
    assert claim(sale, people[2], later=jumped) == [A.HELD if hours > 0 else A.NOT_OPEN]
    reconciling.forget()
    claim(sale, *people)
    confirm(sale, *people, later=jumped if hours > 0 else 1)
    for later in (0, 1):  # back again, and what expired is claimed anew
        reconciling.forget()
        claim(sale, *people, later=abs(jumped) + later)
        confirm(sale, *people, later=abs(jumped) + later)
    audit.assert_exactly(sale.pk, 3)


def test_a_claim_does_not_go_back_or_vanish() -> None:
    sale = factory.open_sale(1)
    (one,) = factory.qualified(sale, 1)
    claim(sale, one)
    confirm(sale, one)
    for refused in (
        lambda: FlashClaim.objects.update(state="held", settled_at=None, grant=None),
        lambda: FlashClaim.objects.all()._raw_delete("default"),
        lambda: FlashClaim.objects.update(number=2),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            refused()
    assert FlashClaim.objects.get().state == "granted"


def test_a_grant_of_a_sale_is_charged_as_any_other(way: str) -> None:
    run = factory.finished_run(factory.version_to_sell(budget={"total": "25.00"}))
    sale = factory.open_sale(3, run=run)
    people = factory.qualified(sale, 3)
    assert claim(sale, *people) == [A.HELD] * 3
    assert sorted(confirm(sale, *people)) == [A.GRANTED, A.GRANTED, A.OVER_BUDGET]
    assert used_of(sale.version, "campaign") == 20
    assert used_of(sale.version, "stock", sale.tier) == 2
    assert budgets.differences(sale.version.campaign_id) == []
    assert sorted(confirm(sale, *people)) == [A.GRANTED, A.GRANTED, A.OVER_BUDGET]
    assert Grant.objects.count() == 2


def test_the_control_group_claims_nothing(way: str) -> None:
    run = factory.finished_run(factory.version_to_sell(control_percent=50))
    sale = factory.open_sale(40, run=run)
    people = factory.qualified(sale, 40)
    code, rows = sale.version.campaign.code, Customer.objects.filter(number__in=people)
    control = {who.number for who in rows if is_left_out(code, who, 50)}
    assert 0 < len(control) < 40
    answers = dict(zip(people, claim(sale, *people), strict=True))
    assert {who for who, answer in answers.items() if answer == A.CONTROL} == control
    assert {answers[who] for who in people if who not in control} == {A.HELD}
    confirm(sale, *people)
    assert audit.granted_to(sale.pk) == set(people) - control


def test_who_reached_another_tier_only_may_not_claim(way: str) -> None:
    sale = factory.open_sale(1)
    (one,) = factory.qualified(sale, 1)
    Decision.objects.update(reached=[1])
    assert claim(sale, one) == [A.NOT_QUALIFIED]
