"""A reward for each person whom a customer brought: in order, once for each, and up to a cap."""

import datetime as dt
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from campaigns.budgets import queries as budgets
from campaigns.eligibility import queries
from campaigns.models import CampaignVersion, Decision, Grant, GrantReversal
from campaigns.planning.rules import drift, files, linting, plans, wording
from campaigns.rewards import operations as giving
from campaigns.wording.rules import lexicon_of
from journeys.models import Card, Customer, Referral
from journeys.points import queries as points
from tests.campaigns.rewards.test_multiples import USED, ran
from tests.factories.campaigns import AT, ON, PLAN, TIER, card_in_use
from tests.factories.journeys import DAY, CardFactory, CustomerFactory
from tests.factories.rewards import used_of, version_with
from tests.project.rows import cleared_run, row_of

pytestmark = pytest.mark.django_db
ONE = dt.timedelta(days=1)
FOR_EACH: dict[str, Any] = {
    "most": 2, "counted_from": "dates", "first_date": "2026-03-01", "last_date": "2026-06-20",
    "last_day": "inside", "event": "used", "at_least": 1,
}  # fmt: skip
FRIEND: dict[str, Any] = {
    "code": "friend", "kind": "points", "name": "推荐有礼", "name_en": "Bring a friend",
    "value": "30.00", "points": 3000, "for_each": FOR_EACH,
}  # fmt: skip


def version_of(*tiers: dict[str, Any], **changes: Any) -> CampaignVersion:
    return version_with(*(tiers or (FRIEND,)), mode="each", rule=USED, **changes)


def brings(referrer: Card, used: dt.date | None = DAY, **fields: Any) -> Referral:
    """The holder of a card brings somebody whose own card was used on a day."""
    card = CardFactory(
        **{"activated_date": used, "first_used_date": used, "product__code": "OTHER",
           "application__product__code": "OTHER"} | fields
    )  # fmt: skip
    return row_of("journeys.Referral", application=card.application, referrer=referrer.customer)


def given_for(card: Card) -> list[tuple[Any, ...]]:
    rows = Grant.objects.filter(card=card, reversal=None).order_by("place")
    return list(rows.values_list("referral", "slot", "place", "most", "amount", "points"))


def test_each_person_is_rewarded_once_up_to_the_cap() -> None:
    version = version_of(budget={"total": "1000.00"})
    me, alone = card_in_use(), card_in_use()
    late, soon = brings(me, DAY + 5 * ONE), brings(me, DAY + ONE)
    brings(me, None)
    dry, live = ran(version, "dry_run"), ran(version)
    assert queries.figures_of(dry).given == queries.figures_of(live).given
    assert queries.figures_of(live).tiers == {"friend": (2, Decimal("60.00"))}
    # Who came to count first is first.
    assert given_for(me) == [
        (soon.pk, "friend:1", 1, 2, Decimal("30.00"), 3000),
        (late.pk, "friend:2", 2, 2, Decimal("30.00"), 3000),
    ]  # fmt: skip
    assert points.balance_of(me.customer_id) == 6000
    assert used_of(version, "campaign") == Decimal("60.00")
    assert Decision.objects.get(run=live, card=alone).outcome == "no_tier"
    brings(me, DAY + 6 * ONE)
    assert len(given_for(me)) == 2
    again = ran(version, on=ON + ONE)
    assert again.figures["tally"]["award"] == {"had_before": [1, "0.00"]}
    assert len(given_for(me)) == 2
    assert budgets.differences(version.campaign_id) == []


def test_it_stands_beside_other_tiers_that_add() -> None:
    version = version_of(FRIEND, TIER | {"value": "5.00"})
    me, alone = card_in_use(), card_in_use()
    brings(me)
    ran(version)
    rewards = Grant.objects.order_by("card", "reward").values_list("card", "reward", "amount")
    assert list(rewards) == [
        (me.pk, "first-gift", Decimal("5.00")), (me.pk, "friend", Decimal("30.00")),
        (alone.pk, "first-gift", Decimal("5.00")),
    ]  # fmt: skip


