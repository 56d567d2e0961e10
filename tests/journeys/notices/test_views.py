"""The page of results, and what the application clock says of them."""

import datetime as dt
from collections.abc import Callable

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from journeys.models import Application, Customer, Message
from journeys.notices.models import ResultNotice
from tests.factories.journeys import CustomerFactory
from tests.factories.notices import AT, decide, make_bank, row, tell
from tests.factories.portal import BranchFactory, StaffFactory

ClientOf = Callable[..., Client]
pytestmark = pytest.mark.django_db


def numbers(client: Client, **asked: str) -> list[str]:
    page = client.get(reverse("result_list"), asked).context["page"]
    return sorted(notice.application.number for notice in page.rows)


@time_machine.travel(AT, tick=False)
def test_told_on_the_way_and_not_told(client_of: ClientOf) -> None:
    make_bank()
    branch = Customer.objects.get().branch
    CustomerFactory(number="C2", branch=branch, phone_sealed=None, phone_index=None,
                    email_sealed=None, email_index=None)  # fmt: skip
    before = AT - dt.timedelta(days=4)
    decide(row("none", customer="C2", decided_date="2026-05-28"), at=before)
    tell(before)
    assert ResultNotice.objects.get().state == "due"
    decide(row("sent"), row("waits", "refused"))
    tell()
    Message.objects.filter(origin="result:approved").update(state="sent", sent_at=AT)
    decide(row("due", "withdrawn"))
    client = client_of(StaffFactory(role="compliance", language="en"))
    assert numbers(client) == numbers(client, told="x") == ["due", "none", "sent", "waits"]
    assert numbers(client, told="sent") == ["sent"]
    assert numbers(client, told="waiting") == ["due", "waits"]
    assert numbers(client, told="not_told") == ["none"]
    page = client.get(reverse("result_list"))
    assert page.context["counts"] == {"sent": 1, "waiting": 2, "not_told": 1}
    text = page.content.decode()
    for words in ("Told 2026-06-01 10:00, SMS", "Goes 2026-06-01 10:00, SMS", "To be told",
                  "Neither phone nor e-mail is known", "at most 3 days"):  # fmt: skip
        assert words in text
    assert "王小明" not in text


@time_machine.travel(AT, tick=False)
def test_only_the_own_branches_and_no_link_to_a_closed_door(client_of: ClientOf) -> None:
    make_bank()
    decide(row())
    tell()
    own = BranchFactory()
    manager = client_of(StaffFactory(role="branch_manager", branch=own))
    assert numbers(manager) == []
    assert manager.get(reverse("result_list")).context["counts"] == {
        "sent": 0, "waiting": 0, "not_told": 0,
    }  # fmt: skip
    Application.objects.update(branch=own)
    assert numbers(manager) == ["A0001"]
    link = reverse("message_page", args=[Message.objects.get().pk])
    assert link not in manager.get(reverse("result_list")).content.decode()
    assert link in client_of("compliance").get(reverse("result_list")).content.decode()


def test_without_a_rule_the_page_says_so(client_of: ClientOf) -> None:
    client = client_of(StaffFactory(role="compliance", language="en"))
    text = client.get(reverse("result_list")).content.decode()
    assert "No rule for telling results is in force: nobody is told." in text
    assert "No result here" in text


@time_machine.travel(AT, tick=False)
def test_an_application_that_stands_otherwise_now_is_marked(client_of: ClientOf) -> None:
    make_bank()
    decide(row(state="refused"))
    tell()
    Message.objects.update(state="sent", sent_at=AT)
    decide(row(state="filed", filed_date="2026-05-30"), corrects=True)
    client = client_of(StaffFactory(role="compliance", language="en"))
    assert "stands now as: Filed" in client.get(reverse("result_list")).content.decode()
    clock = client.get(reverse("application_clock"))
    assert [line["told"].pk for line in clock.context["waiting"]] == [ResultNotice.objects.get().pk]
    assert "Opened again; told on 2026-06-01: Refused" in clock.content.decode()
    assert "Results of the last month: 1 told, 0 on the way, 0 not told" in clock.content.decode()
