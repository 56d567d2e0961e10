"""Two clicks, two workers, a worker killed in the middle, a queue that is away: done once."""

import datetime as dt
import threading
import time
from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from kombu import pools

from journeys.models import Transaction
from portal.celery import app
from portal.intake import operations, queries
from portal.kit import clock
from portal.models import ApiCall, ApiToken, AuditEntry, ImportBatch, Upload
from tests.factories.intake import AT, make_bank
from tests.factories.portal import StaffFactory
from tests.processes import Processes, wait_until
from tests.races.threads import in_threads

ROWS = "reference,card,amount,posted_date\n" + "".join(
    f"T{n},K1,5.00,2026-03-05\n" for n in range(3_000)
)
LATER = AT + dt.timedelta(minutes=1)
LOCK = "SELECT pg_advisory_{}(hashtextextended('intake:{}', 0))"

pytestmark = pytest.mark.django_db(transaction=True)


def checked() -> Upload:
    make_bank()
    upload = operations.receive_file(
        kind="transactions", label="a.csv", chunks=[ROWS.encode()], by=StaffFactory(), at=AT
    )
    operations.work_upload(upload_id=upload.pk, at=AT)
    upload.refresh_from_db()
    assert upload.state == "checked"
    return upload


def done(upload: Upload) -> tuple[str, int, int]:
    upload.refresh_from_db()
    real = ImportBatch.objects.filter(is_dry_run=False).count()
    return upload.state, real, Transaction.objects.count()


def test_two_clicks_on_import() -> None:
    upload = checked()

    def click(_place: int) -> bool:
        try:
            operations.start_import(upload_id=upload.pk, by=upload.by, at=AT)
        except operations.UploadNotReady:
            return False
        return True

    assert sorted(in_threads(2, click)) == [False, True]
    in_threads(3, lambda _place: operations.work_upload(upload_id=upload.pk, at=AT))
    assert done(upload) == ("done", 1, 3_000)


def _kinds_lock() -> str:
    """The name of the lock for which an import of transactions waits first."""
    return sorted(operations.find_kind("transactions").locks or ("transactions",))[0]


def test_a_worker_that_loses_its_connection_in_the_middle() -> None:
    upload = checked()
    operations.start_import(upload_id=upload.pk, by=upload.by, at=AT)
    with connection.cursor() as cursor:
        cursor.execute(LOCK.format("lock", _kinds_lock()))
        worker = threading.Thread(target=_work, args=[upload.pk])
        worker.start()
        waiting = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        end = time.monotonic() + 60
        while not (found := cursor.execute(waiting).fetchall()) and time.monotonic() < end:
            time.sleep(0.02)
        # In its hands: the sweeper leaves it alone.
        operations.sweep_uploads(at=LATER)
        upload.refresh_from_db()
        assert (len(found), upload.asked_at, upload.attempts) == (1, AT, 1)
        cursor.execute("SELECT pg_terminate_backend(%s)", found[0])
        worker.join(timeout=60)
        cursor.execute(LOCK.format("unlock", _kinds_lock()))
    assert done(upload) == ("importing", 0, 0)
    operations.sweep_uploads(at=LATER)
    upload.refresh_from_db()
    assert upload.asked_at == LATER
    operations.work_upload(upload_id=upload.pk, at=LATER)
    assert done(upload) == ("done", 1, 3_000)
    assert not queries.path_of(upload.stored_name).exists()


def _work(upload_id: int) -> None:
    try:
        operations.work_upload(upload_id=upload_id, at=AT)
    finally:
        connection.close()


@pytest.fixture
def _no_queue() -> Iterator[None]:
    """Nobody answers at the queue's address; the tests after this one have theirs again."""

    def forget_connections() -> None:
        pools.reset()
        app._pool = None
        app.__dict__.pop("amqp", None)

    with pytest.MonkeyPatch.context() as patch:
        for name in ("broker_url", "broker_write_url"):
            patch.setattr(app.conf, name, "redis://127.0.0.1:1/0")
        forget_connections()
        yield
    forget_connections()


