"""What a customer's page says of each campaign's last decision: what is missing, and for how long
it can still be made up for."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from campaigns.eligibility import operations as eligibility
from campaigns.eligibility import queries
from campaigns.eligibility.queries.decisions import Verdict
from campaigns.models import CampaignVersion, Decision, Run
from journeys.models import Card
from tests.factories.campaigns import AT, ON, RULE, TIER, approved, card_in_use, draft, dry_run
from tests.factories.journeys import DAY, CardFactory, ProductFactory

pytestmark = pytest.mark.django_db
Clients = Callable[..., Client]

EARLY = DAY + dt.timedelta(days=30)
LAST = DAY + dt.timedelta(days=65)  # of the known case's window
SPENT: dict[str, Any] = RULE["all"][3]
MUCH = SPENT | {"at_least": "5000.00"}
ACTIVATED, USED = {"kind": "activated"}, {"kind": "first_used"}
LONG_ASLEEP = {"kind": "asleep", "months": 100}


def said(card: Card, today: dt.date = EARLY) -> Verdict:
    (one,) = queries.receipts_about(card.customer_id, today=today)
    return one


@pytest.mark.parametrize(("today", "left"), [
    (EARLY - dt.timedelta(days=1), 35),  # never more than on the day as of which it was decided
    (EARLY, 35), (EARLY + dt.timedelta(days=1), 34), (LAST - dt.timedelta(days=1), 1),
    (LAST, 0), (LAST + dt.timedelta(days=1), None), (ON + dt.timedelta(days=90), None),
])  # fmt: skip
def test_days_left_are_counted_from_today(today: dt.date, left: int | None) -> None:
    card = card_in_use("499.99", issued_date=DAY)
    dry_run(approved(), on=EARLY)
    one = said(card, today)
    assert one.line
    assert one.line.explanation
    assert (one.line.explanation.deadline, one.days_left) == (LAST, left)


@pytest.mark.parametrize(("days", "words"), [(-10, "Days left: 10"), (0, "today"), (1, "")])
def test_pages_say_how_long_it_can_still_be_made_up_for(
    client_of: Clients, days: int, words: str
) -> None:
    card = card_in_use("499.99", issued_date=DAY)
    run = dry_run(approved(), on=EARLY)
    moment = dt.datetime.combine(LAST + dt.timedelta(days=days), dt.time(4), dt.UTC)
    with time_machine.travel(moment, tick=False):
        client = client_of("campaign_manager")
        client.post(reverse("set_language"), {"language": "en"})
        number, row = card.customer.number, Decision.objects.get(run=run)
        part = client.get(reverse("customer_receipts", args=[number])).content.decode()
        page = client.get(reverse("decision_page", args=[row.pk])).content.decode()
    assert (f'<div class="small">{words}</div>' in part) == bool(words)
    assert f"as of {EARLY}" in part
    assert ("Days left" in part) == (days < 0)
    assert ("still open" in page) == (days <= 0)


@pytest.mark.parametrize(("step", "name", "gap"), [
    # The first that is missing, not the first of the step.
    ({"any": [{"all": [ACTIVATED, MUCH]}, {"all": [USED, MUCH]}]}, "Spending", "¥100"),
    ({"any": [MUCH, SPENT | {"at_least": "4950.00"}]}, "Spending", "¥50"),
    ({"any": [SPENT | {"at_least": "4950.00"}, MUCH]}, "Spending", "¥50"),
    # One condition is nearer than two, and what can be made up for nearer than what cannot.
    ({"any": [{"all": [SPENT | {"at_least": "4901.00"}, LONG_ASLEEP]}, MUCH]}, "Spending", "¥100"),
    ({"not": ACTIVATED}, "Not: Card activated", ""),
    ({"not": {"any": [LONG_ASLEEP, ACTIVATED]}}, "Not: Card asleep or Card activated", ""),
    ({"any": [{"not": ACTIVATED}, MUCH]}, "Spending", "¥100"),
])  # fmt: skip
def test_what_is_missing_is_never_what_is_there(step: Any, name: str, gap: str) -> None:
    card = card_in_use("4900.00", issued_date=DAY)
    dry_run(approved(rule=step), on=EARLY)
    with translation.override("en"):
        line = said(card).line
    assert line
    assert line.explanation
    assert (name in line.name, line.explanation.gap) == (True, gap)


@pytest.mark.parametrize(("condition", "facts"), [
    (ACTIVATED, {"activated_date": None, "first_used_date": None}),
    (USED, {"first_used_date": None}),
    ({"kind": "points_balance", "at_least": 500}, {}), ({"kind": "cards_held", "at_least": 2}, {}),
    ({"kind": "product_held", "products": ["SILVER"]}, {}),
    ({"kind": "consent", "purpose": "sharing"}, {}),
    ({"kind": "months_in_row", "months": 3, "at_least": "10.00"}, {}),
])  # fmt: skip
def test_what_can_be_made_up_for_on_any_day_has_the_campaigns_last_day(
    condition: dict[str, Any], facts: dict[str, Any]
) -> None:
    ProductFactory(code="SILVER")
    card = CardFactory(issued_date=DAY, **({"activated_date": DAY, "first_used_date": DAY} | facts))
    runs_to = EARLY + dt.timedelta(days=200)
    dry_run(approved(rule=condition, runs_to=str(runs_to)), on=EARLY)
    one = said(card)
    assert one.line
    assert one.line.explanation
    last = runs_to - dt.timedelta(days=1)
    assert (one.line.explanation.deadline, one.line.explanation.is_open) == (last, True)
    assert one.days_left == 199
    assert said(card, last + dt.timedelta(days=1)).days_left is None


@pytest.mark.parametrize(("spent", "gap"), [("400.00", "¥100"), ("499.99", "¥0.01")])
def test_who_reaches_no_tier_is_told_what_the_nearest_lacks(
    client_of: Clients, spent: str, gap: str
) -> None:
    """The rule is met, and every tier asks more: its sum is what is missing, and its last day."""
    tiers = [
        TIER | {"code": code, "name_en": f"{code.title()} gift", "value": value,
                "needs": SPENT | {"at_least": at_least}}
        for code, value, at_least in (("small", "10.00", "500.00"), ("big", "20.00", "900.00"))
    ]  # fmt: skip
    card = card_in_use(spent, issued_date=DAY)
    dry_run(approved(rule=USED, rewards={"tiers": tiers}), on=EARLY)
    with translation.override("en"):
        one = said(card)
    assert one.decision.outcome == "no_tier"
    assert one.line
    assert one.line.explanation
    assert (one.line.name, one.line.explanation.gap) == ("Small gift: Spending reached", gap)
    assert (one.line.explanation.deadline, one.days_left) == (LAST, 35)
    url = reverse("customer_receipts", args=[card.customer.number])
    with time_machine.travel(dt.datetime.combine(EARLY, dt.time(4), dt.UTC), tick=False):
        page = client_of("compliance").get(url)
    assert gap in page.content.decode()


@pytest.mark.parametrize("mode", ["each", "highest"])
@pytest.mark.parametrize("kind", ["dry_run", "back_test", "live"])
def test_only_the_stock_that_ended_is_said_to_have(mode: str, kind: str) -> None:
    more = SPENT | {"at_least": "1000.00"}
    tiers = [
        TIER | {"code": "a", "stock": 1},
        TIER | {"code": "b", "value": "20.00", "stock": 100, "needs": more},
    ]
    version = approved(rewards={"mode": mode, "tiers": tiers})
    for spent in ("600.00", "600.00", "1200.00"):
        card_in_use(spent)
    run = eligibility.start_run(
        version_id=version.pk, kind=kind, on=ON, started_by=None, at=AT,
        **({"first": ON} if kind == "back_test" else {}),
    )  # fmt: skip
    eligibility.work_run(run_id=run.pk, now=lambda: AT)
    run.refresh_from_db()
    found = queries.figures_of(run)
    assert {code: count for code, (count, _amount) in found.tiers.items()} == {"a": 1, "b": 1}
    assert [(one.tier, one.given) for one in found.ran_out] == [("a", 1)]


def runs_of(version: CampaignVersion, card: Card, kind: str, number: int, **fields: Any) -> None:
    """Runs of long ago that decided about a customer."""
    at = AT - dt.timedelta(days=400)
    runs = Run.objects.bulk_create(
        Run(
            version=version, campaign=version.campaign, kind=kind, on_date=at.date(),
            started_at=at, finished_at=at, texts=[] if kind == "live" else None,
            **({"state": "done", "cleared_at": at if kind == "live" else None} | fields),
        )
        for _place in range(number)
    )  # fmt: skip
    Decision.objects.bulk_create(
        Decision(
            run=run,
            customer=card.customer,
            card=card,
            outcome="qualified",
            reached=[0],
            issued_date=card.issued_date,
        )
        for run in runs
    )


def test_no_campaign_drops_off_the_page_whatever_came_after(client_of: Clients) -> None:
    card = card_in_use()
    old = draft(code="old", name="old", name_en="old")
    runs_of(old, card, "dry_run", 1)
    busy = draft(code="busy", name="busy", name_en="busy")
    runs_of(busy, card, "live", 250)
    runs_of(busy, card, "live", 3, state="stopped", cleared_at=None)
    runs_of(busy, card, "dry_run", 3)
    with CaptureQueriesContext(connection) as asked:
        found = queries.receipts_about(card.customer_id, today=timezone.localdate())
    said = {one.decision.run.version.campaign.code: one for one in found}
    assert set(said) == {"old", "busy"}
    # The last live run that gave anything stands, beside the one that was stopped later.
    assert (said["busy"].decision.run.state, said["busy"].decision.run.kind) == ("done", "live")
    assert said["busy"].stopped is not None
    assert len(asked) <= 10
