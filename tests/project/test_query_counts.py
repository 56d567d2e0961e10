"""Lists ask the database equally often whether they show one row or three. Every address whose
name ends in `_list` stands in the table, and the pages that hold a list within."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.staff.enums import Role
from tests.factories.portal import StaffFactory
from tests.project import doors, house
from tests.project.listing import in_new_branch
from tests.project.listings import LISTS, everything


def assert_constant_queries(client: Client, url: str, make_row: Callable[[], Any]) -> None:
    """This will fail where a page asks more often for three rows than for one."""
    client.get(url)  # what is kept in memory from the first visit on is not counted
    make_row()
    one = _asked(client, url)
    make_row()
    make_row()
    three = _asked(client, url)
    assert len(three) == len(one), "\n".join(["asked for three rows:", *three])


def _asked(client: Client, url: str) -> list[str]:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return [query["sql"] for query in asked.captured_queries]


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(LISTS))
def test_a_list_asks_as_often_for_three_rows_as_for_one(name: str, client_of: Any) -> None:
    listing = LISTS[name]
    staff = StaffFactory(role=listing.role)
    arguments = listing.prepare(staff)
    url = reverse(name, kwargs=arguments)
    assert_constant_queries(client_of(staff), url, lambda: listing.make_row(staff, arguments))


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role.values)
def test_a_home_page_asks_as_often_for_three_rows_as_for_one(role: str, client_of: Any) -> None:
    staff = StaffFactory(role=role)
    assert_constant_queries(client_of(staff), reverse("home"), lambda: everything(staff, {}))


def test_every_list_stands_in_the_table() -> None:
    lists = {name for name in doors.DOORS if name.endswith("_list")}
    house.assert_none(sorted(lists - set(LISTS)), "add a line for each to LISTS:")


@pytest.mark.django_db
def test_the_harness_finds_a_query_per_row(client_of: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without `select_related` the list of customers asks once more for each row."""
    from journeys.customers import queries
    from journeys.models import Customer

    monkeypatch.setattr(
        queries, "list_customers", lambda **_asked: Customer.objects.order_by("-id")
    )
    client = client_of(Role.COMPLIANCE)
    with pytest.raises(AssertionError, match="asked for three rows"):
        assert_constant_queries(
            client, reverse("customer_list"), lambda: in_new_branch("journeys.Customer")(None, {})
        )
