"""Eight processes reserve contacts at once, while customers withdraw and refuse: no cap breaks,
and nothing is reserved after a word that forbids it. An auditor that shares nothing with the gate
looks at the rows afterwards."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection

from journeys.contact import operations as contact
from journeys.models import CalendarYear, Contact
from tests.factories.journeys import INSTANT, ConsentFactory, ContactRuleFactory
from tests.factories.portal import BranchFactory
from tests.processes import Processes, wait_until

pytestmark = pytest.mark.django_db(transaction=True)

PROCESSES, ROUNDS, CUSTOMERS = 8, 6, 30
BIG_PROCESSES, BIG_ROUNDS, BIG_CUSTOMERS = 12, 60, 60
DAY_CAP, MONTH_CAP = 2, 4

# Every pair of a contact and the window that begins with it, counted row by row.
_BREACHES = """
SELECT first.customer_id, first.at, %(width)s::text, count(*)
FROM journeys_contact first JOIN journeys_contact other
    ON other.customer_id = first.customer_id AND other.at >= first.at
    AND other.at < first.at + %(width)s::interval AND other.released_at IS NULL
WHERE first.released_at IS NULL
GROUP BY first.id, first.customer_id, first.at HAVING count(*) > %(cap)s
"""


def breaches(width: str, cap: int) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(_BREACHES, {"width": width, "cap": cap})
        return cursor.fetchall()


def kept(customer_id: int) -> list[int]:
    rows = Contact.objects.filter(customer_id=customer_id).order_by("id")
    return list(rows.values_list("id", flat=True))


def test_eight_processes_at_once_break_no_cap_and_pass_no_refusal() -> None:
    ContactRuleFactory(day_cap=DAY_CAP, month_cap=MONTH_CAP, effective_date=dt.date(2020, 1, 1))
    branch = BranchFactory()
    ids = [
        ConsentFactory(
            customer__branch=branch, effective_at=INSTANT - dt.timedelta(days=9)
        ).customer_id
        for _ in range(CUSTOMERS)
    ]
    with Processes() as processes:
        started = [
            processes.start_module("tests.races.reserving", str(place), str(ROUNDS))
            for place in range(PROCESSES)
        ]
        for process in started:
            wait_until(lambda p=process: "ready" in processes.log_of(p), 120, "a process is ready")
        CalendarYear.objects.create(year=2199, source="go")
        final: dict[int, list[int]] = {}
        for number, customer_id in enumerate(ids[:20]):
            said = {"customer_id": customer_id, "actor": None, "at": INSTANT - dt.timedelta(days=1)}
            if number % 2:
                contact.record_do_not_contact(words="别再联系", source="call", **said)
            else:
                contact.withdraw_consent(
                    purpose="marketing", channel="sms", evidence="call", **said
                )
            # What is not there at the commit of the word never comes after it.
            final[customer_id] = kept(customer_id)
        for process in started:
            assert processes.wait_for(process, 120) == 0, processes.log_of(process)
    assert breaches("24 hours", DAY_CAP) == []
    assert breaches("720 hours", MONTH_CAP) == []
    assert {customer_id: kept(customer_id) for customer_id in final} == final
    with_contact = Contact.objects.filter(customer_id__in=ids[20:])
    assert with_contact.values("customer_id").distinct().count() == CUSTOMERS - 20
    assert with_contact.values("origin").distinct().count() > 1


@pytest.mark.chaos
def test_a_process_killed_in_the_middle_of_a_big_race_breaks_no_cap() -> None:
    """Twelve processes try 43,200 times; two of them are killed while the others go on. Whoever is
    killed leaves nothing half done, and blocks nobody."""
    ContactRuleFactory(day_cap=DAY_CAP, month_cap=MONTH_CAP, effective_date=dt.date(2020, 1, 1))
    branch, given = BranchFactory(), INSTANT - dt.timedelta(days=9)
    ids = [
        ConsentFactory(customer__branch=branch, effective_at=given).customer_id
        for _ in range(BIG_CUSTOMERS)
    ]
    with Processes() as processes:
        started = [
            processes.start_module("tests.races.reserving", str(place), str(BIG_ROUNDS))
            for place in range(BIG_PROCESSES)
        ]
        for process in started:
            wait_until(lambda p=process: "ready" in processes.log_of(p), 300, "a process is ready")
        CalendarYear.objects.create(year=2199, source="go")
        for number, process in enumerate(started[:2]):
            wait_until(
                lambda least=number + 1: Contact.objects.count() >= least * BIG_CUSTOMERS,
                300, "some contacts reserved",
            )  # fmt: skip
            assert "done" not in processes.log_of(process)
            processes.kill(process)
        for process in started[2:]:
            assert processes.wait_for(process, 900) == 0, processes.log_of(process)
    assert breaches("24 hours", DAY_CAP) == []
    assert breaches("720 hours", MONTH_CAP) == []
    # A month's cap is all that so many tries can leave, and everybody has it.
    counts = [len(kept(customer_id)) for customer_id in ids]
    assert counts == [MONTH_CAP] * BIG_CUSTOMERS
    assert Contact.objects.values("origin").distinct().count() > 2


def test_the_auditor_finds_a_broken_cap() -> None:
    customer = ConsentFactory().customer
    for number in range(3):
        Contact.objects.create(
            customer=customer, channel="sms", purpose="marketing", origin="t",
            at=INSTANT + dt.timedelta(hours=11 * number), dedup_key=str(number),
        )  # fmt: skip
    assert len(breaches("24 hours", 2)) == 1
    assert breaches("22 hours", 2) == []
