"""Campaigns that rule out each other, at the same instant: nobody gets something of both."""

from collections import Counter
from dataclasses import replace

import pytest
from django.utils import timezone

from campaigns.eligibility import operations as eligibility
from campaigns.eligibility import rules
from campaigns.eligibility.operations.working import decide_chunk
from campaigns.flash import operations as flash
from campaigns.flash.enums import ClaimAnswer as A
from campaigns.models import CampaignVersion, Decision, FlashSale, Grant, Run
from journeys.models import Card
from tests.factories import flash as factory
from tests.factories.campaigns import AT, ON, RULE, TIER, approved, card_in_use
from tests.factories.rewards import ask, candidate
from tests.races.threads import in_threads

pytestmark = pytest.mark.django_db(transaction=True)

SPENT = RULE["all"][3]


def excluding(code: str, other: str, **changes: object) -> CampaignVersion:
    rule = {"all": [SPENT, {"kind": "not_in_campaign", "campaigns": [other]}]}
    return approved(code=code, name=code, name_en=code, rule=rule, **changes)


def two() -> tuple[CampaignVersion, CampaignVersion]:
    """One gives points, so that it writes the ledger of points besides; the other gifts."""
    approved(code="b", name="b", name_en="b")
    points = {"mode": "highest", "tiers": [TIER | {"kind": "points", "points": 100}]}
    return excluding("a", "b", rewards=points), excluding("b", "a")


def holders() -> Counter[int]:
    """How many rewards each customer has."""
    return Counter(Grant.objects.values_list("customer_id", flat=True))


@pytest.mark.parametrize("customers", [40, pytest.param(2_000, marks=pytest.mark.chaos)])
def test_candidates_of_two_campaigns_in_opposite_orders_get_one_of_them(customers: int) -> None:
    versions = two()
    for _number in range(customers):
        card_in_use()
    cards = list(Card.objects.select_related("customer").order_by("id"))

    def give(place: int) -> dict[str, int]:
        order = cards if place // 2 % 2 else cards[::-1]
        found: Counter[str] = Counter()
        for start in range(0, customers, 7):
            part = [replace(candidate(card), met=(True, True)) for card in order[start : start + 7]]
            found.update(one.answer for one in ask(versions[place % 2], part))
        return dict(found)

    told: Counter[str] = Counter()
    for one in in_threads(8, give):
        told.update(one)
    assert set(holders().values()) == {1}
    assert len(holders()) == customers == told["granted"]
    assert told == Counter(granted=customers, had_before=3 * customers, had_elsewhere=4 * customers)


def test_two_runs_that_settle_at_once_give_one_reward_to_each(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rules, "SMALLEST_CHUNK", 5)
    monkeypatch.setattr(rules, "CHUNKS_WANTED", 8)
    runs: list[Run] = []
    versions = two()
    plain = approved(code="plain", name="plain", name_en="plain", rewards={
        "mode": "highest", "tiers": [TIER | {"kind": "points", "points": 5}],
    })  # fmt: skip
    for _number in range(40):
        card_in_use()
    for version in (*versions, plain):
        run = eligibility.start_run(
            version_id=version.pk, kind="live", on=ON, started_by=None, at=AT
        )
        for chunk in run.chunks.all():
            decide_chunk(chunk.pk, lambda: AT)
        runs.append(run)
    in_threads(3, lambda place: eligibility.work_run(run_id=runs[place].pk, now=lambda: AT))
    rows = Decision.objects.filter(run__in=runs[:2])
    answers = Counter(rows.values_list("award", flat=True))
    assert answers == Counter(granted=40, had_elsewhere=40)
    # Nothing rules out what the third one gives.
    assert set(holders().values()) == {2}
    # None of their parts had to be tried again: no two waited for each other.
    tries = [set(run.chunks.values_list("state", "settle_attempts")) for run in runs]
    assert tries == [{("done", 1)}] * 3


def test_sales_of_two_campaigns_at_once_give_one_reward_to_each() -> None:
    sales: list[FlashSale] = []
    for version in two():
        sales.append(factory.open_sale(30, run=factory.finished_run(version)))
    numbers = factory.qualified(sales[0], 20)
    rows = Decision.objects.filter(run=sales[0].run)
    rows.update(facts=[[True, "600.00"], [True, []]])
    Decision.objects.bulk_create(
        Decision(
            run=sales[1].run, customer_id=row.customer_id, card_id=row.card_id,
            outcome="qualified", reached=[0], facts=row.facts, issued_date=row.issued_date,
        )
        for row in rows
    )  # fmt: skip
    at = timezone.now()

    def work(place: int) -> Counter[A]:
        sale = sales[place % 2]
        found: Counter[A] = Counter()
        for who in numbers[place // 2 :: 4]:
            flash.claim(sale=sale, numbers=[who], at=at)
            found.update(one.answer for one in flash.confirm(sale=sale, numbers=[who], at=at))
        return found

    told = sum(in_threads(8, work), Counter[A]())
    assert set(holders().values()) == {1}
    assert told[A.GRANTED] == len(holders()) == 20
