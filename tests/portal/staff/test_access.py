"""Limits of sessions, the second factor, addresses."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.sessions.models import Session
from django.core.exceptions import ImproperlyConfigured
from django.test import Client, RequestFactory
from django.urls import reverse

from portal.apps import _register_sign_in
from portal.models import AuditEntry
from portal.staff.access import address
from portal.staff.access.backend import StaffBackend
from tests.factories.portal import PASSWORD, StaffFactory

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)
PAGE = "/accounts/2fa/"


def sign_in(username: str) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": username, "password": PASSWORD, "next": PAGE})
    return client


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, list(yield_hotp_counters_from_time())[1]))


@pytest.mark.parametrize(("minutes", "status"), [(29.9, 200), (30, 302), (31, 302)])
def test_idle_limit(minutes: float, status: int) -> None:
    with time_machine.travel(START, tick=False):
        client = sign_in(StaffFactory().username)
    with time_machine.travel(START + dt.timedelta(minutes=minutes), tick=False):
        answer = client.get(PAGE + "?x=1")
    assert answer.status_code == status
    if status == 302:
        assert answer["Location"] == "/accounts/login/?ended=idle&next=%2Faccounts%2F2fa%2F%3Fx%3D1"
        client.cookies["django_language"] = "en"
        page = client.get(answer["Location"]).content.decode()
        assert "because nothing was done for a while" in page
        assert 'name="next" value="/accounts/2fa/?x=1"' in page
        assert AuditEntry.objects.latest("id").changes == {"limit": "idle"}


def test_work_moves_the_idle_limit_but_not_the_absolute_one() -> None:
    with time_machine.travel(START, tick=False):
        client = sign_in(StaffFactory().username)
    for minutes in range(20, 480, 20):
        with time_machine.travel(START + dt.timedelta(minutes=minutes), tick=False):
            assert client.get(PAGE).status_code == 200
    with time_machine.travel(START + dt.timedelta(hours=8), tick=False):
        assert "ended=absolute" in client.get(PAGE)["Location"]
    assert AuditEntry.objects.latest("id").changes == {"limit": "absolute"}
    assert "_auth_user_id" not in client.session


def test_limits_are_settings(settings: Any) -> None:
    settings.SESSION_IDLE_MINUTES = 5
    with time_machine.travel(START, tick=False):
        client = sign_in(StaffFactory().username)
    with time_machine.travel(START + dt.timedelta(minutes=5), tick=False):
        assert client.get(PAGE).status_code == 302


def test_an_ended_session_sends_htmx_to_the_whole_page() -> None:
    with time_machine.travel(START, tick=False):
        client = sign_in(StaffFactory().username)
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/approvals/?show=mine"}
    with time_machine.travel(START + dt.timedelta(hours=1), tick=False):
        answer = client.get(PAGE, headers=headers)
    assert answer.status_code == 200
    assert answer["HX-Redirect"] == "/accounts/login/?ended=idle&next=%2Fapprovals%2F%3Fshow%3Dmine"


def test_a_guard_sends_htmx_to_the_whole_page_too() -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/audit/"}
    answer = Client().get("/approvals/", headers=headers)
    assert answer["HX-Redirect"] == "/accounts/login/?next=%2Faudit%2F"


def test_a_post_comes_back_to_its_page_and_never_to_another_site() -> None:
    for referer, wanted in [
        ("http://testserver/approvals/3/", "/accounts/login/?ended=idle&next=%2Fapprovals%2F3%2F"),
        ("https://evil.example/", "/accounts/login/?ended=idle"),
    ]:
        with time_machine.travel(START, tick=False):
            client = sign_in(StaffFactory().username)
        with time_machine.travel(START + dt.timedelta(hours=1), tick=False):
            answer = client.post("/approvals/3/approve/", headers={"referer": referer})
        assert answer["Location"] == wanted


def test_a_session_without_clocks_gets_them(client: Client) -> None:
    staff = StaffFactory()
    client.force_login(staff, "portal.staff.access.backend.StaffBackend")
    client.get(PAGE)
    assert {"session_started_at", "session_seen_at"} <= set(client.session.keys())


def test_deactivation_ends_open_sessions_at_once() -> None:
    staff = StaffFactory()
    client = sign_in(staff.username)
    assert client.get(PAGE).status_code == 200
    staff.is_active = False
    staff.save()
    assert client.get(PAGE)["Location"].startswith("/accounts/login/")
    assert Session.objects.exists()


def test_the_person_of_a_request_comes_with_the_branch(django_assert_num_queries: Any) -> None:
    staff = StaffFactory()
    with django_assert_num_queries(1):
        found = StaffBackend().get_user(staff.pk)
        assert found is not None
        assert (found, found.branch.path) == (staff, staff.branch.path)


# --- second factor ---------------------------------------------------------------------------


def test_a_role_of_which_it_is_demanded_can_do_nothing_else(settings: Any) -> None:
    settings.MFA_REQUIRED_ROLES = ["administrator"]
    client = sign_in(StaffFactory(role="administrator").username)
    for path in ["/audit/", "/admin/", "/accounts/2fa/", "/accounts/password/change/"]:
        assert client.get(path)["Location"] == "/accounts/2fa/totp/activate/"
    assert client.get("/audit/", headers={"HX-Request": "true"})["HX-Redirect"]
    other = sign_in(StaffFactory(role="compliance").username)
    assert other.get("/audit/").status_code == 200
    assert client.post("/accounts/logout/").status_code == 302


@pytest.mark.django_db(transaction=True)  # the library tells of a new factor after the commit
def test_set_up_then_work_then_sign_in_with_code_and_recovery_code(settings: Any) -> None:
    settings.MFA_REQUIRED_ROLES = ["compliance"]
    staff = StaffFactory(role="compliance")
    with time_machine.travel(START, tick=False):
        client = sign_in(staff.username)
        page = client.get("/accounts/2fa/totp/activate/", follow=True)
        assert page.redirect_chain[-1][0].startswith("/accounts/reauthenticate/")
        client.post(page.redirect_chain[-1][0], {"password": PASSWORD, "next": PAGE})
        page = client.get("/accounts/2fa/totp/activate/")
        secret = page.context["form"].secret
        assert "data:image/svg+xml" in page.content.decode()
        answer = client.post("/accounts/2fa/totp/activate/", {"code": "000000"})
        assert answer.status_code == 200
        answer = client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
        assert answer["Location"] == reverse("mfa_view_recovery_codes")
        codes = client.get(answer["Location"]).context["unused_codes"]
        assert len(codes) == 10
        assert client.get("/audit/").status_code == 200
    stored = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in stored
    with time_machine.travel(START + dt.timedelta(hours=1), tick=False):
        again = sign_in(staff.username)
        assert again.get("/audit/").status_code == 302
        answer = again.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
        assert answer["Location"] == PAGE
        assert again.get("/audit/").status_code == 200
        third = sign_in(staff.username)
        assert third.post("/accounts/2fa/authenticate/", {"code": codes[0]}).status_code == 302
        assert third.get("/audit/").status_code == 200
        fourth = sign_in(staff.username)
        assert fourth.post("/accounts/2fa/authenticate/", {"code": codes[0]}).status_code == 200
    actions = list(AuditEntry.objects.order_by("id").values_list("action", flat=True))
    assert actions.count("staff.factor_added") == 2
    assert actions.count("staff.signed_in") == 3
    assert actions.count("staff.recovery_code_used") == 1
    assert actions.count("staff.sign_in_failed") == 1


def test_wrong_codes_lock_the_account_and_a_right_one_does_not_open_it() -> None:
    staff = StaffFactory()
    secret = generate_totp_secret()
    with time_machine.travel(START, tick=False):
        client = sign_in(staff.username)
        with context.request_context(RequestFactory().get("/")):
            TOTP.activate(staff, secret)
            RecoveryCodes.activate(staff)
        client = sign_in(staff.username)
        url = "/accounts/2fa/authenticate/"
        answers = [client.post(url, {"code": "000001"}).status_code for _ in range(5)]
        assert answers == [200, 200, 200, 200, 429]
        assert client.post(url, {"code": code_of(secret)}).status_code == 429
        assert "_auth_user_id" not in client.session
    with time_machine.travel(START + dt.timedelta(minutes=31), tick=False):
        client = sign_in(staff.username)
        assert client.post(url, {"code": code_of(secret)}).status_code == 302


@pytest.mark.parametrize("name", ["mfa_index", "account_change_password", "account_logout"])
def test_own_pages_open(name: str) -> None:
    client = sign_in(StaffFactory().username)
    assert client.get(reverse(name)).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_turning_the_second_factor_off_is_recorded() -> None:
    staff = StaffFactory()
    client = sign_in(staff.username)
    again = client.get("/accounts/2fa/totp/activate/")["Location"]
    client.post(again, {"password": PASSWORD, "next": PAGE})
    secret = client.get("/accounts/2fa/totp/activate/").context["form"].secret
    client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    assert client.get("/accounts/2fa/recovery-codes/generate/").status_code == 200
    assert client.post("/accounts/2fa/recovery-codes/generate/").status_code == 302
    assert client.get("/accounts/2fa/totp/deactivate/").status_code == 200
    assert client.post("/accounts/2fa/totp/deactivate/").status_code == 302
    assert not Authenticator.objects.exists()
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"staff.factor_added", "staff.factor_removed", "staff.recovery_codes_renewed"} < actions


def test_a_misspelt_role_stops_the_start(settings: Any) -> None:
    settings.MFA_REQUIRED_ROLES = ["administrater"]
    with pytest.raises(ImproperlyConfigured):
        _register_sign_in()


# --- address ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("proxies", "forwarded", "wanted"),
    [
        (0, "1.2.3.4", "10.0.0.1"),
        (1, "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (2, "6.6.6.6, 1.2.3.4, 10.9.9.9", "1.2.3.4"),
        (2, "1.2.3.4", "10.0.0.1"),
        (1, "", "10.0.0.1"),
        (1, "not an address", None),
    ],
)
def test_address(settings: Any, proxies: int, forwarded: str, wanted: str | None) -> None:
    settings.TRUSTED_PROXY_COUNT = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=forwarded)
    assert address.address_of(request) == wanted


def test_a_page_that_refreshes_itself_is_no_work() -> None:
    with time_machine.travel(START, tick=False):
        client = sign_in(StaffFactory().username)
    with time_machine.travel(START + dt.timedelta(minutes=20), tick=False):
        assert client.get(PAGE, headers={"X-Poll": "1"}).status_code == 200
    with time_machine.travel(START + dt.timedelta(minutes=30), tick=False):
        assert "ended=idle" in client.get(PAGE)["Location"]
