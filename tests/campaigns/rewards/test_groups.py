"""Exclusive groups: of the campaigns of one a customer is given something by one alone."""

import datetime as dt
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone, translation
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.eligibility import operations as eligibility
from campaigns.eligibility import queries as decided
from campaigns.flash import operations as flash
from campaigns.flash.enums import ClaimAnswer
from campaigns.models import CampaignVersion, Decision, ExclusiveGroup, Grant, Run
from campaigns.rewards import operations as rewards
from portal.kit import clock
from tests.campaigns.rewards.test_elsewhere import answers_in, started, worked
from tests.campaigns.rewards.test_reopening import day, refund
from tests.factories import flash as factory
from tests.factories.campaigns import AT, ON, TIER, approved, card_in_use, dry_run
from tests.factories.portal import StaffFactory
from tests.factories.rewards import ask, candidate, used_card
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db

DAYS = 10
NEXT = ON + dt.timedelta(days=1)


def group(days: int | None = None) -> ExclusiveGroup:
    return row_of("campaigns.ExclusiveGroup", days=days)


def of_group(code: str, named: ExclusiveGroup | None, **changes: Any) -> CampaignVersion:
    own = {"group": named.code} if named else {}
    return approved(code=code, name=code, name_en=code, **own, **changes)


def answer(version: CampaignVersion, card: Any, *, on: dt.date = ON, is_live: bool = True) -> str:
    at = AT + (on - ON)
    return ask(version, [candidate(card)], on=on, at=at, is_live=is_live)[0].answer


def test_the_other_campaign_of_the_group_gives_nothing_and_says_who_did() -> None:
    one = group()
    a, b, c = of_group("a", one), of_group("b", one), of_group("c", group())
    card, free = used_card(), used_card()
    assert answer(a, card) == "granted"
    (found, other) = ask(b, [candidate(card), candidate(free)])
    assert (found.answer, found.amount, found.tiers) == ("other_of_group", 0, ())
    assert found.held is not None
    assert (found.held.campaign_id, found.held.until) == (a.campaign_id, None)
    assert (other.answer, other.held) == ("granted", None)
    # Its own campaign, and one of another group, are not held.
    assert answer(a, card) == "had_before"
    assert answer(c, card) == "granted"
    assert Grant.objects.filter(campaign=b.campaign).count() == 1


@pytest.mark.parametrize(
    ("days", "after", "expected"),
    [
        (DAYS, 0, "other_of_group"), (DAYS, DAYS - 1, "other_of_group"), (DAYS, DAYS, "granted"),
        (1, 0, "other_of_group"), (1, 1, "granted"), (None, 180, "other_of_group"),
    ],
)  # fmt: skip
def test_it_holds_for_its_days_the_first_included(
    days: int | None, after: int, expected: str
) -> None:
    one = group(days)
    a, b = of_group("a", one), of_group("b", one)
    card = used_card()
    assert answer(a, card) == "granted"
    assert answer(b, card, on=ON + dt.timedelta(days=after)) == expected


def test_each_reward_of_the_campaign_holds_anew() -> None:
    one = group(DAYS)
    tiers = [TIER | {"code": "x"}, TIER | {"code": "y"}]
    a = of_group("a", one, rewards={"mode": "each", "tiers": tiers})
    b, card = of_group("b", one), used_card()
    first = candidate(card)
    assert ask(a, [first])[0].answer == "granted"
    later = ON + dt.timedelta(days=6)
    both = type(first)(first.customer_id, first.card_id, first.branch_id, (0, 1))
    assert ask(a, [both], on=later, at=AT + (later - ON))[0].tiers == ("y",)
    assert answer(b, card, on=ON + dt.timedelta(days=DAYS)) == "other_of_group"
    assert answer(b, card, on=later + dt.timedelta(days=DAYS)) == "granted"


def test_what_was_taken_back_holds_all_the_same() -> None:
    one = group()
    a = of_group("a", one)
    b, card = of_group("b", one), card_in_use()
    worked(started(a))
    refund(card, "600.00", day(10))
    assert rewards.reopen_grants(on=ON, at=AT) == 1
    assert answer(b, card) == "other_of_group"
    assert answer(a, card) == "granted"


