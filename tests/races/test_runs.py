"""Runs under race: two workers at one chunk, a broken transaction, a lost queue."""

from collections.abc import Callable, Iterator

import pytest
import redis
import time_machine
from django.conf import settings
from django.db import connection, transaction
from kombu import pools

from campaigns import tasks
from campaigns.eligibility import operations as eligibility
from campaigns.eligibility import queries, rules
from campaigns.models import Decision, Grant, Run
from campaigns.planning import operations as planning
from journeys.models import Contact, Message
from portal.celery import app
from tests.factories.campaigns import AT, ON, approved, card_in_use
from tests.factories.portal import StaffFactory
from tests.races.threads import in_threads

pytestmark = pytest.mark.django_db(transaction=True)


def together(*works: Callable[[], object]) -> list[BaseException]:
    """Do the works at the same time, each on a connection of its own; returns what they raised."""

    def go(place: int) -> BaseException | None:
        try:
            works[place]()
        except BaseException as error:
            return error
        return None

    return [error for error in in_threads(len(works), go) if error is not None]


def live_run(customers: int) -> Run:
    version = approved()
    for _number in range(customers):
        card_in_use()
    return eligibility.start_run(version_id=version.pk, kind="live", on=ON, started_by=None, at=AT)


def written() -> tuple[int, int, int, int]:
    return (
        Decision.objects.count(),
        Grant.objects.count(),
        Message.objects.count(),
        Contact.objects.count(),
    )


def test_two_workers_at_one_chunk_do_it_once() -> None:
    run = live_run(customers=8)
    chunk_id = run.chunks.get().pk
    work = [lambda: eligibility.work_chunk(chunk_id=chunk_id, now=lambda: AT)] * 4
    assert together(*work) == []
    eligibility.work_run(run_id=run.pk, now=lambda: AT)
    run.refresh_from_db()
    assert (run.state, written()) == ("done", (8, 8, 8, 8))


def test_chunks_that_end_at_the_same_time_close_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "SMALLEST_CHUNK", 1)
    monkeypatch.setattr(rules, "CHUNKS_WANTED", 6)
    run = live_run(customers=6)
    chunk_ids = queries.chunks_to_do(run.pk)
    works = [
        lambda key=key: eligibility.work_chunk(chunk_id=key, now=lambda: AT) for key in chunk_ids
    ]
    assert together(*works) == []
    run.refresh_from_db()
    assert (len(chunk_ids), run.state, written()) == (6, "done", (6, 6, 6, 6))


def test_two_live_runs_started_at_once_are_one() -> None:
    version = approved()
    card_in_use()

    def start() -> None:
        eligibility.start_run(version_id=version.pk, kind="live", on=ON, started_by=None, at=AT)

    raised = together(start, start, start)
    assert [type(error) for error in raised] == [eligibility.AlreadyRunning] * 2
    assert Run.objects.count() == 1


def test_a_stop_and_a_chunk_agree_on_what_was_done() -> None:
    run = live_run(customers=5)
    compliance = StaffFactory(role="compliance")
    campaign_id, chunk_id = run.version.campaign_id, run.chunks.get().pk
    raised = together(
        lambda: eligibility.work_chunk(chunk_id=chunk_id, now=lambda: AT),
        lambda: planning.stop_campaign(
            campaign_id=campaign_id, reason="x", actor=compliance, at=AT
        ),
    )
    assert raised == []
    run.refresh_from_db()
    assert (run.state, written()) in [
        ("stopped", (0, 0, 0, 0)),
        ("stopped", (5, 0, 0, 0)),
        ("done", (5, 5, 5, 5)),
    ]
    assert set(Message.objects.values_list("state", flat=True)) <= {"cancelled"}


def test_a_worker_killed_in_the_middle_leaves_nothing_half() -> None:
    run = live_run(customers=3)
    chunk_id = run.chunks.get().pk

    def work_and_die() -> None:
        # The connection breaks after the last write and before the commit.
        with transaction.atomic():
            eligibility.work_chunk(chunk_id=chunk_id, now=lambda: AT)
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    assert len(together(work_and_die)) == 1
    assert written() == (0, 0, 0, 0)
    eligibility.work_chunk(chunk_id=chunk_id, now=lambda: AT)
    assert written() == (3, 3, 3, 3)


def test_a_flushed_queue_loses_nothing() -> None:
    server = redis.Redis.from_url(settings.REDIS_URL)
    server.flushdb()
    run = live_run(customers=3)
    assert server.llen("celery") == 1
    server.flushdb()
    assert eligibility.sweep_runs(at=AT + rules.STALE_AFTER) == 0
    assert eligibility.sweep_runs(at=AT + rules.STALE_AFTER * 2) == 1
    # What a worker would take from the queue and do.
    asked = server.lrange("celery", 0, -1)
    server.flushdb()
    assert len(asked) == 1
    with time_machine.travel(AT):  # a live run is worked off by the end of the next day
        tasks.evaluate_chunk(run.chunks.get().pk)
    run.refresh_from_db()
    assert (run.state, written()) == ("done", (3, 3, 3, 3))


def forget_connections() -> None:
    """Lets Celery connect anew, to the broker that it is now told of."""
    pools.reset()
    app._pool = None
    app.__dict__.pop("amqp", None)


@pytest.fixture
def queue_down(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        # The one for writing first: read after the other, it would be put back as that one is now.
        patch.setattr(app.conf, "broker_write_url", "redis://127.0.0.1:1/0")
        patch.setattr(app.conf, "broker_url", "redis://127.0.0.1:1/0")
        forget_connections()
        yield
    forget_connections()


@pytest.mark.usefixtures("queue_down")
def test_a_run_starts_although_the_queue_is_down(caplog: pytest.LogCaptureFixture) -> None:
    run = live_run(customers=2)
    assert "The queue does not answer" in caplog.text
    eligibility.work_run(run_id=run.pk, now=lambda: AT)
    run.refresh_from_db()
    assert run.state == "done"


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_the_number_of_workers_changes_nothing(
    workers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "SMALLEST_CHUNK", 2)
    monkeypatch.setattr(rules, "CHUNKS_WANTED", 100)
    run = live_run(customers=12)
    chunk_ids = queries.chunks_to_do(run.pk)
    # The last first: what is decided early must wait for its turn.
    waiting = list(chunk_ids)

    def work() -> None:
        while waiting:
            eligibility.work_chunk(chunk_id=waiting.pop(), now=lambda: AT)

    assert together(*[work] * workers) == []
    run.refresh_from_db()
    assert (len(chunk_ids), run.state, written()) == (6, "done", (12, 12, 12, 12))
    # Grants and messages stand in the order of the customers, as one worker would have made them.
    for model in (Grant, Message):
        customers = list(model.objects.order_by("id").values_list("customer_id", flat=True))
        assert customers == sorted(customers)
    settled = run.chunks.order_by("finished_at", "number").values_list("number", flat=True)
    assert list(settled) == [1, 2, 3, 4, 5, 6]
    assert set(run.chunks.values_list("attempts", "settle_attempts")) == {(1, 1)}
