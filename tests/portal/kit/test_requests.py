"""The id, the log line and the language of a request."""

import io
import json
import logging
from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from portal.kit import logs
from tests.factories.portal import StaffFactory

PHONE = "13812345678"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Everything logged while the test runs."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(logs.JsonFormatter())
    logging.getLogger().addHandler(handler)
    yield out
    logging.getLogger().removeHandler(handler)


def test_the_id_of_the_proxy_is_kept() -> None:
    response = Client().get("/healthz", headers={"X-Request-ID": "proxy-0001"})
    assert response["X-Request-ID"] == "proxy-0001"


@pytest.mark.parametrize("given", ["", "short", "a b c d e f", "x" * 65, PHONE])
def test_an_id_that_is_none_is_replaced(given: str) -> None:
    response = Client().get("/healthz", headers={"X-Request-ID": given})
    assert response["X-Request-ID"] != given
    assert len(response["X-Request-ID"]) == 12


@pytest.mark.django_db
def test_the_access_line(client_of: Callable[..., Client], written: io.StringIO) -> None:
    staff = StaffFactory()
    response = client_of(staff).get("/?page=3")
    (line,) = [json.loads(text) for text in written.getvalue().splitlines()]
    assert line.pop("ms") > 0
    del line["time"]
    assert line == {
        "level": "info",
        "logger": "portal.access",
        "event": "request",
        "request": response["X-Request-ID"],
        "staff": str(staff.pk),
        "method": "GET",
        "path": "/",
        "status": 200,
    }


@pytest.mark.django_db
def test_a_phone_number_in_an_address_never_reaches_the_log(written: io.StringIO) -> None:
    Client().get(f"/customers/{PHONE}/?phone={PHONE}", headers={"X-Request-ID": PHONE})
    assert "/customers/138****5678/" in written.getvalue()
    assert PHONE not in written.getvalue()


@pytest.mark.django_db
def test_a_name_searched_for_never_reaches_the_log(
    client_of: Callable[..., Client], written: io.StringIO
) -> None:
    answer = client_of(StaffFactory(role="compliance")).get("/customers/", {"text": "诸葛小明"})
    assert answer.status_code == 200
    assert '"path": "/customers/"' in written.getvalue()
    log = written.getvalue() + json.dumps(written.getvalue())
    assert [name for name in ("诸葛", "%E8%AF%B8", "text=") if name in log] == []


def test_probes_do_not_fill_the_log(written: io.StringIO) -> None:
    Client().get("/healthz")
    assert written.getvalue() == ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("cookie", "language"),
    [(None, "zh-hans"), ("en", "en"), ("zh-hans", "zh-hans"), ("fr", "zh-hans"), ("", "zh-hans")],
)
def test_strangers_read_chinese_unless_they_chose_english(
    cookie: str | None, language: str
) -> None:
    client = Client(headers={"Accept-Language": "en-GB,en"})
    if cookie is not None:
        client.cookies["django_language"] = cookie
    response = client.get("/nowhere/")
    assert response["Content-Language"] == language
    assert f'<html lang="{language}">' in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("kept", "cookie"), [("en", "zh-hans"), ("zh-hans", "en")])
def test_the_language_kept_with_the_person_wins(
    client_of: Callable[..., Client], kept: str, cookie: str
) -> None:
    client = client_of(StaffFactory(language=kept))
    client.cookies["django_language"] = cookie
    assert client.get("/")["Content-Language"] == kept
