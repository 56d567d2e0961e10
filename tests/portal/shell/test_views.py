"""The home page, the language switch, what machines ask, and the pages for what goes wrong."""

import io
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.kit import clock, logs, valkey
from portal.kit.registry import Panel, registry
from portal.shell import views
from portal.staff.enums import Permission, Role
from tests.factories.portal import BranchFactory, StaffFactory

ClientOf = Callable[..., Client]


@pytest.fixture
def no_panels() -> Iterator[None]:
    """A house without panels, so that a test sees its own alone."""
    kept, registry.panels = registry.panels, []
    yield
    registry.panels = kept


def _panel(
    code: str,
    build: Callable[[HttpRequest], dict[str, Any] | None],
    permission: str = Permission.VIEW_HOME,
    order: int = 1,
) -> Panel:
    return Panel(code, "_parts/badge.html", build, permission, order)


# --- the home page ------------------------------------------------------------------------


@pytest.mark.django_db
def test_strangers_are_sent_to_sign_in() -> None:
    response = Client().get("/")
    assert response.status_code == 302
    assert response["Location"] == "/accounts/login/?next=/"


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role.values)
def test_home_opens_for_every_role(client_of: ClientOf, role: str) -> None:
    response = client_of(role).get("/")
    assert response.status_code == 200
    assert response.context["today"] == clock.today()


@pytest.mark.django_db
@pytest.mark.usefixtures("no_panels")
def test_an_empty_home_page_says_so(client_of: ClientOf) -> None:
    page = client_of(StaffFactory(language="en")).get("/").content.decode()
    assert "Nothing is waiting for you." in page


@pytest.mark.django_db
@pytest.mark.usefixtures("no_panels")
def test_panels_stand_in_order_and_only_those_of_the_role(client_of: ClientOf) -> None:
    registry.add_panels(
        _panel("second", lambda request: {"label": "second"}, order=2),
        _panel("first", lambda request: {"label": "first"}, order=1),
        _panel("silent", lambda request: None),
        _panel("closed", lambda request: {"label": "closed"}, Permission.VIEW_AUDIT),
    )
    response = client_of(Role.ANALYST).get("/")
    assert [panel.code for panel in response.context["page"].work] == ["first", "second"]


@pytest.mark.django_db
@pytest.mark.usefixtures("no_panels")
def test_one_failing_panel_leaves_the_others_standing(client_of: ClientOf) -> None:
    def fail(request: HttpRequest) -> dict[str, Any]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT no_such_column")
        return {}

    registry.add_panels(
        _panel("broken", fail), _panel("whole", lambda request: {"label": "whole"}, order=2)
    )
    response = client_of(StaffFactory(language="en")).get("/")
    shown = [(panel.code, panel.has_failed) for panel in response.context["page"].work]
    assert shown == [("broken", True), ("whole", False)]
    assert "This panel could not be shown." in response.content.decode()


@pytest.mark.django_db
@pytest.mark.usefixtures("no_panels")
def test_home_asks_a_fixed_number_of_queries(client_of: ClientOf) -> None:
    client = client_of(StaffFactory(branch=BranchFactory()))
    client.get("/")
    with CaptureQueriesContext(
        connection,
    ) as bare:
        client.get("/")
    # The session, the person, the branch; and what the limits of a session write.
    assert len(bare) <= 6
    registry.add_panels(*(_panel(f"p{number}", lambda request: {}) for number in range(3)))
    with CaptureQueriesContext(connection) as full:
        client.get("/")
    assert len([query for query in full if "SAVEPOINT" not in query["sql"]]) == len(bare)


def test_every_menu_entry_leads_somewhere() -> None:
    addresses = [reverse(entry.url_name) for entry in registry.menu]
    assert addresses[0] == "/"
    assert len(set(addresses)) == len(addresses)


# --- the language switch ------------------------------------------------------------------


@pytest.mark.django_db
def test_switching_is_kept_in_the_browser_and_with_the_person(client_of: ClientOf) -> None:
    staff = StaffFactory(language="zh-hans")
    client = client_of(staff)
    response = client.post("/i18n/setlang/", {"language": "en", "next": "/?page=2"})
    assert (response.status_code, response["Location"]) == (302, "/?page=2")
    assert client.cookies["django_language"].value == "en"
    staff.refresh_from_db()
    assert staff.language == "en"


@pytest.mark.django_db
def test_a_stranger_may_switch_too() -> None:
    client = Client()
    client.post("/i18n/setlang/", {"language": "en", "next": "/accounts/login/"})
    assert client.get("/accounts/login/")["Content-Language"] == "en"


@pytest.mark.django_db
def test_an_unknown_language_changes_nothing(client_of: ClientOf) -> None:
    staff = StaffFactory(language="en")
    client = client_of(staff)
    response = client.post("/i18n/setlang/", {"language": "fr", "next": "/"})
    assert response.status_code == 400
    staff.refresh_from_db()
    assert staff.language == "en"
    assert "django_language" not in client.cookies


@pytest.mark.django_db
def test_switching_leads_to_no_other_site() -> None:
    response = Client().post("/i18n/setlang/", {"language": "en", "next": "https://evil.example/"})
    assert response["Location"] == "/"


def test_switching_is_not_a_link() -> None:
    assert Client().get("/i18n/setlang/").status_code == 405


# --- what machines ask --------------------------------------------------------------------


