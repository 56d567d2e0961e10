"""Refusals that last are not asked again until the book allows more; those that hang on dated rules
are asked again by every run; and marks are kept for as long as a run may need them."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from campaigns.eligibility import operations as eligibility
from campaigns.eligibility import queries, rules
from campaigns.models import Decision, FactChange, Grant, Run
from campaigns.rewards import operations as rewards
from journeys.contact.enums import GateAnswer
from journeys.customers import queries as customers
from journeys.customers.enums import Trait
from journeys.customers.rules import HASH_OF
from journeys.models import Contact, ContactRule, Customer, DoNotContact, Message
from merchants.directory import operations as directory
from merchants.models import MerchantCategory
from tests.campaigns.eligibility.test_carrying import ran, ran_at
from tests.factories.campaigns import AT, ON, TIER, approve, approved, card_in_use, draft
from tests.factories.journeys import ContactRuleFactory, TransactionFactory
from tests.factories.merchants import MerchantFactory
from tests.factories.portal import StaffFactory
from tests.factories.rewards import ask, candidate

pytestmark = pytest.mark.django_db(transaction=True)
DAYS = dt.timedelta(days=1)
SPENT = {"kind": "spending_in_window", "days": 200, "last_day": "inside", "at_least": "500.00"}


@pytest.fixture(autouse=True)
def _no_marks_from_the_beginning() -> None:
    FactChange.objects.all().delete()


def decided_in(run: Run) -> dict[int, str]:
    return dict(Decision.objects.filter(run=run).values_list("customer_id", "award"))


@pytest.mark.parametrize("limit", [
    {"rewards": {"mode": "highest", "tiers": [TIER | {"stock": 1}]}, "budget": {"total": "99.00"}},
    {"budget": {"total": "10.00"}},
])  # fmt: skip
def test_who_was_refused_waits_until_something_is_given_back(limit: dict[str, Any]) -> None:
    version = approved(rule=SPENT, **limit)
    for _number in range(8):
        card_in_use()
    base = ran(version, ON)
    refused = "stock_out" if "rewards" in limit else "over_budget_total"
    assert sorted(decided_in(base).values()) == sorted(["granted", *[refused] * 7])
    run = ran(version, ON + DAYS)
    # Seven of eight were refused: nobody is asked again, and their answer stands.
    assert (run.base_id, decided_in(run), run.carried) == (base.pk, {}, 8)
    assert queries.figures_of(run).awards == {"had_before": 1, refused: 7}
    # The one who had it sends the goods back.
    (given,) = Grant.objects.all()
    TransactionFactory(
        card=given.card, kind="refund", amount=Decimal("-600.00"), posted_date=ON + DAYS
    )
    rewards.reopen_grants(on=ON + 2 * DAYS, at=AT + 2 * DAYS)
    run = ran(version, ON + 2 * DAYS)
    assert Grant.objects.exclude(pk=given.pk).get().run_id == run.pk
    # All seven who were refused are asked again: of eight, too many to stand on another.
    assert run.whole_reason == "many"


def test_a_day_that_is_used_up_is_asked_again_the_next_day() -> None:
    version = approved(budget={"per_day": "60.00"})
    for _number in range(7):
        card_in_use()
    base = ran(version, ON)
    assert sorted(decided_in(base).values()) == ["granted"] * 6 + ["over_budget_day"]
    run = ran(version, ON + DAYS)
    assert (run.base_id, list(decided_in(run).values())) == (base.pk, ["granted"])


def test_who_had_something_of_a_campaign_that_rules_this_one_out_is_asked_by_every_run() -> None:
    other = approved(code="other")
    no = {"kind": "not_in_campaign", "campaigns": ["other"]}
    version = approved(rule={"all": [SPENT, no]})
    cards = [card_in_use() for _number in range(10)]
    assert ask(other, [candidate(cards[0])])[0].answer == "granted"
    FactChange.objects.all().delete()
    yesterday = ON - DAYS
    base = ran(version, yesterday, made=1)
    answers = decided_in(base)
    assert answers.pop(cards[0].customer_id) == "had_elsewhere"
    assert set(answers.values()) == {"granted"}
    # Nothing that is marked concerns anybody: it is the answer alone that asks again.
    run = ran(version, yesterday, made=1)
    assert (run.base_id, decided_in(run)) == (base.pk, {cards[0].customer_id: "had_elsewhere"})
    whole = {"had_elsewhere": 1, "had_before": 9}
    assert (run.carried, queries.figures_of(run).awards) == (9, whole)


@pytest.mark.parametrize(("award", "tiers", "parties", "has_day", "waits"), [
    ("stock_out", 1, 1, False, True), ("stock_out", 1, 3, True, True),
    ("stock_out", 2, 1, False, True), ("stock_out", 2, 1, True, False),
    ("stock_out", 2, 2, False, False), ("over_budget_total", 1, 2, True, True),
    ("over_budget_total", 2, 1, False, False), ("over_budget_party", 1, 2, False, False),
    ("over_budget_branch", 1, 1, False, False), ("over_budget_customer", 1, 1, False, False),
    ("over_budget_day", 1, 1, True, False), ("granted", 1, 1, False, False),
])  # fmt: skip
def test_which_refusals_wait_for_the_book(
    award: str, tiers: int, parties: int, has_day: bool, waits: bool
) -> None:
    found = rules.waits_for_book(award, tiers=tiers, parties=parties, has_day=has_day)
    assert found is waits


def test_a_dated_rule_that_comes_later_is_heard_by_the_next_run() -> None:
    version = draft()
    approve(version)
    # No rule is in force: nobody may be contacted.
    assert not ContactRule.objects.filter(effective_date__lte=ON).exists()
    card_in_use()
    base = ran(version, ON)
    assert [row.gate for row in queries.standing(base)] == ["no_rule"]
    ContactRuleFactory()
    run = ran(version, ON)
    assert [row.gate for row in queries.standing(run)] == ["open"]
    assert Message.objects.count() == 1


LATER = 25 * DAYS


def capped() -> Run:
    """A run of which one of eight customers had five contacts in the days before, as many as the
    caps allow in thirty; the first of them counts for 25 days more."""
    version = approved(rule=SPENT)
    customer, *_others = [card_in_use().customer for _number in range(8)]
    for days in range(1, 6):
        Contact.objects.create(
            customer=customer, channel="sms", purpose="marketing", origin="x",
            at=AT - days * DAYS, dedup_key=f"x{days}",
        )  # fmt: skip
    base = ran(version, ON)
    found = Decision.objects.get(run=base, customer=customer)
    # After the closing of the day before, the gate plans for the morning.
    assert (found.gate, found.again_date) == ("cap_reached", ON + LATER - DAYS)
    return base


def heard(run: Run) -> list[str]:
    """What the gate says in a run about the one whom the caps held back."""
    customers = Contact.objects.filter(origin="x").values("customer")
    return [row.gate for row in queries.standing(run).filter(customer__in=customers)]


def test_who_is_held_back_by_the_caps_is_asked_when_the_gate_named_it() -> None:
    base = capped()
    run = ran(base.version, ON + LATER - 2 * DAYS)
    assert (run.base_id, decided_in(run)) == (base.pk, {})
    assert queries.figures_of(run).gate["cap_reached"] == 1
    run = ran(base.version, ON + LATER)
    assert heard(run) == ["open"]
    assert Message.objects.count() == 8


@pytest.mark.parametrize("change", [{"released_at": AT}, {"at": AT + 40 * DAYS}])
def test_a_contact_that_is_called_off_or_put_off_makes_room_at_once(change: dict[str, Any]) -> None:
    base = capped()
    Contact.objects.filter(dedup_key="x1").update(**change)
    run = ran(base.version, ON)
    assert run.base_id == base.pk
    assert heard(run) == ["open"]


def test_an_evening_plans_for_the_morning_after_it() -> None:
    """The day's cap holds until 8:40, and hours begin at 9: after closing that place is free."""
    version = approved(rule=SPENT)
    customer, *_others = [card_in_use().customer for _number in range(8)]
    for minutes in (10, 20):
        Contact.objects.create(
            customer=customer, channel="sms", purpose="marketing", origin="x",
            at=AT.replace(hour=1) - dt.timedelta(minutes=minutes), dedup_key=f"x{minutes}",
        )  # fmt: skip
    base = ran_at(version, ON, AT.replace(hour=2))
    assert heard(base) == ["cap_reached"]
    run = ran_at(version, ON, AT.replace(hour=14))
    assert (run.base_id, heard(run)) == (base.pk, ["open"])


