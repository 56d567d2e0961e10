"""Consent taken back by a link in a mail: opening changes nothing, one click does."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from journeys.models import Consent, Customer
from journeys.outreach import access
from tests.factories.journeys import ConsentFactory, CustomerFactory

pytestmark = pytest.mark.django_db


def address_of(customer: Customer, channel: str = "email") -> str:
    return f"{reverse('unsubscribe')}?t={access.refusal_token(customer.pk, channel)}"


@pytest.fixture
def agreed() -> Customer:
    customer = CustomerFactory()
    for channel in ("email", "sms"):
        ConsentFactory(customer=customer, channel=channel)
    return customer


def withdrawn(customer: Customer) -> list[str]:
    rows = Consent.objects.filter(customer=customer, is_granted=False)
    return sorted(rows.values_list("channel", flat=True))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_opening_the_page_changes_nothing(agreed: Customer, language: str) -> None:
    """Programmes that look into mail open every address in it."""
    client = Client(headers={"cookie": f"django_language={language}"})
    for _ in range(3):
        answer = client.get(address_of(agreed))
        assert answer.status_code == 200
        assert answer["Cache-Control"] == "no-store"
    assert client.head(address_of(agreed)).status_code == 200
    assert withdrawn(agreed) == []
    text = answer.content.decode()
    assert ("<form" in text, agreed.name in text, agreed.number in text) == (True, False, False)


@pytest.mark.parametrize("body", [{"List-Unsubscribe": "One-Click"}, {}])
def test_a_post_takes_it_back_once(agreed: Customer, body: dict[str, str]) -> None:
    client = Client(enforce_csrf_checks=True)
    for _ in range(3):
        answer = client.post(address_of(agreed), body)
        assert (answer.status_code, answer.context["is_done"]) == (200, True)
    assert withdrawn(agreed) == ["email"]
    assert answer.cookies.get("sessionid") is None


def test_who_agrees_again_can_take_it_back_again(agreed: Customer) -> None:
    Client().post(address_of(agreed))
    first = Consent.objects.get(customer=agreed, is_granted=False)
    ConsentFactory(
        customer=agreed, channel="email", recorded_at=first.recorded_at,
        effective_at=first.recorded_at,
    )  # fmt: skip
    Client().post(address_of(agreed))
    # Said at the very same instant: of two words at one instant the withdrawal holds already.
    assert withdrawn(agreed) == ["email"]


def test_only_the_channel_of_the_token(agreed: Customer) -> None:
    Client().post(address_of(agreed, "sms"))
    assert withdrawn(agreed) == ["sms"]


def test_a_late_consent_of_before_does_not_stand(agreed: Customer) -> None:
    """Where no consent is known yet the word is kept all the same."""
    stranger = CustomerFactory()
    Client().post(address_of(stranger))
    assert withdrawn(stranger) == ["email"]


@pytest.mark.parametrize("change", ["number", "mac", "channel", "short", "empty", "long", "nul"])
def test_a_token_that_is_not_ours_does_nothing(agreed: Customer, change: str) -> None:
    other = CustomerFactory()
    token = access.refusal_token(agreed.pk, "email")
    number, channel, mac = token.split(".")
    forged = {
        "number": f"{other.pk}.{channel}.{mac}",
        "mac": f"{number}.{channel}.{mac[:-2]}AA",
        "channel": f"{number}.sms.{mac}",
        "short": token[:-1],
        "empty": "",
        "long": f"{'9' * 30}.{channel}.{mac}",
        "nul": f"{number}\0.{channel}.{mac}",
    }[change]
    for method in ("get", "post"):
        answer: Any = getattr(Client(), method)(f"{reverse('unsubscribe')}?t={forged}")
        assert answer.status_code == 404
    assert Consent.objects.filter(is_granted=False).count() == 0


def test_a_token_is_for_ever(agreed: Customer, settings: Any) -> None:
    address = address_of(agreed)
    settings.SECRET_KEY = "another"
    first = settings.BLIND_INDEX_KEYS[1]
    settings.BLIND_INDEX_KEYS = {1: first, 2: b"n" * 32}
    assert Client().post(address).status_code == 200
    assert withdrawn(agreed) == ["email"]


def test_tags_of_return_paths() -> None:
    tag = access.return_tag(7)
    assert access.returned_by(tag) == access.returned_by(tag.upper()) == 7
    for bad in ("", "7", "7.", tag.replace("7.", "8.", 1), f"{tag}0", "x.0123456789abcdef"):
        assert access.returned_by(bad) is None
    assert len(f"bounces+{access.return_tag(10**17)}") <= 64
