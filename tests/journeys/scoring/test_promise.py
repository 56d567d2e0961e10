"""The model of potential: learned from what customers did later, measured on a later span, told
with reasons; and the scorecard where no version is better."""

import datetime as dt
import random
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from journeys.models import Card, Customer, PotentialModel, Transaction
from journeys.scoring import operations, queries
from journeys.scoring.rules import learning, model, promise
from portal.audit.models import AuditEntry
from portal.kit import clock
from tests.factories.journeys import CardFactory, CustomerFactory
from tests.factories.portal import BranchFactory, StaffFactory

ON = dt.date(2026, 6, 1)
AT = clock.at_time(ON, dt.time(9))
LAST = ON - dt.timedelta(days=1)
SPAN = dt.timedelta(days=90)
COUNT = 1_040
pytestmark = pytest.mark.django_db
needs_library = pytest.mark.skipif(
    not learning.has_library(), reason="scikit-learn (the extra `score`) is not installed"
)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def bank(
    count: int = COUNT, *, lonely: float = 0.8, busy: float = 0.1, last: dt.date = LAST
) -> list[Customer]:
    """Customers in four spans up to a day. Two of five buy seldom and much, and spend the goal in a
    span with the chance `lonely`; the others buy often and little, with the chance `busy`. The
    scorecard, which likes what is frequent and recent, has them the wrong way round."""
    rng = random.Random(1)
    first = CardFactory(issued_date=last - 7 * SPAN, customer__registered_date=last - 8 * SPAN)
    shared = {"branch": first.customer.branch, "registered_date": last - 8 * SPAN}
    people = Customer.objects.bulk_create(
        [CustomerFactory.build(**shared, phone="", email="") for _place in range(count - 1)]
    )
    cards = Card.objects.bulk_create(
        [
            Card(
                reference=f"P{place:06d}", masked_number=first.masked_number, customer=one,
                product=first.product, branch=one.branch, issued_date=first.issued_date,
            )
            for place, one in enumerate(people)
        ]
    )  # fmt: skip
    bought = []
    for place, card in enumerate([first, *cards]):
        for span in range(4):
            chance = lonely if place % 5 < 2 else busy
            bought += _bought(card, last - span * SPAN, place % 5 < 2, rng.random() < chance)
    Transaction.objects.bulk_create(bought)
    # What other tests left of the planner's knowledge, and of its plans, is of few rows.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE journeys_transaction, journeys_card, journeys_customer")
        cursor.execute("DISCARD PLANS")
    return [first.customer, *people]


def _bought(card: Card, end: dt.date, is_lonely: bool, keeps: bool) -> list[Transaction]:
    if is_lonely:
        days, amounts = (70, 60), (2000, 1900) if keeps else (1000, 900)
    else:
        days, amounts = (12, 8, 5, 2), (900, 900, 900, 900) if keeps else (150, 150, 150, 150)
    return [
        Transaction(
            reference=f"{card.reference}-{end:%j%y}-{day}", card=card, customer=card.customer,
            kind="purchase", amount=Decimal(amount), posted_date=end - dt.timedelta(days=day),
        )
        for day, amount in zip(days, amounts, strict=True)
    ]  # fmt: skip


def train() -> list[PotentialModel]:
    return operations.train_potential(at=AT, actor=None)


def told(
    customer: Customer, *, with_traits: bool = True, on: dt.date = LAST
) -> queries.Promise | None:
    return queries.promise_of(
        customer_id=customer.pk, branch=customer.branch, on=on, with_traits=with_traits
    )


@needs_library
def test_a_version_is_measured_on_a_later_span_and_beats_the_scorecard() -> None:
    people = bank()
    plain, full = train()
    assert (plain.with_traits, full.with_traits) == (False, True)
    for one in (plain, full):
        days = (one.first_day, one.middle_day, one.last_day)
        assert days == (LAST - 2 * SPAN, LAST - SPAN, LAST)
        assert (one.customers, one.held_out, one.lacks) == (2 * COUNT, COUNT, "")
        assert one.figures["model"]["auc"] > 0.7 > 0.5 > one.figures["scorecard"]["auc"]
        assert sum(tenth["calls"] for tenth in one.figures["tenths"]) == COUNT
    assert "age" not in {name.partition(".")[0] for name in plain.learned["line"]["names"]}
    kept = {row.customer_id for row in _spent_in_the_last_span() if row.total >= 3000}
    assert plain.figures["kept"] == len(kept)
    best = best_of(people)
    found, other = told(best), told(people[3])
    assert found is not None
    assert other is not None
    assert (found.version, found.potential.value) == (plain, "high")
    assert (other.chance < found.chance, other.potential.value) == (True, "low")
    assert (found.reasons[0].added > 0, found.reasons[0].words.endswith("Speaks for it.")) == (
        True, True,
    )  # fmt: skip
    assert AuditEntry.objects.filter(action="potential_model.trained").count() == 2