@pytest.mark.parametrize(("limits", "stock", "given_now"), [
    ({"total": "59.99"}, None, 1), ({"total": "60.00"}, None, 2),
    ({"total": "500.00", "per_customer": "59.00"}, None, 1), ({"total": "500.00"}, 1, 1),
    ({"total": "29.99"}, None, 0),
])  # fmt: skip
def test_limits_leave_the_first_of_them(
    limits: dict[str, str], stock: int | None, given_now: int
) -> None:
    version = version_of(FRIEND | {"stock": stock}, budget=limits)
    me = card_in_use()
    found = [brings(me, DAY + number * ONE).pk for number in range(2)]
    ran(version)
    assert [row[0] for row in given_for(me)] == found[:given_now]


def test_the_event_decides_who_counts_and_a_closed_card_does_not() -> None:
    me = card_in_use()
    brings(me, None)
    brings(me, DAY, closed_date=ON)
    other = brings(me)
    row_of("journeys.Referral", referrer=me.customer)  # no card yet
    for event, count in (("issued", 2), ("activated", 1), ("used", 1)):
        tier = FRIEND | {"for_each": FOR_EACH | {"event": event}}
        version = version_of(tier, code=f"by-{event}")
        run = ran(version, "dry_run")
        decision = Decision.objects.get(run=run, card=me)
        assert len(decision.facts[2][1]) == count
        assert other.pk in decision.facts[2][1]


def test_a_supplementary_card_or_one_of_another_application_is_none() -> None:
    version = version_of()
    me = card_in_use()
    referral = brings(me, None)
    CardFactory(
        customer=referral.referred, activated_date=DAY, first_used_date=DAY,
        product__code="OTHER", application__product__code="OTHER",
    )  # fmt: skip
    run = ran(version, "dry_run")
    assert Decision.objects.get(run=run, card=me).outcome == "no_tier"


def test_what_it_is_worth_is_measured_up_to_the_cap() -> None:
    version = version_of()
    me = card_in_use()
    for _number in range(3):
        brings(me)
    run = ran(version, "dry_run")
    assert queries.measured(run) == drift.Measured(1, Decimal("60.00"))


def test_taken_back_its_place_is_free_and_its_person_is_not() -> None:
    version = version_of()
    me = card_in_use()
    one, two = brings(me), brings(me)
    ran(version)
    grant = Grant.objects.get(referral=one)
    row_of("campaigns.GrantReversal", grant=grant, on_date=ON, at=AT)
    three = brings(me)
    ran(version, on=ON + ONE)
    assert [row[:3] for row in given_for(me)] == [
        (three.pk, "friend:1", 1), (two.pk, "friend:2", 2),
    ]  # fmt: skip
    assert Grant.objects.get(referral=three).round == 2


def test_a_new_code_of_the_tier_makes_no_room_for_more_persons() -> None:
    first = version_of(budget={"total": "1000.00"})
    me = card_in_use()
    found = [brings(me, DAY + number * ONE) for number in range(4)]
    ran(first)
    renamed = FRIEND | {"code": "friend-2"}
    second = version_of(renamed, budget={"total": "1000.00"})
    assert second.campaign_id == first.campaign_id
    tested = ran(second, "back_test", on=ON + ONE, first=ON + ONE)
    assert tested.figures["tally"]["award"] == {"had_before": [1, "0.00"]}
    assert ran(second, on=ON + ONE).figures["tally"]["award"] == {"had_before": [1, "0.00"]}
    assert [row[:3] for row in given_for(me)] == [
        (found[0].pk, "friend:1", 1), (found[1].pk, "friend:2", 2),
    ]  # fmt: skip
    # A place that is free again is one of the campaign too, and counts on.
    grant = Grant.objects.get(referral=found[0])
    row_of("campaigns.GrantReversal", grant=grant, on_date=ON, at=AT)
    ran(second, on=ON + 2 * ONE)
    assert [row[:3] for row in given_for(me)] == [
        (found[2].pk, "friend-2:1", 1), (found[1].pk, "friend:2", 2),
    ]  # fmt: skip
    assert Grant.objects.get(referral=found[2]).round == 2
    assert budgets.differences(first.campaign_id) == []


