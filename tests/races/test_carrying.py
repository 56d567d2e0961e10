"""Facts in flight while a run notes what it sees: the next run on it decides about them."""

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal

import pytest
from django.db import connection, transaction

from campaigns.eligibility import operations as eligibility
from campaigns.eligibility import queries
from campaigns.models import CampaignVersion, Decision, FactChange, Grant, Run
from journeys.models import Card, DoNotContact, Message
from tests.factories.campaigns import AT, ON, approved, card_in_use
from tests.factories.journeys import DAY, CardFactory, ConsentFactory, TransactionFactory
from tests.races.threads import wait_for

pytestmark = pytest.mark.django_db(transaction=True)


def ran(version: CampaignVersion, on: dt.date = ON) -> Run:
    run = eligibility.start_run(version_id=version.pk, kind="live", on=on, started_by=None, at=AT)
    eligibility.work_run(run_id=run.pk, now=lambda: AT)
    run.refresh_from_db()
    assert run.state == "done"
    return run


@contextmanager
def in_flight(write: Callable[[], object]) -> Iterator[None]:
    """A transaction of another connection that has written, and commits after the block."""
    written, may_end = threading.Event(), threading.Event()
    raised: list[BaseException] = []

    def work() -> None:
        try:
            with transaction.atomic():
                write()
                written.set()
                assert may_end.wait(60)
        except BaseException as error:
            raised.append(error)
        finally:
            written.set()
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        assert written.wait(60)
        yield
    finally:
        may_end.set()
        thread.join()
    assert raised == []


def spend(card: Card) -> None:
    TransactionFactory(card=card, amount=Decimal("500.00"), posted_date=DAY)


def refund(card: Card) -> None:
    TransactionFactory(card=card, kind="refund", amount=Decimal("-400.00"), posted_date=DAY)


def activate(card: Card) -> None:
    Card.objects.filter(pk=card.pk).update(activated_date=DAY, first_used_date=DAY)


def consent(card: Card) -> None:
    ConsentFactory(customer=card.customer, effective_at=AT - dt.timedelta(days=90))


def refuse(card: Card) -> None:
    DoNotContact.objects.create(
        customer=card.customer, at=AT, source="x", words="不要联系", reference="r"
    )


def poor() -> Card:
    return card_in_use(spent="100.00")


def rich() -> Card:
    return card_in_use()


def asleep() -> Card:
    card = CardFactory()
    TransactionFactory(card=card, amount=Decimal("600.00"))
    consent(card)
    return card


def silent() -> Card:
    card = CardFactory(activated_date=DAY, first_used_date=DAY)
    TransactionFactory(card=card, amount=Decimal("600.00"))
    return card


# What is written, about whom, and the outcome and gate before and after.
FACTS = [
    (spend, poor, ("not_qualified", ""), ("qualified", "open")),
    (refund, rich, ("qualified", "open"), ("not_qualified", "")),
    (activate, asleep, ("not_qualified", ""), ("qualified", "open")),
    (consent, silent, ("qualified", "no_consent"), ("qualified", "open")),
    (refuse, rich, ("qualified", "open"), ("qualified", "already")),
]


@pytest.mark.parametrize(("write", "make", "before", "after"), FACTS)
def test_what_commits_after_the_mark_is_decided_about_next(
    write: Callable[[Card], None],
    make: Callable[[], Card],
    before: tuple[str, str],
    after: tuple[str, str],
) -> None:
    version = approved()
    card = make()
    others = [card_in_use() for _number in range(12)]
    FactChange.objects.all().delete()
    with in_flight(lambda: write(card)):
        # Younger transactions commit while that one is open: no number or time tells it apart.
        TransactionFactory(card=others[0], amount=Decimal("1.00"))
        base = ran(version)
        TransactionFactory(card=others[1], amount=Decimal("1.00"))
    old = Decision.objects.get(run=base, customer=card.customer)
    assert (old.outcome, old.gate) == before
    run = ran(version)
    assert run.base_id == base.pk
    new = Decision.objects.get(run=run, customer=card.customer)
    assert (new.outcome, new.gate) == after
    # Who changed before the mark, and committed, is not asked again.
    decided = set(Decision.objects.filter(run=run).values_list("customer_id", flat=True))
    assert decided == {card.customer_id, others[1].customer_id}
    assert Grant.objects.filter(customer=card.customer).count() == (
        "qualified" in (before[0], after[0])
    )
    assert Message.objects.filter(customer=card.customer).count() == (
        "open" in (before[1], after[1])
    )


def test_what_is_in_flight_over_two_runs_is_decided_about_by_the_third() -> None:
    version = approved()
    card = poor()
    for _number in range(12):
        card_in_use()
    with in_flight(lambda: spend(card)):
        base = ran(version)
        between = ran(version)
        assert (between.base_id, between.carried) == (base.pk, 13)
    run = ran(version)
    assert run.base_id == base.pk
    assert Decision.objects.get(run=run, customer=card.customer).outcome == "qualified"
    assert Grant.objects.filter(customer=card.customer, run=run).count() == 1


def test_marks_of_what_a_going_run_does_not_know_are_kept() -> None:
    """The sweep of old marks comes while the run that later ones will stand on is going."""
    version = approved()
    card = poor()
    for _number in range(12):
        card_in_use()
    base = eligibility.start_run(version_id=version.pk, kind="live", on=ON, started_by=None, at=AT)
    eligibility.work_chunk(chunk_id=queries.chunks_to_do(base.pk)[0], now=lambda: AT)
    Run.objects.filter(pk=base.pk).update(state="running", finished_at=None)
    spend(card)
    eligibility.drop_changes(on=ON)
    eligibility.drop_changes(on=ON + dt.timedelta(days=9))
    Run.objects.filter(pk=base.pk).update(state="done", finished_at=AT)
    run = ran(version)
    assert run.base_id == base.pk
    assert Decision.objects.get(run=run, customer=card.customer).outcome == "qualified"


def test_marks_are_not_dropped_while_a_run_is_being_started() -> None:
    version = approved()
    card = poor()
    for _number in range(12):
        card_in_use()
    dropped: list[int] = []

    def drop() -> None:
        try:
            dropped.append(eligibility.drop_changes(on=ON + dt.timedelta(days=9)))
        finally:
            connection.close()

    thread = threading.Thread(target=drop)
    with transaction.atomic():
        with in_flight(lambda: spend(card)):
            run = eligibility.start_run(
                version_id=version.pk, kind="live", on=ON, started_by=None, at=AT
            )
        # The posting has committed, the run's start has not.
        thread.start()
        wait_for(1)
        assert dropped == []
    thread.join()
    assert len(dropped) == 1
    eligibility.work_run(run_id=run.pk, now=lambda: AT)
    again = ran(version)
    assert again.base_id == run.pk
    assert Decision.objects.filter(run=again, customer=card.customer).exists()
