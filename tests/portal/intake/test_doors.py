"""What every answer of the JSON API carries, though it passes by what is there for pages."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from portal.intake import access, operations
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db

ADDRESS = "/api/v1/imports/transactions/"


def test_an_answer_has_what_holds_for_all_and_no_cookie() -> None:
    answer = Client().post(ADDRESS)
    assert answer.status_code == 401
    assert not answer.cookies
    found = {
        name: answer.headers.get(name)
        for name in ("X-Content-Type-Options", "Content-Security-Policy", "Cache-Control")
    }
    assert found == {
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        "Cache-Control": "no-store",
    }
    assert answer.headers["Content-Length"] == str(len(answer.content))
    assert len(answer.headers["X-Request-ID"]) == 12


def test_no_session_is_looked_for() -> None:
    client = Client()
    client.cookies["sessionid"] = "x" * 32
    asked: list[str] = []

    def watch(execute, sql, *rest):  # type: ignore[no-untyped-def]
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(watch):
        assert client.post(ADDRESS).status_code == 401
    assert not any("session" in sql for sql in asked)


@pytest.mark.parametrize("address", ["/api/", "/api/v1/nothing/", "/api/v1/flash/x/claims/"])
def test_what_is_no_door_is_not_found(address: str) -> None:
    assert Client().post(address).status_code == 404


def test_a_door_that_fails_is_answered() -> None:
    client = Client(raise_request_exception=False)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE portal_apitoken RENAME TO gone")
    answer = client.post(ADDRESS, headers={"Authorization": "Bearer 1.x"})
    assert answer.status_code == 500


def test_a_call_that_breaks_on_the_way_is_noted_too() -> None:
    noted: list[int] = []

    def note(**said: Any) -> None:
        noted.append(said["status"])

    def broken(request: HttpRequest, token: access.Token) -> HttpResponse:
        raise ZeroDivisionError

    _row, text = operations.create_token(
        name="app", kinds=["transactions"], last_day=timezone.localdate() + dt.timedelta(days=9),
        by=StaffFactory(role="administrator"), at=timezone.now(),
    )  # fmt: skip
    endpoint = access.guarded("POST", access.Door("test", "API_CALLS_PER_MINUTE", note))(broken)
    request = RequestFactory().post("/", headers={"Authorization": f"Bearer {text}"})
    with pytest.raises(ZeroDivisionError):
        endpoint(request)
    assert noted == [500]