def test_where_a_newer_version_rewards_fewer_a_low_place_that_is_free_is_none_more() -> None:
    first = version_of(FRIEND | {"for_each": FOR_EACH | {"most": 3}})
    me = card_in_use()
    found = [brings(me, DAY + number * ONE) for number in range(4)]
    ran(first)
    row_of("campaigns.GrantReversal", grant=Grant.objects.get(place=1), on_date=ON, at=AT)
    second = version_of()  # two at most
    ran(second, on=ON + ONE)
    assert [row[:3] for row in given_for(me)] == [
        (found[1].pk, "friend:2", 2), (found[2].pk, "friend:3", 3),
    ]  # fmt: skip


def test_no_refund_undoes_that_somebody_was_brought() -> None:
    version = version_of()
    me = card_in_use()
    referral = brings(me)
    ran(version)
    row_of(
        "journeys.Transaction", card=me, customer=me.customer, kind="refund",
        amount=Decimal("-5.00"), posted_date=ON + ONE,
    )  # fmt: skip
    Card.objects.filter(customer=referral.referred).update(closed_date=ON + ONE)
    assert giving.reopen_grants(on=ON + ONE, at=AT) == 0
    assert not GrantReversal.objects.exists()


# --- the database ------------------------------------------------------------------------------
def refused_by(**values: Any) -> str | None:
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        row_of("campaigns.Grant", **values)
    cause = refusal.value.__cause__
    assert isinstance(cause, psycopg.Error)
    return cause.diag.constraint_name


def test_the_database_refuses_a_second_one_for_a_person_and_one_place_too_many() -> None:
    run, me, other = cleared_run(), card_in_use(), card_in_use()
    one, two = brings(me), brings(me)
    mine = {"run": run, "card": me, "reward": "friend"}

    def at(place: int, most: int = 1) -> dict[str, Any]:
        return {"slot": f"friend:{place}", "place": place, "most": most}

    row_of("campaigns.Grant", **mine, referral=one, **at(1))
    assert refused_by(**mine, referral=one, **at(2, 2)) == "grant_once_for_person"
    assert refused_by(**mine, referral=two, **at(1)) == "grant_once"
    assert refused_by(**mine, referral=two, **at(2)) == "grant_for_person_within_most"
    assert refused_by(**mine, referral=two, **at(2, 2) | {"slot": "friend:3"}) == (
        "grant_slot_is_its_tier"
    )
    assert refused_by(**mine | {"card": other}, referral=two, **at(1)) == "grant_of_its_referrer"
    # Another code makes no other place.
    anew = mine | {"reward": "mate", "referral": two, "slot": "mate:1", "place": 1, "most": 1}
    assert refused_by(**anew) == "grant_once_for_place"
    assert refused_by(**anew, round=2) == "grant_after_reversal"
    assert Grant.objects.count() == 1
    row_of("campaigns.GrantReversal", grant=Grant.objects.get(), on_date=ON, at=AT)
    assert refused_by(**anew, round=3) == "grant_after_reversal"
    assert row_of("campaigns.Grant", **anew, round=2).round == 2