def test_who_has_a_reward_of_this_campaign_had_it_before() -> None:
    """It was given here before the other one came, whose days then began after."""
    one = group(1)
    tiers = [TIER | {"code": "low", "kind": "cash_back", "value": "5.00"},
             TIER | {"code": "high", "kind": "cash_back", "value": "20.00"}]  # fmt: skip
    a = of_group("a", one, rewards={"mode": "highest", "tiers": tiers})
    b, card = of_group("b", one), used_card()
    first = candidate(card)
    assert ask(a, [first])[0].tiers == ("low",)
    assert answer(b, card, on=NEXT) == "granted"
    both = type(first)(first.customer_id, first.card_id, first.branch_id, (0, 1))
    (found,) = ask(a, [both], on=NEXT, at=AT + dt.timedelta(days=1))
    assert (found.answer, found.tiers, found.held) == ("had_before", (), None)


# --- the database ------------------------------------------------------------------------------
def refused_as(**values: Any) -> str | None:
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        Grant.objects.create(**values)
    cause = refused.value.__cause__
    assert isinstance(cause, psycopg.Error)
    return cause.diag.constraint_name


def test_the_database_refuses_a_second_campaign_of_a_group() -> None:
    one = group(DAYS)
    a, b = of_group("a", one), of_group("b", one)
    card = used_card()
    assert answer(a, card) == "granted"
    assert answer(b, used_card()) == "granted"
    row = Grant.objects.get(campaign=b.campaign)
    held = row.held
    new = {
        field.attname: getattr(row, field.attname)
        for field in Grant._meta.concrete_fields
        if field.name not in {"id", "customer", "card"}
    } | {"customer_id": card.customer_id, "card_id": card.pk}
    assert refused_as(**new) == "grant_one_campaign_of_group"
    last = held.upper - dt.timedelta(days=1)
    assert refused_as(**new | {"held": (last, held.upper)}) in {
        "grant_one_campaign_of_group", "grant_holds_its_group",
    }  # fmt: skip
    wrong: list[dict[str, Any]] = [
        {"group_id": None, "held": None}, {"group_id": group(DAYS).pk},
        {"held": (held.lower, None)}, {"held": "empty"},
    ]  # fmt: skip
    free = used_card()
    for change in wrong:
        values = new | {"customer_id": free.customer_id, "card_id": free.pk} | change
        assert refused_as(**values) == "grant_holds_its_group", change
    assert Grant.objects.count() == 2


@given(
    steps=st.lists(
        st.tuples(st.sampled_from("abx"), st.integers(0, 2), st.integers(0, 9)), max_size=12
    ),
    days=st.sampled_from([1, 4, None]),
)
@settings(max_examples=15)
def test_any_order_of_asking_agrees_with_a_plain_reading(
    steps: list[tuple[str, int, int]], days: int | None
) -> None:
    """Of a group a and b, and beside it x; three customers, on days in order."""
    with transaction.atomic():
        one = group(days)
        found = {code: of_group(code, one if code != "x" else None) for code in "abx"}
        cards = [used_card() for _number in range(3)]
        had: dict[tuple[str, int], dt.date] = {}
        for code, who, after in sorted(steps, key=lambda step: step[2]):
            on = ON + dt.timedelta(days=after)
            rivals = [had[other, who] for other in "ab" if other != code and (other, who) in had]
            is_held = code != "x" and any(
                days is None or on < begun + dt.timedelta(days=days) for begun in rivals
            )
            expected = (
                "had_before" if (code, who) in had else "other_of_group" if is_held else "granted"
            )
            assert answer(found[code], cards[who], on=on, is_live=False) == expected
            assert answer(found[code], cards[who], on=on) == expected
            if expected == "granted":
                had[code, who] = on
        transaction.set_rollback(True)


# --- runs --------------------------------------------------------------------------------------
def two(days: int | None = None) -> tuple[CampaignVersion, CampaignVersion]:
    one = group(days)
    return of_group("a", one, priority=10), of_group("b", one, priority=20)


