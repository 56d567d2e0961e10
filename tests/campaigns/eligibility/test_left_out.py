"""Whom a campaign leaves out for comparison: drawn by the person, the same by every door; campaigns
that were approved before that keep whom they left out."""

import datetime as dt
import importlib
import itertools
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from campaigns.eligibility import queries, rules
from campaigns.flash import operations as flash
from campaigns.models import Campaign, CampaignVersion, Decision, FactChange
from journeys.models import Card, Customer
from tests.campaigns.eligibility.test_carrying import ran
from tests.campaigns.eligibility.test_kinds import run_of
from tests.campaigns.eligibility.test_near import SPENT, USED
from tests.campaigns.rewards.test_bearers import is_known
from tests.factories import flash as selling
from tests.factories.campaigns import AT, ON, approved, card_in_use, draft, submit
from tests.factories.control import id_numbers, is_left_out
from tests.factories.journeys import DAY, CustomerFactory
from tests.factories.portal import StaffFactory
from tests.factories.touches import steps_of, sweep, touched

pytestmark = pytest.mark.django_db
migration = importlib.import_module("campaigns.migrations.0149_control_by_person")
CODE, HALF = "first-gift", 50


def older(**changes: Any) -> CampaignVersion:
    """A campaign as one that was approved when draws went by the customer number."""
    Campaign.objects.create(
        code="older", name="旧", name_en="Older", objective="activate", stage="activation",
        era="2.0", owner=StaffFactory(), created_at=AT, control_by="number",
    )  # fmt: skip
    return approved(code="older", control_percent=HALF, **changes)


def persons(count: int = 12, first: int = 0, **fields: Any) -> list[tuple[Card, Card]]:
    """People with two customer numbers each."""
    found = [(card_in_use(**fields), card_in_use(**fields)) for _number in range(count)]
    for number, pair in enumerate(found, first):
        is_known(*pair, number=f"44030519900101{number:04}")
    return found


def sides(run: Any, pairs: list[tuple[Card, Card]]) -> list[tuple[bool, bool]]:
    """Of each person whether the two numbers are left out."""
    rows = Decision.objects.filter(run=run, award="control")
    out = set(rows.values_list("customer_id", flat=True))
    return [(one.customer_id in out, two.customer_id in out) for one, two in pairs]


def of_both_sides(campaign: Campaign, **fields: Any) -> list[Card]:
    """Cards of a dozen customers, or of as many more as it takes until the campaign leaves out some
    and others not: who, hangs on the keys of their rows where it draws by the customer number."""
    cards: list[Card] = []
    out: frozenset[int] = frozenset()
    while len(cards) < 12 or len(out) in (0, len(cards)):
        assert len(cards) < 200
        cards.append(card_in_use(**fields))
        out = queries.held_out(campaign, HALF, [card.customer_id for card in cards])
    return cards


def plain(pairs: list[tuple[Card, Card]], code: str = CODE) -> list[tuple[bool, bool]]:
    held = [
        [
            is_left_out(code, Customer.objects.get(pk=card.customer_id), HALF)
            for card in pair
        ]
        for pair in pairs
    ]  # fmt: skip
    return [(one, two) for one, two in held]


@pytest.mark.parametrize("kind", ["dry_run", "live"])
def test_all_numbers_of_a_person_are_on_one_side(kind: str) -> None:
    pairs = persons()
    found = sides(run_of(approved(control_percent=HALF), kind), pairs)
    assert found == plain(pairs)
    assert set(found) == {(True, True), (False, False)}


def test_who_is_left_out_does_not_change_with_the_share_that_grows() -> None:
    pairs = persons(20)
    ids = [card.customer_id for pair in pairs for card in pair]
    campaign = draft().campaign
    shares = [queries.held_out(campaign, percent, ids) for percent in (0, 10, 30, 50, 100)]
    assert (shares[0], shares[-1]) == (frozenset(), frozenset(ids))
    assert all(less <= more for less, more in itertools.pairwise(shares))
    assert shares[3] != queries.held_out(Campaign(code="other"), 50, ids)


def by_number(pairs: list[tuple[Card, Card]]) -> list[tuple[bool, ...]]:
    return [
        tuple(rules.is_control("older", card.customer_id, HALF) for card in pair) for pair in pairs
    ]


def test_a_campaign_that_drew_by_the_number_keeps_whom_it_left_out() -> None:
    version, pairs = older(), persons()
    while not any(len(set(one)) == 2 for one in by_number(pairs)):
        pairs += persons(1, first=len(pairs))
    found = sides(run_of(version, "live"), pairs)
    assert found == by_number(pairs)
    assert {(True, False), (False, True)} & set(found)


@pytest.mark.parametrize("make", [approved, older])
def test_nobody_who_is_left_out_is_near(make: Any) -> None:
    changes = {} if make is older else {"control_percent": HALF}
    version = make(rule={"all": [USED, SPENT]}, **changes)
    cards = of_both_sides(version.campaign, spent="499.00")
    run = run_of(version, "dry_run")
    rows = Decision.objects.filter(run=run, gap__isnull=False)
    near = set(rows.values_list("customer_id", flat=True))
    everybody = {card.customer_id for card in cards}
    out = queries.held_out(version.campaign, HALF, list(everybody))
    assert (near, 0 < len(out) < len(cards)) == (everybody - out, True)