def best_of(people: list[Customer], *, on: dt.date = LAST) -> Customer:
    """One of those who buy seldom and much: whoever is foretold most of the first few."""
    found = {one: told(one, on=on) for one in people[:36:5]}
    chances = {one: promise.chance for one, promise in found.items() if promise is not None}
    return max(chances, key=lambda one: chances[one])


def _spent_in_the_last_span() -> Any:
    return Transaction.objects.raw(
        "SELECT min(id) AS id, customer_id, sum(amount) AS total FROM journeys_transaction"
        " WHERE posted_date > %s AND posted_date <= %s GROUP BY customer_id",
        [LAST - SPAN, LAST],
    )


@needs_library
def test_nothing_of_the_later_span_is_read_beforehand() -> None:
    bank()
    first = train()[0].figures
    # What came in the last span changes; what was foretold for it does not.
    Transaction.objects.filter(posted_date__gt=LAST - SPAN).update(amount=Decimal(1))
    Transaction.objects.filter(posted_date__gt=LAST - SPAN, card__reference__endswith="1").update(
        amount=Decimal(4000)
    )
    second = train()[0].figures
    assert [one["foretold"] for one in first["tenths"]] == [
        one["foretold"] for one in second["tenths"]
    ]
    assert [one["came"] for one in first["tenths"]] != [one["came"] for one in second["tenths"]]


@pytest.mark.parametrize(("count", "lacks"), [(0, []), (60, ["too_few", "too_few"])])
def test_too_few_leave_the_scorecard(count: int, lacks: list[str]) -> None:
    people = bank(count) if count else []
    assert [one.lacks for one in train()] == lacks
    assert [told(one) for one in people[:1]] == [None] * len(people[:1])


@needs_library
def test_what_is_no_better_leaves_the_scorecard() -> None:
    """All spend by the same chance: what was learned of it is chance."""
    people = bank(lonely=0.3, busy=0.3)
    for one in train():
        assert one.figures["model"]["auc"] <= one.figures["scorecard"]["auc"]
        assert (one.lacks, one.learned) == ("not_better", None)
    assert told(people[0]) is None
    assert told(people[0], with_traits=False) is None


@needs_library
def test_no_trait_is_read_unless_the_branch_said_so() -> None:
    people = bank()
    plain, full = train()
    one = people[0]
    for with_traits, version in ((False, plain), (True, full)):
        operations.choose_traits(
            branch=one.branch, with_traits=with_traits, reason="试用", actor=StaffFactory(), at=AT
        )
        found = told(one)
        assert found is not None
        assert found.version == version
    off = told(one, with_traits=False)
    assert off is not None
    assert off.version == plain
    with CaptureQueriesContext(connection) as seen:
        queries.past_of(on=LAST, with_traits=False)
    assert "CASE WHEN false THEN person.birth_date END" in seen.captured_queries[-1]["sql"]


@needs_library
def test_what_cannot_be_read_leaves_the_scorecard(caplog: pytest.LogCaptureFixture) -> None:
    people = bank()
    plain = train()[0]
    plain.pk, plain.learned = None, {**plain.learned, "format": 99}
    plain.save(force_insert=True)
    assert told(people[0]) is None
    assert "cannot be read" in caplog.text


def test_it_is_trained_once_a_month() -> None:
    bank(20)
    assert len(operations.train_potential_if_due(at=AT)) == 2
    for days, made in ((0, 0), (29, 0), (31, 2)):
        later = AT + dt.timedelta(days=days)
        assert len(operations.train_potential_if_due(at=later)) == made


@needs_library
def test_what_is_kept_foretells_as_what_was_learned() -> None:
    bank()
    plain = train()[0]
    past = [queries.past_of(on=LAST - count * SPAN, with_traits=False) for count in (2, 1)]
    before, after = (promise.people_of(one.facts, one.later) for one in past)
    kept = model.model_of(plain.learned)
    learned = promise.learn(
        promise.together(before, after), np.repeat([0.5, 1.0], COUNT), with_traits=False
    )
    columns = promise.columns_for(kept, after)
    assert (kept.chances(columns) == learned.chances(columns)).all()


@needs_library
def test_by_its_pages(client_of: Callable[..., Client]) -> None:
    today = clock.today()
    people = bank(last=today - dt.timedelta(days=1))
    analyst = client_of(StaffFactory(role="analyst", language="en"))
    assert "No version yet" in analyst.get(reverse("potential_models")).content.decode()
    operations.train_potential(at=clock.now(), actor=None)
    page = analyst.get(reverse("potential_models")).content.decode()
    assert ("Learned" in page, "Foretold and come" in page) == (True, True)
    boss = client_of(StaffFactory(role="branch_manager", branch=people[0].branch, language="en"))
    address = reverse("customer_promise", args=[best_of(people, on=today).number])
    part = boss.get(address, headers={"HX-Request": "true"}).content.decode()
    assert ("High potential" in part, "No personal trait is read." in part) == (True, True)
    stranger = client_of(StaffFactory(role="branch_manager", branch=BranchFactory()))
    assert stranger.get(address, headers={"HX-Request": "true"}).status_code == 404
