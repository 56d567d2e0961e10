"""A run that stands on an earlier one gives what a run about everybody gives."""

import datetime as dt
import random
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.eligibility import operations as eligibility
from campaigns.eligibility import queries, rules
from campaigns.models import CampaignVersion, Decision, FactChange, Grant, Run
from journeys.models import Card, Consent, Customer, DoNotContact, Transaction
from merchants.models import Merchant
from tests.factories.campaigns import AT, ON, TIER, approved, card_in_use
from tests.factories.journeys import DAY, CardFactory, ConsentFactory, TransactionFactory

pytestmark = pytest.mark.django_db(transaction=True)
DAYS = dt.timedelta(days=1)
# Age and rest change by the passing of time alone.
RULE: dict[str, Any] = {
    "all": [
        {"kind": "activated"},
        {"any": [
            {"kind": "spending_in_window", "days": 65, "last_day": "inside", "at_least": "500.00"},
            {"kind": "asleep", "months": 2},
            {"kind": "age", "at_least": 40},
        ]},
    ]
}  # fmt: skip


@pytest.fixture(autouse=True)
def _no_marks_from_the_beginning() -> None:
    """Days of tests lie before the day on which the tables were made."""
    FactChange.objects.all().delete()


def ran(version: CampaignVersion, on: dt.date, kind: str = "live", made: int = 0) -> Run:
    return ran_at(version, on, AT + (on - ON) + DAYS * made, kind)


def ran_at(version: CampaignVersion, on: dt.date, at: dt.datetime, kind: str = "live") -> Run:
    run = eligibility.start_run(version_id=version.pk, kind=kind, on=on, started_by=None, at=at)
    eligibility.work_run(run_id=run.pk, now=lambda: at)
    run.refresh_from_db()
    assert run.state == "done"
    return run


def judged(run: Run) -> dict[int, Any]:
    """What was decided about each customer, but for what settling answered."""
    return {
        row.customer_id: (row.card_id, row.outcome, row.failed_at, row.facts, row.reached)
        for row in queries.standing(run)
    }


def settled(run: Run) -> dict[int, Any]:
    found = {}
    for row in queries.standing(run):
        seen = queries.as_in(run, row)
        found[row.customer_id] = (seen.award, seen.awarded, seen.gate, seen.channel)
    return found


def whole(version: CampaignVersion, on: dt.date) -> Run:
    """A live run about everybody, as if none could be carried on."""
    Run.objects.filter(version=version).update(mark="")
    run = ran(version, on)
    assert (run.base_id, run.whole_reason) == (None, "first")
    return run


def test_only_those_who_changed_are_decided_about() -> None:
    version = approved()
    cards = [card_in_use() for _number in range(3)] + [card_in_use(spent="1.00")]
    base = ran(version, ON)
    assert (base.base_id, base.whole_reason) == (None, "first")
    TransactionFactory(card=cards[3], amount=Decimal("600.00"))
    for _number in range(2):
        card_in_use(spent="2.00")
    run = ran(version, ON)
    # Three of six changed: too many, everybody is decided about.
    assert (run.base_id, run.whole_reason) == (None, "many")


def crowd(count: int = 24) -> list[Card]:
    cards = []
    for number in range(count):
        born = dt.date(1986, 6, 25) + DAYS * number if number % 4 == 0 else dt.date(2000, 1, 1)
        card = card_in_use(spent=("600.00", "100.00", "499.99")[number % 3])
        Customer.objects.filter(pk=card.customer_id).update(birth_date=born)
        cards.append(card)
    return cards


def change(rng: random.Random, cards: list[Card], on: dt.date) -> None:
    card = rng.choice(cards)
    what = rng.randrange(6)
    if what == 0:
        TransactionFactory(card=card, amount=Decimal("450.00"), posted_date=on)
    elif what == 1:
        # Known today, of a day to come.
        TransactionFactory(card=card, amount=Decimal("450.00"), posted_date=on + DAYS)
    elif what == 2:
        Card.objects.filter(pk=card.pk).update(closed_date=on + DAYS)
    elif what == 3:
        Consent.objects.filter(customer=card.customer).exists() or ConsentFactory(
            customer=card.customer
        )
        DoNotContact.objects.create(
            customer=card.customer,
            at=AT,
            source="x",
            words="不要联系",
            reference=f"r{rng.random()}",
        )
    elif what == 4:
        Transaction.objects.filter(card=card).update(amount=Decimal("1.00"))
    else:
        cards.append(CardFactory(activated_date=DAY))


@pytest.mark.parametrize("seed", range(6))
def test_a_run_on_another_gives_what_one_about_everybody_gives(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "LEAST_CARRIED", 1)
    rng = random.Random(seed)
    tiers = [TIER | {"stock": 9}] if seed % 2 else [TIER]
    version = approved(rule=RULE, rewards={"mode": "highest", "tiers": tiers})
    cards, on, carried = crowd(), ON, 0
    base = ran(version, on)
    for _night in range(4):
        for _number in range(rng.randrange(3)):
            change(rng, cards, on)
        on += DAYS * rng.choice([0, 1, 1, 5])
        run = ran(version, on)
        assert run.base_id == base.pk
        own = Decision.objects.filter(run=run).count()
        assert run.carried + own == len(judged(run))
        carried += run.carried
        found, figures, grants = judged(run), queries.figures_of(run), Grant.objects.count()
        # A dry run of the same day and one about everybody decide alike.
        assert judged(ran(version, on, "dry_run")) == found
        marks = dict(Run.objects.values_list("pk", "mark"))
        again = whole(version, on)
        for pk, mark in marks.items():
            Run.objects.filter(pk=pk).update(mark=mark)
        Run.objects.filter(pk=again.pk).update(mark="")
        assert judged(again) == found
        assert figures.outcomes == queries.figures_of(again).outcomes
        assert queries.measured(run) == queries.measured(again)
        # It found nothing more to give, and answers as a second run does.
        assert Grant.objects.count() == grants
        second = {"granted": "had_before"}, {"open": "already"}
        expected = {
            key: (second[0].get(award, award), second[1].get(gate, gate))
            for key, (award, _amount, gate, _channel) in settled(run).items()
        }
        assert {key: (one[0], one[2]) for key, one in settled(again).items()} == expected
    assert carried > 0