def test_a_claim_and_a_step_of_a_plan_are_asked_the_same() -> None:
    sale = selling.open_sale(40, run=selling.finished_run(selling.version_to_sell(
        control_percent=HALF)))  # fmt: skip
    numbers = selling.qualified(sale, 24)
    rows = list(Customer.objects.filter(number__in=numbers).order_by("id"))
    pairs = list(zip(rows[::2], rows[1::2], strict=True))
    for number, pair in enumerate(pairs):
        known = f"44030519900202{number:04}"
        is_known(*[Card.objects.get(customer=who) for who in pair], number=known)
    told = flash.claim(sale=sale, numbers=numbers, at=timezone.now())
    answers = dict(zip(numbers, [one.answer == "control" for one in told], strict=True))
    found = [(answers[one.number], answers[two.number]) for one, two in pairs]
    assert set(found) == {(True, True), (False, False)}


def test_a_step_of_a_plan_goes_by_the_person() -> None:
    touched(control_percent=HALF)
    pairs = persons(issued_date=DAY)
    sweep(DAY)
    found = [
        tuple(steps_of(card.customer_id)["one"][1] == "control" for card in pair) for pair in pairs
    ]
    assert (found, len(set(found))) == (plain(pairs), 2)


def number_that_moves(customer: Customer, start: str) -> str:
    """An ID number by which the draw puts somebody on the other side than by the row's key."""
    before, known = is_left_out(CODE, customer, HALF), CustomerFactory.build
    numbers = (f"{start}{number:04}" for number in range(10_000))
    return next(one for one in numbers if is_left_out(CODE, known(id_number=one), HALF) != before)


@pytest.mark.django_db(transaction=True)
def test_who_turns_out_to_be_another_person_is_drawn_anew_by_the_next_run() -> None:
    """A run on an earlier one decides again about those whose ID number came meanwhile."""
    FactChange.objects.all().delete()
    version = approved(control_percent=HALF)
    cards = [card_in_use() for _number in range(12)]
    for _number in range(80):  # who did not change
        card_in_use()
    first = ran(version, ON)
    before = {row.customer_id: row.award for row in queries.standing(first)}
    moving, others = cards[:4], cards[4:8]
    for place, card in enumerate(moving):
        is_known(card, number=number_that_moves(card.customer, f"4403051990030{place + 1}"))
    for one, card in zip(id_numbers(4), others, strict=True):
        is_known(card, number=one)
    second = ran(version, ON + dt.timedelta(days=1))
    assert second.base_id == first.pk
    after = {row.customer_id: row.award for row in queries.standing(second)}
    moved = [who for who in before if (before[who] == "control") != (after[who] == "control")]
    assert {card.customer_id for card in moving} <= set(moved)
    for card in cards:
        who = Customer.objects.get(pk=card.customer_id)
        assert (after[who.pk] == "control") == is_left_out(CODE, who, HALF)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_receipt_says_how_it_was_drawn(client: Client, language: str) -> None:
    client.force_login(StaffFactory(role="compliance", language=language))
    said = {
        "zh-hans": (
            "按人抽取，共50%：同一证件号码下的所有客户号归在同一边，活动的每次运行都一样。",
            "按客户号抽取，共50%：本活动在改为按人抽取之前已获批准。",
        ),
        "en": (
            "Drawn by person, 50% in all: every customer number with the same ID number is on one"
            " side, in each run of the campaign.",
            "Drawn by customer number, 50% in all: this campaign was approved before draws went by"
            " person.",
        ),
    }[language]
    for version, words in zip((approved(control_percent=HALF), older()), said, strict=True):
        persons(8)
        run = run_of(version, "dry_run")
        out = Decision.objects.filter(run=run, award="control").first()
        given = Decision.objects.filter(run=run, award="granted").first()
        assert out
        assert given
        shown = [
            client.get(reverse("decision_page", args=[one.pk])).content.decode()
            for one in (out, given)
        ]
        assert [words in body for body in shown] == [True, False]


def test_the_database_keeps_the_draw() -> None:
    campaign = draft().campaign
    for change in ({"control_by": "number"}, {"code": "renamed"}):
        with pytest.raises(DatabaseError, match="keeps the draw"), transaction.atomic():
            Campaign.objects.filter(pk=campaign.pk).update(**change)
    campaign.refresh_from_db()
    assert (campaign.control_by, campaign.code) == ("person", CODE)
    Campaign.objects.filter(pk=campaign.pk).update(name="新名")


def test_what_was_approved_before_keeps_its_draw_and_drafts_go_by_the_person() -> None:
    approved(code="old"), draft(code="new")
    submit(draft(code="waits"))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE campaigns_campaign DISABLE TRIGGER campaign_draw_kept")
        cursor.execute(migration.KEEP)
        cursor.execute("ALTER TABLE campaigns_campaign ENABLE TRIGGER campaign_draw_kept")
    found = dict(Campaign.objects.values_list("code", "control_by"))
    assert found == {"old": "number", "new": "person", "waits": "number"}
