"""Results are told once, whoever is killed, runs twice or imports at the same time."""

import subprocess
import time

import pytest
from django.utils import timezone

from journeys.models import Application, Message
from journeys.notices import operations as notices
from journeys.notices.models import ResultNotice
from journeys.sandbox.models import ReceivedMessage
from portal.intake import operations as intake
from portal.kit import clock
from tests.factories.journeys import ContactRuleFactory, CustomerFactory, ProductFactory
from tests.factories.portal import BranchFactory, StaffFactory
from tests.processes import Processes, wait_until
from tests.races.threads import in_threads

pytestmark = pytest.mark.django_db(transaction=True)


def bank(count: int) -> list[dict[str, str | None]]:
    """A bank with the hours open whatever the time; rows of that many decided applications."""
    ContactRuleFactory(opens="00:00", closes="23:59:59.999999")
    now = timezone.now()
    notices.set_usual_rule(effective_date=clock.bank_day(now), at=now)
    notices.ensure_result_texts(at=now)
    branch = BranchFactory(code="B001")
    ProductFactory()
    for number in range(count):
        CustomerFactory(number=f"C{number}", branch=branch)
    today = clock.bank_day(now).isoformat()
    return [
        {"number": f"A{number}", "customer": f"C{number}", "product": "GOLD", "branch": "B001",
         "filed_date": today, "state": "refused" if number % 3 else "approved",
         "decided_date": today}
        for number in range(count)
    ]  # fmt: skip


def load(rows: list[dict[str, str | None]]) -> None:
    intake.import_rows(
        kind="applications", rows=rows, actor=None, at=timezone.now(), source_name="race"
    )


def assert_each_told_once(count: int) -> None:
    assert ResultNotice.objects.filter(state="told").count() == count
    assert ResultNotice.objects.count() == Message.objects.count() == count
    assert Message.objects.values("customer").distinct().count() == count


def test_four_tellers_at_once_write_each_message_once() -> None:
    load(bank(80))
    told = in_threads(
        4, lambda _place: notices.tell_results(clock=timezone.now, seconds=60, size=7)
    )
    told.append(notices.tell_results(clock=timezone.now, seconds=60))
    assert sum(told) == 80
    assert_each_told_once(80)


def test_the_same_file_from_four_sides_and_tellers_between_tell_each_once() -> None:
    rows = bank(40)

    def work(place: int) -> None:
        if place % 2:
            load(rows)
        notices.tell_results(clock=timezone.now, seconds=60, size=9)

    in_threads(8, work)
    notices.tell_results(clock=timezone.now, seconds=60)
    assert_each_told_once(40)


def test_corrections_that_come_in_while_it_is_told_leave_the_last_word() -> None:
    rows = bank(30)
    load(rows)
    corrected = [{**row, "state": "withdrawn"} for row in rows]

    def work(place: int) -> None:
        if place == 0:
            load(corrected)
        else:
            notices.tell_results(clock=timezone.now, seconds=60, size=3)

    in_threads(4, work)
    notices.tell_results(clock=timezone.now, seconds=60)
    assert Application.objects.filter(state="withdrawn").count() == 30
    waiting = Message.objects.filter(state="queued")
    assert set(waiting.values_list("origin", flat=True)) == {"result:withdrawn"}
    assert waiting.values("customer").distinct().count() == waiting.count() == 30


def freeze_in_the_middle(processes: Processes, worker: "subprocess.Popen[bytes]") -> None:
    def is_in_the_middle() -> bool:
        processes.freeze(worker)
        if 0 < ResultNotice.objects.filter(state="told").count() < 1200:
            return True
        processes.thaw(worker)
        return False

    wait_until(is_in_the_middle, 60, "a part of the results told")


def test_a_killed_teller_tells_nobody_twice_and_the_sweep_makes_it_good() -> None:
    load(bank(1200))
    with Processes() as processes:
        processes.flush_queue()  # what the import asked for is lost
        worker = processes.start_worker()
        processes.send_task("journeys.tell_results")
        freeze_in_the_middle(processes, worker)
        processes.kill(worker)
        processes.flush_queue()
        assert ResultNotice.objects.filter(state="due").exists()
        processes.start_sandbox()
        processes.start_worker()

        def tick_and_look() -> bool:
            processes.send_task("journeys.tell_results")
            processes.send_task("journeys.send_due_messages")
            time.sleep(0.5)
            return Message.objects.filter(state="sent").count() == 1200

        wait_until(tick_and_look, 90, "all results told")
    assert_each_told_once(1200)
    keys = list(ReceivedMessage.objects.values_list("message_key", flat=True))
    assert (len(keys), len(set(keys))) == (1200, 1200)


def test_a_result_that_comes_in_is_told_within_seconds_without_the_clock() -> None:
    """No beat runs here: the import asks for the telling, and the telling for the sending."""
    rows = bank(1)
    names = list(rows[0])
    lines = [names, *([str(row[name]) for name in names] for row in rows)]
    staff = StaffFactory(role="administrator")
    upload = intake.receive_file(
        kind="applications",
        label="a.csv",
        chunks=["\n".join(",".join(line) for line in lines).encode()],
        by=staff,
        at=timezone.now(),
    )
    intake.work_upload(upload_id=upload.pk, at=timezone.now())
    intake.start_import(upload_id=upload.pk, by=staff, at=timezone.now())
    with Processes() as processes:
        processes.start_sandbox()
        processes.start_worker()
        processes.send_task("portal.import_upload", upload.pk)
        wait_until(lambda: ResultNotice.objects.exists(), 60, "the result imported")
        wait_until(lambda: ReceivedMessage.objects.count() == 1, 60, "the message received")
    assert_each_told_once(1)