@pytest.mark.parametrize("column", list(HASH_OF.values()))
def test_who_came_to_share_with_one_who_refused_at_the_same_instant_is_found(column: str) -> None:
    version = approved(rule=SPENT)
    one, two, *_others = [card_in_use().customer for _number in range(12)]
    for row, number in ((one, "44030519880615003X"), (two, "440305199003070049")):
        Customer.objects.filter(pk=row.pk).update(
            id_number_sealed=b"s", id_number_index=b"i",
            bearer=customers.hash_of(Trait.ID_NUMBER, number),
        )  # fmt: skip
    one.refresh_from_db()
    base = ran(version, ON)
    Customer.objects.filter(pk=two.pk).update(**{column: getattr(one, column)})
    DoNotContact.objects.create(customer=one, at=AT, words="别打", source="x")
    # As it is where neither saw the other's row.
    FactChange.objects.exclude(customer_id=one.pk).delete()
    run = ran(version, ON)
    assert run.base_id == base.pk
    assert set(decided_in(run)) == {one.pk, two.pk}


def test_caps_that_change_concern_everybody() -> None:
    base = capped()
    ContactRuleFactory(effective_date=ON, month_cap=9)
    run = ran(base.version, ON)
    assert run.whole_reason == "reference"
    assert heard(run) == ["open"]


