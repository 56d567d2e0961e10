"""A file of complaints, and somebody who opens one of them again: neither waits for the other in a
ring."""

import datetime as dt
import threading
from pathlib import Path

import pytest
from django.db import transaction

from journeys.care import operations as care
from journeys.care.models import Complaint
from journeys.contact.models import MarketingPause
from journeys.customers.models import Customer
from tests.factories.intake import AT, counts_of, make_bank, take
from tests.factories.journeys import INSTANT, ContactRuleFactory
from tests.races.test_customers import wait_for
from tests.races.threads import in_threads

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
            assert is_held.wait(20)
            content = HEAD + CLOSED.format("打扰了")
            return counts_of(take(tmp_path, "complaints", content, "again.csv"))
        assert file_waits.wait(20)
        care.reopen_complaint(
            complaint_id=Complaint.objects.get().pk, reason="未解决", actor=None, at=AT
        )
        return ()

    assert in_threads(3, work)[1] == (0, 1, 0, 0)
    complaint = Complaint.objects.get()
    assert (complaint.words, complaint.state) == ("打扰了", "open")
    assert MarketingPause.objects.filter(until=None).count() == 1