def test_why_everybody_is_decided_about() -> None:
    version = approved()
    cards = [card_in_use() for _number in range(6)]
    TransactionFactory(card=cards[0], amount=Decimal("1.00"))
    ran(version, ON)
    run = ran(version, ON)
    assert run.base_id is not None
    assert not Decision.objects.filter(run=run).exists()
    assert (run.carried, run.carried_qualified) == (6, 6)
    assert ran(version, ON - DAYS, made=1).whole_reason == "day_back"
    shop = Merchant.objects.first()
    if shop is not None:
        Merchant.objects.filter(pk=shop.pk).update(division_code="330106")
        assert ran(version, ON).whole_reason == "reference"


def test_a_condition_that_moves_by_itself_is_never_carried() -> None:
    version = approved(rule={"kind": "potential", "at_least": 1})
    card_in_use()
    assert [ran(version, ON).whole_reason for _number in range(2)] == ["moving", "moving"]


def test_marks_are_dropped_that_no_run_asks_for() -> None:
    version = approved()
    for _number in range(6):
        card_in_use()
    ran(version, ON)
    before = FactChange.objects.count()
    eligibility.drop_changes(on=ON + 3 * DAYS)
    assert FactChange.objects.count() < before
    assert ran(version, ON).base_id is not None
    TransactionFactory(amount=Decimal("1.00"), card=Card.objects.first())
    left = FactChange.objects.count()
    eligibility.drop_changes(on=ON + 3 * DAYS)
    assert FactChange.objects.count() == left > 0


def test_those_who_changed_are_looked_for_once_and_later_changes_are_the_next_runs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rules, "SMALLEST_CHUNK", 1)
    monkeypatch.setattr(rules, "CHUNKS_WANTED", 3)
    version = approved()
    cards = [card_in_use() for _number in range(20)]
    base = ran(version, ON)
    changed = [cards[place] for place in (2, 5, 11)]
    for card in changed:
        TransactionFactory(card=card, amount=Decimal("1.00"))
    with CaptureQueriesContext(connection) as asked:
        run = eligibility.start_run(
            version_id=version.pk, kind="live", on=ON, started_by=None, at=AT
        )
        late = cards[3]
        TransactionFactory(card=late, kind="refund", amount=Decimal("-590.00"))
        eligibility.work_run(run_id=run.pk, now=lambda: AT)
    looked = [one["sql"] for one in asked if "campaigns_factchange change" in one["sql"]]
    assert len(looked) == 1
    run.refresh_from_db()
    lists = list(run.chunks.order_by("number").values_list("customer_ids", flat=True))
    assert (run.base_id, lists) == (base.pk, [[card.customer_id] for card in changed])
    decided = Decision.objects.filter(run=run).order_by("customer")
    assert [row.customer_id for row in decided] == [card.customer_id for card in changed]
    assert queries.standing(run).get(customer=late.customer_id).outcome == "qualified"
    following = ran(version, ON)
    assert following.base_id == base.pk
    own = queries.standing(following).get(customer=late.customer_id)
    assert (own.run_id, own.outcome) == (following.pk, "not_qualified")


def test_a_part_that_does_not_say_about_whom_it_decides_is_not_done() -> None:
    version = approved()
    cards = [card_in_use() for _number in range(6)]
    ran(version, ON)
    TransactionFactory(card=cards[0], amount=Decimal("1.00"))
    run = eligibility.start_run(version_id=version.pk, kind="live", on=ON, started_by=None, at=AT)
    run.chunks.update(customer_ids=None)
    eligibility.work_run(run_id=run.pk, now=lambda: AT)
    run.refresh_from_db()
    assert (run.state, Decision.objects.filter(run=run).count()) == ("failed", 0)
    assert run.chunks.get().failure.startswith("ListMissing: It began before lists")


def test_a_campaign_of_which_few_changed_is_asked_little_about() -> None:
    """What is asked once for a run, whoever changed: a night has fifty of them."""
    version = approved(rule=RULE)
    cards = [card_in_use() for _number in range(6)]
    ran(version, ON)
    TransactionFactory(card=cards[0], amount=Decimal("600.00"), posted_date=ON)
    with CaptureQueriesContext(connection) as asked:
        run = ran(version, ON)
    assert Decision.objects.get(run=run).customer_id == cards[0].customer_id
    said = [one["sql"] for one in asked if not one["sql"].startswith(("BEGIN", "COMMIT"))]
    assert len(said) <= 89, "\n".join(sorted(said))
    # What the base reached was written down with it, and is not counted once more.
    counted = [one for one in said if 'FROM "campaigns_decision"' in one and "GROUP BY" in one]
    assert len(counted) == 2
    assert not any("NOT EXISTS" in one for one in counted)