def test_healthz_needs_no_database() -> None:
    client = Client()
    client.cookies["sessionid"] = "x" * 32
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_readyz_when_all_is_there() -> None:
    valkey.note_worker()
    response = Client().get("/readyz")
    assert response.status_code == 200
    assert response.json() == {
        "ready": True,
        "database": "ok",
        "migrations": "ok",
        "queue": "ok",
        "worker": "ok",
    }
    assert len(response.content.splitlines()) == 7


@pytest.mark.django_db
def test_readyz_without_a_worker_is_still_ready(settings: Any) -> None:
    with valkey.connect() as client:
        client.delete("portal:worker-lives")
    response = Client().get("/readyz")
    assert (response.status_code, response.json()["worker"]) == (200, "failed")


@pytest.mark.django_db
def test_readyz_when_the_queue_is_gone(settings: Any) -> None:
    settings.REDIS_URL = "redis://:secret@127.0.0.1:1/0"
    response = Client().get("/readyz")
    assert response.status_code == 503
    assert response.json() == {
        "ready": False,
        "database": "ok",
        "migrations": "ok",
        "queue": "failed",
        "worker": "failed",
    }
    assert b"secret" not in response.content


@pytest.mark.django_db
def test_metrics_are_for_this_machine() -> None:
    response = Client().get("/metrics", REMOTE_ADDR="127.0.0.1")
    assert response.status_code == 200
    assert b"portal_requests_total" in response.content
    assert Client().get("/metrics", REMOTE_ADDR="10.0.0.9").status_code == 403


# --- what goes wrong ----------------------------------------------------------------------


@pytest.mark.django_db
def test_unknown_address_inside_the_frame(client_of: ClientOf) -> None:
    response = client_of(StaffFactory(language="en")).get("/nowhere/")
    page = response.content.decode()
    assert response.status_code == 404
    assert "There is nothing here" in page
    assert response["X-Request-ID"] in page
    assert 'id="menu"' in page


@pytest.mark.django_db
def test_unknown_address_for_a_stranger() -> None:
    response = Client().get("/nowhere/")
    page = response.content.decode()
    assert response.status_code == 404
    assert "找不到该页面" in page
    assert 'id="menu"' not in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("own", "cookie", "words"),
    [
        (
            "en",
            "zh-hans",
            ("There is nothing here", "Something went wrong", "could not be understood"),
        ),
        ("zh-hans", "en", ("找不到该页面", "系统出现故障", "无法识别该请求")),
    ],
)
def test_pages_of_faults_speak_the_language_of_the_person_not_of_the_browser(
    client_of: ClientOf, monkeypatch: pytest.MonkeyPatch, own: str, cookie: str,
    words: tuple[str, str, str],
) -> None:  # fmt: skip
    client = client_of(StaffFactory(language=own))
    client.raise_request_exception = False
    client.cookies["django_language"] = cookie
    missing, forged = client.get("/nowhere/"), client.get("/nowhere/%00")
    unread = client.post("/i18n/setlang/", {"language": "fr"})
    monkeypatch.setattr(views.panels, "panels_for", lambda _request: 1 / 0)
    broken = client.get("/")
    answers = [missing, forged, broken, unread]
    assert [answer.status_code for answer in answers] == [404, 404, 500, 400]
    for answer, said in zip(answers, (words[0], *words), strict=True):
        assert said in answer.content.decode()


@pytest.mark.django_db
def test_the_role_does_not_reach_here(client_of: ClientOf) -> None:
    request = RequestFactory().get("/")
    request.user = StaffFactory(language="en")
    with logs.request_context("number-1"):
        response = views.permission_denied(request, PermissionError("secret"))
    page = response.content.decode()
    assert response.status_code == 403
    assert "您的角色无权访问此页面" in page
    assert "number-1" in page
    assert "secret" not in page


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused_with_reasons(client_of: ClientOf) -> None:
    staff = StaffFactory(language="en")
    client = Client(enforce_csrf_checks=True)
    client.force_login(staff, "portal.staff.access.backend.StaffBackend")
    response = client.post("/i18n/setlang/", {"language": "zh-hans"})
    assert response.status_code == 403
    assert "This page was open for too long" in response.content.decode()
    staff.refresh_from_db()
    assert staff.language == "en"


def test_a_forged_host_is_a_bad_request() -> None:
    response = Client().get("/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "无法识别该请求" in response.content.decode()


@pytest.mark.django_db
def test_the_error_page_needs_no_database_and_tells_nothing(
    client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(logs.JsonFormatter())
    client = client_of(Role.ANALYST)
    client.raise_request_exception = False
    client.cookies["django_language"] = "en"

    def broken(*_args: Any, **_kwargs: Any) -> None:
        raise DatabaseError("connection lost while looking for 13812345678")

    logging.getLogger().addHandler(handler)
    try:
        with monkeypatch.context() as patch:
            patch.setattr(connection, "cursor", broken)
            response = client.get("/")
    finally:
        logging.getLogger().removeHandler(handler)
    page = response.content.decode()
    assert response.status_code == 500
    assert "Something went wrong here" in page
    assert response["X-Request-ID"] in page
    assert "13812345678" not in page + out.getvalue()
    assert "138****5678" in out.getvalue()


def test_where_not_even_the_page_can_be_made(settings: Any) -> None:
    settings.TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates"}]
    with logs.request_context("number-1"):
        response = views.server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert response.content.decode().endswith("number-1")
