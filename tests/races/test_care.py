"""A file of complaints or cases, and somebody who works on one of them meanwhile: neither waits for
the other in a ring, and the file takes nothing back."""

import datetime as dt
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from journeys.care import operations as care
from journeys.care.models import Complaint, ServiceCase
from journeys.contact.models import MarketingPause
from journeys.customers.models import Customer
from tests.factories.intake import AT, counts_of, make_bank, take
from tests.factories.journeys import INSTANT, ContactRuleFactory
from tests.races.threads import in_threads, wait_for

pytestmark = pytest.mark.django_db(transaction=True)

HEAD = "number,customer,grade,opened_date,state,answered_date,closed_date,words,cause_kind,remedy\n"
CLOSED = "T1,C1,simple,2026-03-02,closed,2026-03-10,2026-03-11,{},process,已致歉\n"


def test_a_complaint_is_opened_again_while_a_file_brings_it(tmp_path: Path) -> None:
    """The customer is held until both have begun, the file first."""
    make_bank()
    ContactRuleFactory()
    care.set_usual_rule(effective_date=dt.date(2020, 1, 1), at=INSTANT)
    take(tmp_path, "complaints", HEAD + CLOSED.format("打扰"))
    is_held, file_waits = threading.Event(), threading.Event()

    def work(place: int) -> tuple[int, ...]:
        if place == 0:
            with transaction.atomic():
                Customer.objects.select_for_update(no_key=True).get(number="C1")
                is_held.set()
                wait_for(1)
                file_waits.set()
                wait_for(2)
            return ()
        if place == 1:
            assert is_held.wait(60)
            content = HEAD + CLOSED.format("打扰了")
            return counts_of(take(tmp_path, "complaints", content, "again.csv"))
        assert file_waits.wait(60)
        care.reopen_complaint(
            complaint_id=Complaint.objects.get().pk, reason="未解决", actor=None, at=AT
        )
        return ()

    assert in_threads(3, work)[1] == (0, 1, 0, 0)
    complaint = Complaint.objects.get()
    assert (complaint.words, complaint.state) == ("打扰了", "open")
    assert MarketingPause.objects.filter(until=None).count() == 1


def while_a_file_comes(work: Callable[[], Any], take_in: Callable[[], Any]) -> Any:
    """The work is done, and committed when the file waits for it; returns what the file brought."""
    is_done = threading.Event()

    def one(place: int) -> Any:
        if place == 0:
            with transaction.atomic():
                work()
                is_done.set()
                wait_for(1)
            return None
        assert is_done.wait(60)
        return take_in()

    return in_threads(2, one)[1]


def test_an_answer_stays_that_is_given_while_a_file_brings_the_complaint(tmp_path: Path) -> None:
    make_bank()
    ContactRuleFactory()
    care.set_usual_rule(effective_date=dt.date(2020, 1, 1), at=INSTANT)
    head = "number,customer,grade,opened_date,words\n"
    take(tmp_path, "complaints", head + "T1,C1,simple,2026-05-20,打扰\n")
    complaint = Complaint.objects.get()
    report = while_a_file_comes(
        lambda: care.answer_complaint(
            complaint_id=complaint.pk, words="已答复", actor=None, at=AT
        ),
        lambda: take(tmp_path, "complaints", head + "T1,C1,complex,2026-05-20,打扰了\n", "b.csv"),
    )  # fmt: skip
    assert counts_of(report) == (0, 0, 1, 0)
    complaint.refresh_from_db()
    assert (complaint.state, complaint.answered_date, complaint.is_handled_here) == (
        "answered", dt.date(2026, 6, 1), True,
    )  # fmt: skip
    assert (complaint.grade, complaint.words) == ("simple", "打扰")


def test_a_case_stays_closed_that_is_closed_while_a_file_brings_it(tmp_path: Path) -> None:
    make_bank()
    ContactRuleFactory()
    head = "number,customer,subject,opened_date\n"
    take(tmp_path, "service_cases", head + "G1,C1,补寄账单,2026-05-20\n")
    case = ServiceCase.objects.get()
    report = while_a_file_comes(
        lambda: care.close_case(case_id=case.pk, words="已寄", actor=None, at=AT),
        lambda: take(tmp_path, "service_cases", head + "G1,C1,再寄账单,2026-05-20\n", "b.csv"),
    )
    assert counts_of(report) == (0, 0, 1, 0)
    case.refresh_from_db()
    assert (case.state, case.subject, case.is_handled_here) == ("closed", "补寄账单", True)
    assert not MarketingPause.objects.filter(until=None).exists()