def test_the_loser_s_decision_names_the_winner_and_counts_in_the_funnel() -> None:
    a, b = two()
    cards = [card_in_use() for _number in range(3)]
    first = worked(started(a))
    run = worked(started(b))
    assert (answers_in(first), answers_in(run)) == (["granted"] * 3, ["other_of_group"] * 3)
    found = decided.figures_of(run)
    assert found.awards == {"other_of_group": 3}
    fallen = sum(step.failed for step in found.steps) + sum(one.failed for one in found.checks)
    assert found.customers == fallen + found.awards.get("granted", 0)
    row = Decision.objects.get(run=run, customer=cards[0].customer)
    assert row.other == a.campaign
    with translation.override("en"):
        assert row.award_label == "Given to by another campaign of the group: a"


def test_dry_run_and_back_test_see_what_the_group_holds() -> None:
    a, b = two()
    card_in_use()
    assert answers_in(dry_run(b)) == ["granted"]
    worked(started(a))
    assert answers_in(dry_run(b)) == ["other_of_group"]
    for first, expected in ((ON, "other_of_group"), (ON - dt.timedelta(days=1), "granted")):
        run = eligibility.start_run(
            version_id=b.pk, kind="back_test", on=ON, first=first, started_by=None, at=AT
        )
        # On the evening before nothing was given yet.
        assert answers_in(worked(run)) == [expected]


# What a run may stand on is known by what transactions had committed.
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("days", [None, 3])
def test_a_run_on_a_run_says_what_one_about_everybody_says(days: int | None) -> None:
    a, b = two(days)
    cards = [card_in_use() for _number in range(12)]
    worked(started(a))
    base = worked(started(b))
    assert set(answers_in(base)) == {"other_of_group"}
    asked = set(Decision.objects.filter(run=base).values_list("again_date", flat=True))
    assert asked == {days and ON + dt.timedelta(days=days)}
    for after in (1, 3):
        at = AT + dt.timedelta(days=after)
        on = ON + dt.timedelta(days=after)
        worked(started(a, on, at), at)
        run = worked(started(b, on, at), at)
        rows = decided.standing(run).values_list("award", flat=True)
        is_over = days is not None and after >= days
        expected = "granted" if is_over else "other_of_group"
        assert list(rows) == [expected] * len(cards)


@pytest.mark.django_db(transaction=True)
def test_what_another_of_the_group_gives_is_asked_for_by_a_run_on_a_run() -> None:
    one = group()
    a = of_group("a", one, priority=10)
    b = of_group("b", one, priority=5, rewards={"mode": "highest", "tiers": [TIER | {"stock": 1}]})
    cards = [card_in_use() for _number in range(12)]
    base = worked(started(b))
    assert answers_in(base) == ["granted", *["stock_out"] * 11]
    assert answer(a, cards[5]) == "granted"
    run = worked(started(b))
    rows = {row.customer_id: decided.as_in(run, row).award for row in decided.standing(run)}
    assert run.base_id == base.pk
    assert rows[cards[5].customer_id] == "other_of_group"
    assert sorted(rows.values()) == ["had_before", "other_of_group", *["stock_out"] * 10]


def test_at_the_flash_door_the_group_holds_too() -> None:
    one = group()
    a = of_group("a", one)
    sale = factory.open_sale(5, run=factory.finished_run(of_group("b", one)))
    numbers = factory.qualified(sale, 2)
    row = Decision.objects.filter(run=sale.run).order_by("id")[0]
    now = timezone.now()
    assert ask(a, [candidate(row.card)], on=clock.bank_day(now), at=now)[0].answer == "granted"
    told = flash.claim(sale=sale, numbers=numbers, at=now)
    assert sorted(one.answer for one in told) == sorted(
        [ClaimAnswer.HAD_ELSEWHERE, ClaimAnswer.HELD]
    )


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_receipts_name_the_campaign_that_gave(client: Any, language: str) -> None:
    a, b = two()
    card = card_in_use()
    worked(started(a))
    worked(started(b))
    client.force_login(StaffFactory(role="compliance", language=language))
    row = Decision.objects.get(run__version=b)
    pages = [
        reverse("decision_page", args=[row.pk]),
        reverse("customer_receipts", args=[card.customer.number]),
        reverse("run_decisions", args=[row.run_id]),
    ]
    for page in pages:
        body = client.get(page, headers={"HX-Request": "true"}).content.decode()
        with translation.override(language):
            assert row.award_label.partition(":")[0] in body or "组内" in body, page
        assert Run.objects.get(pk=row.run_id).state == "done"
