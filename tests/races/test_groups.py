"""Campaigns of one exclusive group at the same instant, and a whole evening with any number of
workers: nobody gets something of two, and the outcome is the declared one to the last row."""

import random
import time
from collections import Counter
from typing import Any

import pytest
from django.db import connection

from campaigns.eligibility import operations as eligibility
from campaigns.eligibility import rules
from campaigns.models import Campaign, Decision, Grant, Run, RunChunk
from journeys.contact.models import Contact
from journeys.models import Card, Message
from tests.factories.campaigns import AT, ON, TIER, approved, card_in_use
from tests.factories.journeys import ContactRuleFactory
from tests.factories.rewards import ask, candidate
from tests.project.rows import row_of
from tests.races.threads import in_threads

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("customers", [40, pytest.param(2_000, marks=pytest.mark.chaos)])
def test_two_of_a_group_in_opposite_orders_give_one_reward_to_each(customers: int) -> None:
    """One gives points, so that it writes the ledger of points besides; the other gifts."""
    group = row_of("campaigns.ExclusiveGroup").code
    points = {"mode": "highest", "tiers": [TIER | {"kind": "points", "points": 100}]}
    versions = [
        approved(code="a", name="a", name_en="a", group=group, rewards=points),
        approved(code="b", name="b", name_en="b", group=group),
    ]
    for _number in range(customers):
        card_in_use()
    cards = list(Card.objects.select_related("customer").order_by("id"))

    def give(place: int) -> Counter[str]:
        order = cards if place // 2 % 2 else cards[::-1]
        found: Counter[str] = Counter()
        for start in range(0, customers, 7):
            part = [candidate(card) for card in order[start : start + 7]]
            found.update(one.answer for one in ask(versions[place % 2], part))
        return found

    told: Counter[str] = Counter()
    for one in in_threads(8, give):
        told.update(one)
    assert told == Counter(
        granted=customers, had_before=3 * customers, other_of_group=4 * customers
    )
    assert set(Counter(Grant.objects.values_list("customer_id", flat=True)).values()) == {1}


# Two of a group of which the first is short; one that excludes nobody, with points that the last
# asks for; two of equal priority. The places under the cap are fewer than the campaigns.
CAMPAIGNS: dict[str, dict[str, Any]] = {
    "short": {"priority": 10, "stock": 7, "group": True},
    "wide": {"priority": 20, "stock": 20, "group": True},
    "last": {"priority": 20, "stock": 30, "group": True},
    "points": {"priority": 30, "points": 40},
    "asks": {"priority": 60, "rule": {"kind": "points_balance", "at_least": 40}},
    "also": {"priority": 60},
}


def _campaign(code: str, group: str) -> None:
    own = CAMPAIGNS[code]
    tier = TIER | {name: own[name] for name in ("stock", "points") if name in own}
    tier |= {"kind": "points" if "points" in own else "gift"}
    changes = {"rule": own["rule"]} if "rule" in own else {}
    approved(
        code=code, name=code, name_en=code, priority=own["priority"],
        rewards={"mode": "highest", "tiers": [tier]},
        **({"group": group} if "group" in own else {}), **changes,
    )  # fmt: skip


def _work(seed: int) -> None:
    """A worker: takes whatever is unfinished, in an order of its own."""
    dice, ends = random.Random(seed), time.monotonic() + 60
    while time.monotonic() < ends:
        left = list(
            RunChunk.objects.filter(run__state="running", state__in=["pending", "decided"])
            .order_by("id").values_list("id", flat=True)
        )  # fmt: skip
        if not left:
            return
        dice.shuffle(left)
        for chunk_id in left[:5]:
            eligibility.work_chunk(chunk_id=chunk_id, now=lambda: AT)
    raise AssertionError("the evening did not come to its end")


def _outcome() -> dict[str, list[Any]]:
    grants = Grant.objects.order_by("customer_id", "campaign__code")
    decisions = Decision.objects.order_by("customer_id", "run__campaign__code")
    messages = Message.objects.order_by("customer_id", "dedup_key")
    contacts = Contact.objects.order_by("customer_id", "dedup_key")
    return {
        "grants": list(grants.values_list("customer_id", "campaign__code", "reward", "amount",
                                          "points", "held")),
        "decisions": list(decisions.values_list(
            "customer_id", "run__campaign__code", "outcome", "facts", "award", "awarded",
            "other__code", "gate", "channel", "again_date")),
        "messages": list(messages.values_list("customer_id", "dedup_key", "channel", "state",
                                              "priority", "not_before", "context")),
        "contacts": list(contacts.values_list("customer_id", "dedup_key", "channel", "at",
                                              "released_at")),
    }  # fmt: skip


def _forget() -> None:
    """As if no campaign had ever been: customers, cards and spending stay."""
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE campaigns_campaign, campaigns_exclusivegroup, journeys_message,"
            " journeys_contact, journeys_pointsentry, journeys_pointsbatch, campaigns_factchange"
            " CASCADE"
        )


def _evening(codes: list[str], workers: int) -> dict[str, list[Any]]:
    group = row_of("campaigns.ExclusiveGroup", code="one-of-three").code
    for code in codes:
        _campaign(code, group)
    found = eligibility.start_evening(on=ON, started_by=None, at=AT)
    assert (len(found.runs), found.refused) == (len(codes), [])
    in_threads(workers, lambda place: _work(place + workers))
    assert set(Run.objects.values_list("state", flat=True)) == {"done"}
    # Two may begin one part at once, of whom one finds it taken; none failed.
    assert set(RunChunk.objects.values_list("failure", flat=True)) == {""}
    assert set(RunChunk.objects.values_list("settle_attempts", flat=True)) == {1}
    outcome = _outcome()
    _forget()
    assert not Campaign.objects.exists()
    return outcome


def test_the_same_evening_whatever_the_workers_and_the_order_of_making(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rules, "SMALLEST_CHUNK", 5)
    monkeypatch.setattr(rules, "CHUNKS_WANTED", 8)
    ContactRuleFactory(day_cap=1, month_cap=2)
    for _number in range(40):
        card_in_use()
    codes = list(CAMPAIGNS)
    expected = _evening(codes, 1)
    given = Counter(row[1] for row in expected["grants"])
    # The declared order: 7 of the first, then of equal ones the code; all who got points besides.
    assert given == Counter(short=7, last=30, wide=3, points=40, also=40)
    dice = random.Random(5)
    for workers in (1, 2, 4):
        dice.shuffle(codes)
        found = _evening(codes, workers)
        for name in expected:
            assert found[name] == expected[name], (name, workers, codes)