def test_no_answer_of_a_dated_rule_stays() -> None:
    """What the gate says by rules, hours and calendar is asked again, of the caps when there is
    room, of the bank's control group when it ends."""
    dated = {"no_rule", "no_hours", "no_calendar", "cap_reached", "control_group"}
    assert set(GateAnswer.values) - dated == rules._STAYING_GATES
    for gate in dated:
        assert not rules.stays("granted", gate, ["a"], ["a"], is_only=True)


def test_a_category_that_comes_later_concerns_everybody() -> None:
    rule = {"kind": "spending_in_window", "days": 65, "last_day": "inside", "at_least": "500.00",
            "scenarios": ["dining"]}  # fmt: skip
    MerchantCategory.objects.filter(mcc="5812").delete()
    version = approved(rule=rule)
    card = card_in_use()
    TransactionFactory(card=card, amount=Decimal("900.00"), mcc="5812")
    base = ran(version, ON)
    assert [row.outcome for row in queries.standing(base)] == ["not_qualified"]
    MerchantCategory.objects.create(mcc="5812", name="餐馆", name_en="x", scenario="dining")
    run = ran(version, ON)
    assert run.whole_reason == "reference"
    assert [row.outcome for row in queries.standing(run)] == ["qualified"]


def test_a_mark_of_another_server_or_of_a_later_transaction_means_nothing() -> None:
    version = approved()
    card_in_use()
    base = ran(version, ON)
    server, own, seen = base.mark.split(" ")
    database = server.partition("/")[2]
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_control_system()")
    for mark in (f"1/{database} {own} {seen}", f"{server} {int(own) + 10**6} {seen}"):
        Run.objects.update(mark="")
        Run.objects.filter(pk=base.pk).update(mark=mark)
        assert ran(version, ON).whole_reason == "first"


def test_marks_are_kept_for_the_run_that_is_as_of_the_earliest_day() -> None:
    first, second = approved(rule=SPENT), approved(code="other", rule=SPENT)
    cards = [card_in_use(spent="100.00") for _number in range(6)]
    TransactionFactory(card=cards[0], amount=Decimal("700.00"), posted_date=ON)
    ran(first, ON)
    base = ran(second, ON - DAYS, made=1)
    eligibility.drop_changes(on=ON + 5 * DAYS)
    run = ran(second, ON + 5 * DAYS)
    assert run.base_id == base.pk
    assert Decision.objects.get(run=run, customer=cards[0].customer).outcome == "qualified"


def test_a_rule_that_names_a_merchant_follows_its_merge_and_its_undoing() -> None:
    gone, kept = MerchantFactory(), MerchantFactory()
    rule = {"kind": "spending_in_window", "days": 65, "last_day": "inside", "at_least": "500.00",
            "merchants": [gone.number]}  # fmt: skip
    version = approved(rule=rule)
    card = card_in_use()
    TransactionFactory(card=card, amount=Decimal("900.00"), merchant=kept)
    base = ran(version, ON)
    assert [row.outcome for row in queries.standing(base)] == ["not_qualified"]
    merge = directory.merge_merchants(
        kept=kept, merged=gone, reason="同一家店", actor=StaffFactory(), at=AT
    )
    run = ran(version, ON)
    assert run.whole_reason == "reference"
    assert [row.outcome for row in queries.standing(run)] == ["qualified"]
    directory.undo_merge(merge=merge, reason="两家店", actor=StaffFactory(), at=AT)
    run = ran(version, ON)
    assert run.whole_reason == "reference"
    assert [row.outcome for row in queries.standing(run)] == ["not_qualified"]
