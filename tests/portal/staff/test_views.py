"""Signing in: only staff, by user name and password, with lock-out and an audit entry each."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse

from portal.models import AuditEntry, Staff
from portal.staff.enums import Role
from tests.factories.portal import PASSWORD, StaffFactory

pytestmark = pytest.mark.django_db
NEXT = "/accounts/2fa/"


def sign_in(client: Client, username: str, password: str = PASSWORD, **extra: Any) -> Any:
    data = {"login": username, "password": password, "next": NEXT}
    return client.post(reverse("account_login"), data, **extra)


def actions() -> list[str]:
    return list(AuditEntry.objects.order_by("id").values_list("action", flat=True))


def test_right_password_opens_and_is_recorded(client: Client) -> None:
    staff = StaffFactory()
    answer = sign_in(client, staff.username, REMOTE_ADDR="10.0.0.9")
    assert (answer.status_code, answer["Location"]) == (302, NEXT)
    assert client.get(NEXT).status_code == 200
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.address) == ("staff.signed_in", staff, "10.0.0.9")


def test_the_session_key_changes_at_sign_in(client: Client) -> None:
    staff = StaffFactory()
    session = client.session
    session["before"] = "1"
    session.save()
    before = session.session_key
    sign_in(client, staff.username)
    assert client.session.session_key != before


def test_the_case_of_the_name_does_not_matter(client: Client) -> None:
    StaffFactory(username="wang.li")
    assert sign_in(client, " Wang.Li ").status_code == 302


def test_wrong_password_is_refused_and_recorded(client: Client) -> None:
    staff = StaffFactory()
    answer = sign_in(client, staff.username, "wrong")
    assert answer.status_code == 200
    assert "_auth_user_id" not in client.session
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.target_key) == (
        "staff.sign_in_failed",
        None,
        str(staff.pk),
    )


def test_an_unknown_name_is_not_kept_as_it_may_be_a_password(client: Client) -> None:
    sign_in(client, "my-secret-password")
    entry = AuditEntry.objects.get()
    assert (entry.target_key, entry.target_label, entry.changes) == ("", "", {"known": False})


def test_lock_out_after_five_tries_with_the_right_password_too(client: Client) -> None:
    staff = StaffFactory(username="wang")
    with time_machine.travel(dt.datetime(2026, 3, 2, 4, 0, tzinfo=dt.UTC), tick=False):
        answers = [sign_in(client, "wang", "wrong").status_code for _ in range(4)]
        assert answers == [200, 200, 200, 200]
        assert sign_in(client, "WANG", "wrong").status_code == 429
    with time_machine.travel(dt.datetime(2026, 3, 2, 4, 29, 59, tzinfo=dt.UTC), tick=False):
        answer = sign_in(client, "wang")
        assert answer.status_code == 429
        # 30 minutes after the fifth try, at the bank's clock, and not later for having tried.
        assert "2026-03-02 12:30" in answer.content.decode()
        assert client.get(reverse("account_login")).status_code == 200
    with time_machine.travel(dt.datetime(2026, 3, 2, 4, 30, 1, tzinfo=dt.UTC), tick=False):
        assert sign_in(client, "wang").status_code == 302
    assert sorted(actions()) == sorted(
        ["staff.sign_in_failed"] * 5 + ["staff.locked_out", "staff.signed_in"]
    )
    assert AuditEntry.objects.get(action="staff.locked_out").target_key == str(staff.pk)


def test_lock_out_is_per_name_and_address(client: Client) -> None:
    StaffFactory(username="wang")
    StaffFactory(username="li")
    for _ in range(5):
        sign_in(client, "wang", "wrong", REMOTE_ADDR="10.0.0.1")
    assert sign_in(client, "wang", REMOTE_ADDR="10.0.0.1").status_code == 429
    assert sign_in(Client(), "li", REMOTE_ADDR="10.0.0.1").status_code == 302
    assert sign_in(Client(), "wang", REMOTE_ADDR="10.0.0.2").status_code == 302


def test_a_success_forgets_the_tries_before(client: Client) -> None:
    StaffFactory(username="wang")
    for _ in range(2):
        for _ in range(4):
            sign_in(Client(), "wang", "wrong")
        assert sign_in(Client(), "wang").status_code == 302


@pytest.mark.parametrize("contact", ["", "Service desk 8800"])
def test_the_lock_out_page_says_whom_to_ask(client: Client, settings: Any, contact: str) -> None:
    settings.SIGN_IN_CONTACT = contact
    client.cookies["django_language"] = "en"
    for _ in range(5):
        answer = sign_in(client, "wang", "wrong")
    page = answer.content.decode()
    assert 'lang="en"' in page
    assert (contact or "ask your administrator") in page


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", ["account_login", "account_inactive"])
def test_open_pages_speak_both_languages(client: Client, language: str, name: str) -> None:
    client.cookies["django_language"] = language
    assert f'lang="{language}"' in client.get(reverse(name)).content.decode()


def test_a_deactivated_account_is_told_so_and_stays_out(client: Client) -> None:
    staff = StaffFactory(is_active=False)
    answer = sign_in(client, staff.username)
    assert answer["Location"] == reverse("account_inactive")
    assert client.get(reverse("account_inactive")).status_code == 200
    assert "_auth_user_id" not in client.session


def test_sign_out_is_recorded(client: Client) -> None:
    staff = StaffFactory()
    sign_in(client, staff.username)
    assert client.post(reverse("account_logout"))["Location"] == reverse("account_login")
    assert actions() == ["staff.signed_in", "staff.signed_out"]
    assert "_auth_user_id" not in client.session


def test_changing_the_password_keeps_this_session_and_ends_the_others(client: Client) -> None:
    staff = StaffFactory()
    other = Client()
    sign_in(other, staff.username)
    sign_in(client, staff.username)
    new = "quite-another-7-words"
    data = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    answer = client.post(reverse("account_change_password"), data)
    assert answer["Location"] == reverse("mfa_index")
    assert client.get(NEXT).status_code == 200
    assert other.get(NEXT).status_code == 302
    assert actions()[-1] == "staff.password_changed"


@pytest.mark.parametrize(
    ("old", "new"),
    [("wrong-old-one", "quite-another-7-words"), (PASSWORD, "short1"), (PASSWORD, "1" * 12)],
)
def test_a_bad_change_of_password_changes_nothing(client: Client, old: str, new: str) -> None:
    staff = StaffFactory()
    sign_in(client, staff.username)
    data = {"oldpassword": old, "password1": new, "password2": new}
    assert client.post(reverse("account_change_password"), data).status_code == 200
    assert Staff.objects.get(pk=staff.pk).check_password(PASSWORD)


@pytest.mark.parametrize(
    "path", ["signup/", "password/reset/", "email/", "password/set/", "confirm-email/"]
)
def test_what_a_bank_does_not_open_is_not_there(client: Client, path: str) -> None:
    assert client.get(f"/accounts/{path}").status_code == 404
    client.force_login(StaffFactory(), "portal.staff.access.backend.StaffBackend")
    assert client.get(f"/accounts/{path}").status_code == 404


def test_nobody_can_sign_up() -> None:
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")


def test_demo_accounts_show_only_in_the_demonstration(client: Client, settings: Any) -> None:
    StaffFactory(username="approver", role=Role.APPROVER)
    settings.DEMO_PASSWORD = "unused"
    assert "<table" not in client.get(reverse("account_login")).content.decode()
    settings.DEMO = True
    page = client.get(reverse("account_login")).content.decode()
    assert ">approver</code>" in page
    assert "<code>demo-portal-2026</code>" in page


def test_signed_in_pages_stay_out_of_shared_caches(client: Client) -> None:
    sign_in(client, StaffFactory().username)
    assert client.get(NEXT)["Cache-Control"] == "no-store, private"


def test_a_flushed_cache_signs_nobody_out(client: Client) -> None:
    sign_in(client, StaffFactory().username)
    cache.clear()
    assert client.get(NEXT).status_code == 200