# --- plan and words ----------------------------------------------------------------------------
@pytest.mark.parametrize(("rewards", "problem"), [
    ({"mode": "highest", "tiers": [FRIEND]}, "rewards.mode: must be each"),
    ({"mode": "each", "tiers": [FRIEND, FRIEND | {"code": "two"}]}, "rewards.tiers: only one"),
    ({"mode": "each", "tiers": [FRIEND | {"for_each": FOR_EACH | {"most": 0}}]},
     "rewards.tiers[0].for_each.most: must be a whole number"),
    ({"mode": "each", "tiers": [FRIEND | {"for_each": FOR_EACH | {"event": "x"}}]},
     "rewards.tiers[0].for_each.event: must be one of"),
    ({"mode": "each", "tiers": [FRIEND | {"for_each": {"most": 2}}]},
     "rewards.tiers[0].for_each."),
])  # fmt: skip
def test_what_cannot_be_read_is_said_with_its_place(rewards: dict[str, Any], problem: str) -> None:
    raw = {name: value for name, value in PLAN.items() if name != "code"}
    with translation.override("en"), pytest.raises(plans.PlanWrong) as wrong:
        plans.read_plan(raw | {"rewards": rewards})
    assert any(one.startswith(problem) for one in wrong.value.problems), wrong.value.problems


def test_a_file_is_written_and_read_again_and_the_rule_says_it() -> None:
    raw = {name: value for name, value in PLAN.items() if name != "code"}
    plan = plans.read_plan(raw | {"rewards": {"mode": "each", "tiers": [FRIEND]}})
    assert files.read_file(files.write_file("x", plan.as_content())) == ("x", plan)
    text = wording.full_text(plan, wording.Names(), "en")
    assert (
        "Bring a friend: 3,000 points, worth ¥30, for each person whom the customer brought, once "
        "for each of them and for 2 of them at most; and only after the customer's own card is "
        "activated and used."
    ) in text
    assert (
        "From 2026-03-01 to 2026-06-20, that day included, the number of persons who applied and "
        "named the customer, and whose card is first used by then and not closed, reaches 1."
    ) in text


@pytest.mark.parametrize(("limit", "places"), [
    ("60.00", []), ("59.99", ["rewards.tiers[0].for_each"]), (None, []),
])  # fmt: skip
def test_a_limit_that_is_too_little_for_what_is_promised_blocks(
    limit: str | None, places: list[str]
) -> None:
    raw = {name: value for name, value in PLAN.items() if name != "code"}
    budget = {"total": "1000.00", "per_customer": limit}
    plan = plans.read_plan(
        raw | {"rule": USED, "budget": budget, "rewards": {"mode": "each", "tiers": [FRIEND]}}
    )
    faults = linting.lint(plan, linting.Around(on=dt.date(2026, 3, 1), words=lexicon_of(ON)))
    assert [fault.place for fault in faults if fault.is_block] == places


def test_the_receipt_says_how_many_count(client_of: Any) -> None:
    version = version_of()
    me = card_in_use()
    for _number in range(3):
        brings(me)
    CustomerFactory()
    run = ran(version)
    decision = Decision.objects.get(run=run, card=me)
    with translation.override("en"):
        (tier,) = queries.tier_receipts(decision)
    said = "Persons brought who count: 3. Each is rewarded once, 2 of them at most: 2 in all."
    assert (tier.reckoning, tier.is_reached) == (said, True)
    assert tier.lines[0].explanation is not None
    assert tier.lines[0].explanation.have == "Persons brought: 3"
    client = client_of("campaign_manager")
    client.post(reverse("set_language"), {"language": "en"})
    assert said in client.get(reverse("decision_page", args=[decision.pk])).content.decode()


def test_nobody_is_rewarded_for_himself_under_another_number() -> None:
    """That the two are one person came out after it was recorded."""
    version = version_of(budget={"total": "1000.00"})
    me = card_in_use()
    row, other = brings(me), brings(me, DAY + ONE)
    known = CustomerFactory(id_number="440305198806150034")
    seal = {name: getattr(known, name)
            for name in ("id_number_sealed", "id_number_index", "bearer")}  # fmt: skip
    Customer.objects.filter(pk__in=[me.customer_id, row.referred_id]).update(**seal)
    dry, live = ran(version, "dry_run"), ran(version)
    assert queries.figures_of(dry).given == queries.figures_of(live).given
    assert [one[:2] for one in given_for(me)] == [(other.pk, "friend:1")]
