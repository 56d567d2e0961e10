"""What a run on an earlier one reaches is held against what was approved: it is what a run about
everybody says, night after night, also where each is worth what he spent."""

import datetime as dt
import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from campaigns.eligibility import operations as eligibility
from campaigns.eligibility import queries, rules
from campaigns.models import CampaignVersion, Decision, FactChange, Run
from campaigns.planning.rules import plans
from campaigns.planning.rules.drift import Measured
from journeys.models import Card, Customer, Transaction
from tests.campaigns.rewards.test_multiples import (
    LAST,
    ONE,
    TRIPLE,
    refund,
    spender,
    version_of,
)
from tests.factories.campaigns import AT, ON, TIER
from tests.factories.journeys import CardFactory, TransactionFactory

pytestmark = pytest.mark.django_db(transaction=True)
REGULAR: dict[str, Any] = {
    **TIER, "code": "regular", "kind": "cash_back", "value": "7.00",
    "needs": {"kind": "spending_in_window", "days": 400, "last_day": "inside",
              "at_least": "400.00"},
}  # fmt: skip
PEOPLE, NIGHTS = 14, 5


@pytest.fixture(autouse=True)
def _few_may_be_carried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "LEAST_CARRIED", 1)
    FactChange.objects.all().delete()


def ran(version: CampaignVersion, on: dt.date, made: int) -> Run:
    at = AT + (on - ON) + made * dt.timedelta(minutes=1)
    run = eligibility.start_run(version_id=version.pk, kind="live", on=on, started_by=None, at=at)
    eligibility.work_run(run_id=run.pk, now=lambda: at)
    run.refresh_from_db()
    return run


def told_by_everybody(version: CampaignVersion, on: dt.date, made: int) -> Measured:
    """What a run about everybody would reach, taken back again."""
    with transaction.atomic():
        Run.objects.filter(version=version).update(mark="")
        run = ran(version, on, made)
        assert (run.state, run.base_id) == ("done", None)
        found = queries.measured(run)
        transaction.set_rollback(True)
    return found


def counted_one_by_one(run: Run) -> Measured:
    """The same of the decisions that stand, without anything that was kept."""
    plan = plans.plan_of(run.version.content)
    places, tiers, people, worth = plan.measures(), plan.rewards.tiers, 0, Decimal(0)
    for row in queries.standing(run).filter(outcome="qualified"):
        values = [
            tiers[at].worth_by(row.facts[places[at]][1]) if at in places else tiers[at].value
            for at in row.reached
        ]
        people += 1
        worth += sum(values) if plan.rewards.mode == "each" else max(values)
    return Measured(people, worth)


def buys(rng: random.Random, card: Card, on: dt.date) -> None:
    amount = Decimal(rng.choice(["0.50", "30.00", "700.00", "4000.00"]))
    day = rng.choice([LAST, LAST - 3 * ONE, on])
    TransactionFactory(card=card, amount=amount, mcc="5411", posted_date=day)


def gives_back(rng: random.Random, card: Card, on: dt.date) -> None:
    bought = Transaction.objects.filter(card=card, amount__gt=0).order_by("-amount").first()
    if bought is not None:
        refund(bought, str(bought.amount), rng.choice([LAST, on]))


def leaves(rng: random.Random, card: Card, on: dt.date) -> None:
    Card.objects.filter(pk=card.pk).update(closed_date=on)


def comes(rng: random.Random, card: Card, on: dt.date) -> None:
    spender("50.00") if rng.random() < 0.5 else CardFactory()


def is_joined(rng: random.Random, card: Card, on: dt.date) -> None:
    """The person turns out to be one who is known under another number too."""
    other = Customer.objects.exclude(pk=card.customer_id).order_by("pk").first()
    if other is not None:
        Customer.objects.filter(pk=card.customer_id).update(bearer=other.bearer)


def is_not_used(rng: random.Random, card: Card, on: dt.date) -> None:
    Card.objects.filter(pk=card.pk).update(activated_date=None, first_used_date=None)


CHANGES: list[Callable[[random.Random, Card, dt.date], None]] = [
    buys, buys, buys, gives_back, leaves, comes, is_joined, is_not_used,
]  # fmt: skip


@pytest.mark.parametrize("seed", range(5))
def test_what_is_carried_is_what_a_run_about_everybody_reaches(seed: int) -> None:
    rng = random.Random(seed)
    mode = rng.choice(["each", "highest"])
    version = version_of(
        *rng.choice([(TRIPLE,), (REGULAR, TRIPLE), (TRIPLE, REGULAR)]), mode=mode,
        control_percent=rng.choice([0, 30]),
        budget={"total": rng.choice(["9.00", "1000.00", "1000000.00"])},
    )  # fmt: skip
    for _number in range(PEOPLE):
        spender(*rng.sample(["0.50", "80.00", "900.00", "5000.00"], rng.randrange(3)))
    on, carried, anew = ON, 0, 0
    base = ran(version, on, 0)
    for night in range(1, NIGHTS + 1):
        for _number in range(rng.randrange(4)):
            rng.choice(CHANGES)(rng, rng.choice(list(Card.objects.order_by("pk"))), on)
        if rng.random() < 0.2:  # a base of before what it reached was written down
            Run.objects.filter(pk=base.pk).update(figures={
                name: value for name, value in (base.figures or {}).items() if name != "measured"
            })  # fmt: skip
        on += rng.choice([0, 1, 1, 4]) * ONE
        everybody = told_by_everybody(version, on, night * 2)
        run = ran(version, on, night * 2)
        assert (run.state, run.base_id) == ("done", base.pk), (run.failure, run.whole_reason)
        kept = (run.figures or {})["measured"]
        assert kept == everybody.as_data() == counted_one_by_one(run).as_data()
        carried += run.carried
        anew += Decision.objects.filter(run=run).count()
    assert min(carried, anew) > 0
