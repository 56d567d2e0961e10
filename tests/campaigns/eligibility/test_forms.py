"""Each field of the forms of runs, and each choice of their lists, with what it does."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from campaigns.eligibility import operations as eligibility
from campaigns.eligibility.enums import Outcome
from campaigns.eligibility.forms import DecisionFilter, StartForm
from campaigns.models import Decision, Run
from campaigns.rewards.enums import AwardAnswer
from tests.executing import executes
from tests.factories.campaigns import AT, ON, approved, card_in_use
from tests.factories.journeys import CardFactory, TransactionFactory
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
Clients = Callable[..., Client]
ONE = dt.timedelta(days=1)
# Counted by the days of posting, wherever the card stands.
SPENT = {
    "kind": "spending_in_window", "counted_from": "dates", "first_date": "2026-06-01",
    "last_date": "2026-12-20", "last_day": "inside", "at_least": "500.00",
}  # fmt: skip


def started(client: Client, kind: str, **days: dt.date) -> Run:
    """A run that somebody started on its page, worked to its end."""
    with time_machine.travel(AT, tick=False):
        address = reverse(f"run_start_{kind}", args=["first-gift"])
        sent = {name: day.isoformat() for name, day in days.items()}
        assert client.post(address, sent).status_code == 302
    run = Run.objects.latest("id")
    eligibility.work_run(run_id=run.pk, now=lambda: AT)
    return run


@executes(StartForm, "on")
@pytest.mark.parametrize("kind", ["dry_run", "live"])
@pytest.mark.parametrize(("day", "outcome"), [(ON - ONE, "not_qualified"), (ON, "qualified")])
def test_a_run_looks_at_the_end_of_its_day(
    client_of: Clients, kind: str, day: dt.date, outcome: str
) -> None:
    approved(rule=SPENT)
    TransactionFactory(card=card_in_use("1.00"), amount=Decimal(600), posted_date=ON)
    run = started(client_of("campaign_manager"), kind, on=day)
    assert list(Decision.objects.filter(run=run).values_list("outcome", flat=True)) == [outcome]


@executes(StartForm, "on")
def test_a_preview_counts_at_the_end_of_its_day(client_of: Clients) -> None:
    approved(rule=SPENT)
    TransactionFactory(card=card_in_use("1.00"), amount=Decimal(600), posted_date=ON)
    client = client_of("campaign_manager")
    pages = [
        client_of("analyst").get(reverse("run_page", args=[started(client, "preview", on=day).pk]))
        for day in (ON - ONE, ON)
    ]
    assert [page.context["figures"].qualified for page in pages] == [0, 1]


@executes(StartForm, "first", "on")
@pytest.mark.parametrize(("first", "on", "days"), [
    (-3, 0, [-1]), (-1, 0, [-1]), (0, 0, [0]), (-5, -2, []),
])  # fmt: skip
def test_a_back_test_looks_at_each_evening_from_its_first_to_its_last(
    client_of: Clients, first: int, on: int, days: list[int]
) -> None:
    approved(rule=SPENT)
    TransactionFactory(card=card_in_use("1.00"), amount=Decimal(600), posted_date=ON - ONE)
    run = started(client_of("campaign_manager"), "back_test", first=ON + first * ONE,
                  on=ON + on * ONE)  # fmt: skip
    given = Decision.objects.filter(run=run, award="granted").values_list("decided_date", flat=True)
    assert [(day - ON).days for day in given] == days


# --- the list of decisions ----------------------------------------------------------------------
def decided(run: Run, **values: Any) -> int:
    """The id of a decision of the run about somebody new."""
    return int(row_of("campaigns.Decision", run=run, **values).pk)


def listed(client: Client, run: Run, **asked: Any) -> list[int]:
    page = client.get(reverse("run_decisions", args=[run.pk]), asked)
    return sorted(row.pk for row in page.context["page"].rows)


@executes(DecisionFilter, outcome="outcome")
@pytest.mark.parametrize("outcome", Outcome.values)
def test_decisions_are_listed_by_each_outcome(client_of: Clients, outcome: str) -> None:
    run = row_of("campaigns.Run")
    of = {one: [decided(run, outcome=one) for _number in range(2)] for one in Outcome.values}
    decided(row_of("campaigns.Run"), outcome=outcome)
    client = client_of("campaign_manager")
    assert listed(client, run) == sorted(key for keys in of.values() for key in keys)
    assert listed(client, run, outcome=outcome) == of[outcome]


@executes(DecisionFilter, award="award")
@pytest.mark.parametrize("award", AwardAnswer.values)
def test_decisions_are_listed_by_each_answer_of_the_rewards(client_of: Clients, award: str) -> None:
    run, other = row_of("campaigns.Run"), row_of("campaigns.Campaign")
    of = {}
    for answer in AwardAnswer.values:
        more = {"other": other} if answer == "other_of_group" else {}
        of[answer] = decided(run, outcome="qualified", award=answer, awarded=0, **more)
    decided(run), decided(run, outcome="qualified")
    assert listed(client_of("campaign_manager"), run, award=award) == [of[award]]


@executes(DecisionFilter, "failed", "number")
def test_decisions_are_listed_by_the_first_condition_failed_and_by_number(
    client_of: Clients,
) -> None:
    version = approved()
    good, poor, asleep = card_in_use(), card_in_use("5.00"), CardFactory()
    run = eligibility.start_run(
        version_id=version.pk, kind="dry_run", on=ON, started_by=None, at=AT
    )
    eligibility.work_run(run_id=run.pk, now=lambda: AT)
    of = dict(Decision.objects.filter(run=run).values_list("customer_id", "id"))
    client = client_of("campaign_manager")
    found = [listed(client, run, failed=str(place)) for place in range(4)]
    assert found == [[], [of[asleep.customer_id]], [], [of[poor.customer_id]]]
    assert listed(client, run, number=good.customer.number) == [of[good.customer_id]]
    assert listed(client, run, number=good.customer.number, failed="3") == []