@pytest.mark.usefixtures("_no_queue")
def test_without_a_queue_nothing_is_lost(caplog: pytest.LogCaptureFixture) -> None:
    upload = checked()
    assert caplog.text.count("The queue does not answer") == 1
    operations.start_import(upload_id=upload.pk, by=upload.by, at=AT)
    operations.sweep_uploads(at=LATER)
    upload.refresh_from_db()
    assert (upload.state, upload.asked_at) == ("importing", LATER)
    assert caplog.text.count("The queue does not answer") == 3
    operations.work_upload(upload_id=upload.pk, at=LATER)
    assert done(upload) == ("done", 1, 3_000)


def test_progress_is_seen_before_the_import_ends() -> None:
    """The rows read so far stand in the row while the import still waits to commit."""
    upload = checked()
    operations.start_import(upload_id=upload.pk, by=upload.by, at=AT)
    with transaction.atomic(), connection.cursor() as cursor:
        # A row of the table that the import writes at its end is held back.
        cursor.execute("LOCK TABLE portal_importbatch IN SHARE MODE")
        worker = threading.Thread(target=_work, args=[upload.pk])
        worker.start()
        end = time.monotonic() + 60
        while time.monotonic() < end:
            upload.refresh_from_db()
            if upload.rows_done:
                break
            time.sleep(0.02)
        assert (upload.state, upload.rows_done) == ("importing", 3_000)
    worker.join(timeout=60)
    assert done(upload) == ("done", 1, 3_000)


def test_a_worker_killed_in_the_middle() -> None:
    """A real worker, a real kill -9: the sweep of the next one takes the upload up again."""
    upload = checked()
    operations.start_import(upload_id=upload.pk, by=upload.by, at=clock.now() - dt.timedelta(1))
    with Processes() as processes:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE portal_importbatch IN SHARE MODE")
            worker = processes.start_worker()
            processes.send_task("portal.import_upload", upload.pk)
            wait_until(lambda: _rows_done(upload) == 3_000, 60, "the rows to be read")
            processes.kill(worker)
        processes.flush_queue()
        wait_until(lambda: _is_free(upload), 60, "the hold of the dead worker to end")
        assert done(upload) == ("importing", 0, 0)
        processes.start_worker()
        processes.send_task("portal.sweep_uploads")
        wait_until(lambda: done(upload) == ("done", 1, 3_000), 60, "the import to be done")
    assert upload.attempts == 2


def _rows_done(upload: Upload) -> int:
    upload.refresh_from_db()
    return upload.rows_done


def _is_free(upload: Upload) -> bool:
    with transaction.atomic():
        return queries.hold_upload(upload.pk)


def test_one_key_twice_at_once() -> None:
    make_bank()
    token, _text = operations.create_token(
        name="core",
        kinds=["transactions"],
        last_day=clock.bank_day(AT),
        by=StaffFactory(role="administrator"),
        at=AT,
    )
    rows = [{"reference": "T1", "card": "K1", "amount": "5", "posted_date": "2026-03-05"}]

    def send(_place: int) -> int:
        return operations.receive_rows(
            token=token, kind="transactions", rows=rows, key="k", body_hash="0" * 64, at=AT
        ).pk

    assert len(set(in_threads(4, send))) == 1
    assert (ApiCall.objects.count(), ImportBatch.objects.count()) == (1, 1)


def test_one_name_for_two_tokens_at_once() -> None:
    admin = StaffFactory(role="administrator")

    def make(_place: int) -> bool:
        try:
            operations.create_token(
                name="core", kinds=["cards"], last_day=clock.bank_day(AT), by=admin, at=AT
            )
        except operations.TokenRefused:
            return False
        return True

    assert sorted(in_threads(4, make)) == [False, False, False, True]
    assert ApiToken.objects.count() == AuditEntry.objects.count() == 1


def test_one_token_revoked_twice_at_once_keeps_the_first_reason() -> None:
    admin = StaffFactory(role="administrator")
    operations.create_token(
        name="core", kinds=["cards"], last_day=clock.bank_day(AT), by=admin, at=AT
    )

    def revoke(place: int) -> str:
        try:
            operations.revoke_token(name="core", reason=f"by {place}", by=admin, at=AT)
        except operations.TokenRefused:
            return ""
        return f"by {place}"

    said = [reason for reason in in_threads(4, revoke) if reason]
    assert [ApiToken.objects.get().revoke_reason] == said
    assert AuditEntry.objects.filter(action="api.token_revoked").count() == 1
