"""The pages of tokens: made and shown once, looked at, revoked with a reason."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal.intake import access
from portal.kit import clock
from portal.models import ApiToken, AuditEntry, Staff
from tests.factories.portal import StaffFactory

ClientOf = Callable[..., Client]
pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Staff:
    return StaffFactory(role="administrator", language="en")


def given(**values: Any) -> dict[str, Any]:
    usual = {"name": "core-banking", "kinds": ["cards", "customers"],
             "last_day": clock.today().isoformat()}  # fmt: skip
    return {**usual, **values}


def make(client: Client, **values: Any) -> Any:
    return client.post(reverse("token_new"), given(**values))


def test_a_token_is_shown_once_and_kept_nowhere(admin: Staff, client_of: ClientOf) -> None:
    client = client_of(admin)
    answer = make(client)
    token, text = ApiToken.objects.get(), answer.context["text"]
    assert (token.name, token.kinds, token.created_by) == (
        "core-banking", ["cards", "customers"], admin,
    )  # fmt: skip
    assert access.token_of(f"Bearer {text}") == token
    assert f'value="{text}"' in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    secret = text.partition(".")[2]
    for name in ("token_list", "token_new"):
        assert secret not in client.get(reverse(name)).content.decode()
    assert secret not in client.get(reverse("token_page", args=[token.pk])).content.decode()
    assert secret not in str(list(AuditEntry.objects.values()))
    assert secret not in str(list(ApiToken.objects.values()))


def test_sent_again_the_form_is_refused_and_keeps_what_was_typed(
    admin: Staff, client_of: ClientOf
) -> None:
    client = client_of(admin)
    make(client)
    again = make(client)
    assert again.status_code == 422
    assert again.context["form"].non_field_errors() == [
        "There already is a token named core-banking; choose another name."
    ]
    assert 'value="core-banking"' in again.content.decode()
    assert ApiToken.objects.count() == 1


@pytest.mark.parametrize(("values", "wrong"), [
    ({"name": " "}, "name"), ({"name": "x"}, "name"), ({"name": "x" * 61}, "name"),
    ({"kinds": []}, "kinds"), ({"kinds": ["cards", "moon"]}, "kinds"),
    ({"last_day": ""}, "last_day"), ({"last_day": "2026-02-30"}, "last_day"),
    ({"last_day": dt.timedelta(days=-1)}, "__all__"),
    ({"last_day": dt.timedelta(days=3651)}, "__all__"),
])  # fmt: skip
def test_what_makes_no_token(
    values: dict[str, Any], wrong: str, admin: Staff, client_of: ClientOf
) -> None:
    if isinstance(values.get("last_day"), dt.timedelta):
        values = {"last_day": (clock.today() + values["last_day"]).isoformat()}
    answer = make(client_of(admin), **values)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [wrong])
    assert not ApiToken.objects.exists()


def test_ten_years_are_the_most(admin: Staff, client_of: ClientOf) -> None:
    last = clock.today() + dt.timedelta(days=3650)
    assert make(client_of(admin), last_day=last.isoformat()).status_code == 200


def test_the_list_tells_state_use_and_maker(admin: Staff, client_of: ClientOf) -> None:
    client = client_of(admin)
    for name in ("one", "two", "three"):
        make(client, name=f"{name}-system")
    ApiToken.objects.filter(name="two-system").update(last_used_at=clock.now())
    revoke(client, ApiToken.objects.get(name="three-system"), "moved")
    page = client.get(reverse("token_list"))
    assert [(line["token"].name, str(line["state"])) for line in page.context["lines"]] == [
        ("three-system", "已吊销"), ("two-system", "生效中"), ("one-system", "生效中"),
    ]  # fmt: skip
    assert page.content.decode().count("never") == 2


def revoke(client: Client, token: ApiToken, reason: str) -> Any:
    return client.post(reverse("token_revoke", args=[token.pk]), {"reason": reason})


def test_revoked_with_a_reason_once_and_for_good(admin: Staff, client_of: ClientOf) -> None:
    client = client_of(admin)
    make(client)
    token = ApiToken.objects.get()
    assert revoke(client, token, " ").status_code == 422
    assert ApiToken.objects.get().revoked_at is None
    assert revoke(client, token, "the server was given up, call 13812345678").status_code == 302
    token.refresh_from_db()
    assert (token.revoked_by, token.revoke_reason) == (
        admin, "the server was given up, call 138****5678",
    )  # fmt: skip
    first = token.revoked_at
    page = client.get(reverse("token_page", args=[token.pk])).content.decode()
    assert "the server was given up" in page
    assert reverse("token_revoke", args=[token.pk]) not in page
    again = client.post(
        reverse("token_revoke", args=[token.pk]), {"reason": "once more"}, follow=True
    )
    assert "There is no token named core-banking that is not revoked." in again.content.decode()
    token.refresh_from_db()
    assert token.revoked_at == first
    entries = AuditEntry.objects.order_by("pk").values_list("action", "actor", "reason")
    assert list(entries) == [
        ("api.token_made", admin.pk, ""), ("api.token_revoked", admin.pk, token.revoke_reason),
    ]  # fmt: skip
    assert client.get(reverse("token_page", args=[999_999])).status_code == 404
