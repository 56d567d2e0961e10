"""The list of what calls may come to: kept at the head office, each change from now on."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from journeys.models import Disposition
from journeys.telemarketing import operations, queries
from portal.models import Staff
from tests.factories.journeys import INSTANT
from tests.factories.portal import BranchFactory, StaffFactory, head_office
from tests.journeys.telemarketing.test_next import refused

pytestmark = pytest.mark.django_db
AT = INSTANT
FACTS: dict[str, Any] = {
    "name": "无人接听", "name_en": "No answer", "place": 1, "is_reached": False,
    "is_interested": False, "is_sale": False, "is_refused_for_good": False, "is_unworkable": False,
    "is_callback": False, "recycle_hours": 6, "rotates_hours": False, "most_calls": 3,
}  # fmt: skip


@pytest.fixture
def boss() -> Staff:
    return StaffFactory(role="branch_manager", branch=head_office(), language="en")


def set_(actor: Staff, code: str = "no_answer", **changes: Any) -> Disposition:
    group = changes.pop("group", "not_reached")
    return operations.set_disposition(
        code=code, group=group, facts=operations.OutcomeFacts(**{**FACTS, **changes}),
        source=changes.pop("source", "行务会"), actor=actor, at=AT,
    )  # fmt: skip


def test_another_row_takes_its_place_from_now_on(boss: Staff) -> None:
    old = queries.disposition_of("no_answer")
    assert old is not None
    at = max(AT, old.set_at)
    new = operations.set_disposition(
        code="no_answer", group="not_reached", facts=operations.OutcomeFacts(**FACTS),
        source="行务会", actor=boss, at=at,
    )  # fmt: skip
    old.refresh_from_db()
    assert (old.ended_at, queries.disposition_of("no_answer")) == (at, new)
    assert (new.recycle_hours, new.most_calls, new.set_by) == (6, 3, boss)


@pytest.mark.parametrize(("code", "changes"), [
    ("no_answer", {"is_sale": True}),
    ("no_answer", {"is_unworkable": True}),
    ("fresh", {"place": 2}),
    ("fresh", {"group": "no_answer"}),
    ("interested", {}),
])  # fmt: skip
def test_what_contradicts_is_refused_in_words(
    boss: Staff, code: str, changes: dict[str, Any]
) -> None:
    before = list(Disposition.objects.order_by("pk").values_list("pk", "ended_at"))
    refused(lambda: set_(boss, code, **changes))
    assert list(Disposition.objects.order_by("pk").values_list("pk", "ended_at")) == before


def test_the_head_office_alone_keeps_it() -> None:
    manager = StaffFactory(role="branch_manager", branch=BranchFactory())
    for work in (
        lambda: set_(manager),
        lambda: operations.end_disposition(code="busy", actor=manager, at=AT),
    ):
        refused(work)
    assert queries.disposition_of("busy") is not None


def test_one_always_stands_for_never_again(boss: Staff) -> None:
    refused(lambda: operations.end_disposition(code="refused", actor=boss, at=AT))
    assert queries.disposition_of("refused") is not None
    operations.end_disposition(code="busy", actor=boss, at=AT)
    assert queries.disposition_of("busy") is None
    refused(lambda: operations.end_disposition(code="busy", actor=boss, at=AT))


def test_by_its_pages(boss: Staff, client_of: Callable[..., Client]) -> None:
    client = client_of(boss)
    page = client.get(reverse("disposition_list")).content.decode()
    assert ("No answer" in page, "Take off the list" in page) == (True, True)
    data = {name: value for name, value in FACTS.items() if value not in (False, None)}
    data |= {"code": "no_answer", "group": "not_reached", "source": "行务会", "recycle_hours": 7}
    url = reverse("disposition_page", args=["no_answer"])
    assert client.get(url).status_code == 200
    assert client.post(url, data, follow=True).status_code == 200
    found = queries.disposition_of("no_answer")
    assert (found and found.recycle_hours) == 7
    new = {**data, "code": "odd one", "place": 9}
    assert client.post(reverse("disposition_new"), new).status_code == 422
    assert client.post(reverse("disposition_new"), {**new, "code": "fax"}).status_code == 302
    assert client.post(reverse("disposition_end", args=["fax"])).status_code == 302
    assert queries.disposition_of("fax") is None
    assert client.get(reverse("disposition_page", args=["fax"])).status_code == 404
    other = client_of(StaffFactory(role="telemarketer", branch=BranchFactory(), language="en"))
    page = other.get(reverse("disposition_list")).content.decode()
    assert ("No answer" in page, "Take off the list" in page) == (True, False)


def test_an_end_is_not_before_its_beginning(boss: Staff) -> None:
    operations.end_disposition(code="busy", actor=boss, at=AT - dt.timedelta(days=9999))
    row = Disposition.objects.get(code="busy")
    assert row.ended_at == row.set_at
