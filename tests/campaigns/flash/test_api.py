"""The door for customers' channels: claim, confirm, ask; answers in both languages."""

import datetime as dt
import re
import time
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from campaigns.models import FlashClaim, Grant
from portal.intake import operations as intake
from portal.kit import clock
from portal.models import AuditEntry
from tests.factories import flash as factory
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db


def token(*kinds: str) -> str:
    at = timezone.now()
    return intake.create_token(
        name=f"app-{len(kinds)}-{kinds[0]}", kinds=kinds,
        last_day=clock.bank_day(at) + dt.timedelta(days=9), by=StaffFactory(role="administrator"),
        at=at,
    )[1]  # fmt: skip


class Channel:
    """A channel of the bank with its token."""

    def __init__(self, text: str, language: str = "en") -> None:
        self._headers = {"Authorization": f"Bearer {text}", "Accept-Language": language}
        self._client = Client()

    def post(self, path: str, body: Any) -> tuple[int, dict[str, Any]]:
        answer = self._client.post(
            f"/api/v1/flash/{path}", body, "application/json", headers=self._headers
        )
        return answer.status_code, answer.json()

    def get(self, path: str) -> tuple[int, dict[str, Any]]:
        answer = self._client.get(f"/api/v1/{path}", headers=self._headers)
        return answer.status_code, answer.json()


@pytest.fixture
def channel() -> Channel:
    return Channel(token("flash_claims"))


@pytest.mark.parametrize("body", [
    '{"customer": "\\ud800"}', '{"customer": "C1\\u0000"}', '{"customer": "C1\\n"}',
    '{"customer": ' + "[" * 9_000, '{"customer": 1}', '{"customer": ""}', "[]", "x",
])  # fmt: skip
def test_a_number_that_is_none_is_refused_at_the_door(channel: Channel, body: str) -> None:
    """It would fail all calls of the moment, which are worked off together."""
    sale = factory.open_sale(1)
    assert channel.post(f"{sale.pk}/claims/", body)[0] == 422
    assert not FlashClaim.objects.exists()


def test_a_customer_claims_confirms_and_asks(channel: Channel) -> None:
    sale = factory.open_sale(1)
    one, two = factory.qualified(sale, 2)
    status, held = channel.post(f"{sale.pk}/claims/", {"customer": one})
    assert (status, held["answer"], held["unit"]) == (200, "held", 1)
    assert held["claim"] == FlashClaim.objects.get().pk
    assert held["next"] == "Confirm before then; otherwise it goes to somebody else."
    assert channel.post(f"{sale.pk}/claims/", {"customer": one}) == (200, held)
    status, granted = channel.post(f"{sale.pk}/confirmations/", {"customer": one})
    assert (status, granted["answer"], granted["message"]) == (200, "granted", "It is yours.")
    assert Grant.objects.get().customer.number == one
    assert channel.post(f"{sale.pk}/standings/", {"customer": one}) == (200, granted)
    status, none = channel.post(f"{sale.pk}/standings/", {"customer": two})
    assert (status, none["answer"]) == (200, "none")
    status, none = channel.post(f"{sale.pk}/confirmations/", {"customer": two})
    assert (status, none["answer"], none["next"]) == (409, "none", "Claim one first.")
    assert channel.get(f"flash/{sale.pk}/")[1]["left"] == 0


def test_one_who_comes_too_early_hears_when_it_opens(channel: Channel) -> None:
    opens_at = dt.datetime(2099, 1, 2, 2, 0, tzinfo=dt.UTC)
    sale = factory.open_sale(1, opens_at=opens_at, closes_at=opens_at + dt.timedelta(hours=1))
    (one,) = factory.qualified(sale, 1)
    status, told = channel.post(f"{sale.pk}/claims/", {"customer": one})
    assert (status, told["answer"]) == (409, "not_open")
    assert told["next"] == "It opens at 2099-01-02 10:00:00."


def test_one_who_did_not_qualify_hears_why(channel: Channel) -> None:
    sale = factory.open_sale(1)
    (one,) = factory.qualified(sale, 1)
    sale.run.decisions.update(outcome="not_qualified", failed_at=1)
    status, told = channel.post(f"{sale.pk}/claims/", {"customer": one})
    assert (status, told["answer"]) == (409, "not_qualified")
    day = sale.run.on_date.isoformat()
    assert told["next"].startswith(f"Not met as of {day}: ")
    assert FlashClaim.objects.count() == 0


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"customer": 1}', '{"customer": ""}'])
def test_a_call_without_a_customer_is_refused(channel: Channel, body: str) -> None:
    sale = factory.open_sale(1)
    status, told = channel.post(f"{sale.pk}/claims/", body)
    assert (status, told["status"]) == (422, 422)


def test_a_token_for_something_else_and_a_sale_that_is_none(channel: Channel) -> None:
    sale = factory.open_sale(1)
    (one,) = factory.qualified(sale, 1)
    other = Channel(token("customers"))
    assert other.post(f"{sale.pk}/claims/", {"customer": one})[0] == 403
    assert channel.post("999999/claims/", {"customer": one})[0] == 404
    assert channel.get("flash/999999/")[0] == 404
    assert FlashClaim.objects.count() == 0


def test_the_description_tells_of_the_door(channel: Channel) -> None:
    document = channel.get("openapi.json")[1]
    assert document["paths"]["/flash/{sale}/claims/"]["post"]["operationId"] == "flash_claim"
    assert "/imports/customers/" in document["paths"]


def test_calls_are_noted_summed_up_and_those_without_leave_at_once(channel: Channel) -> None:
    sale = factory.open_sale(5)
    one, two = factory.qualified(sale, 2)
    intake.write_uses(at=timezone.now(), is_last=True)
    notes = AuditEntry.objects.filter(action="api.called")
    before = notes.count()
    path = f"/api/v1/flash/{sale.pk}/claims/"
    for body in ({"customer": one}, {"customer": two}, "", {"customer": "nobody"}):
        channel.post(f"{sale.pk}/claims/", body)
    assert notes.count() == before
    Channel(token("customers")).post(f"{sale.pk}/claims/", {"customer": one})
    assert notes.count() == before + 1
    intake.write_uses(at=timezone.now(), is_last=True)
    written = notes.order_by("id")[before + 1 :].values_list("changes", flat=True)
    found = sorted((line["path"], line["status"], line["calls"]) for line in written)
    assert found == [(path, 200, 2), (path, 409, 1), (path, 422, 1)]
    assert one not in str(list(notes.values("changes")))


def test_a_revoked_token_grants_nothing_and_claims_for_a_second_at_most(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    sale = factory.open_sale(5)
    one, two, three = factory.qualified(sale, 3)
    assert channel.post(f"{sale.pk}/claims/", {"customer": one})[0] == 200
    at, admin = timezone.now(), StaffFactory(role="administrator")
    intake.revoke_token(name="app-1-flash_claims", reason="lost", by=admin, at=at)
    assert channel.post(f"{sale.pk}/confirmations/", {"customer": one})[0] == 401
    assert channel.post(f"{sale.pk}/claims/", {"customer": two})[0] == 200
    begun = time.monotonic()
    with monkeypatch.context() as later:
        later.setattr(time, "monotonic", lambda: begun + 1.1)
        assert channel.post(f"{sale.pk}/claims/", {"customer": three})[0] == 401
    assert (Grant.objects.count(), FlashClaim.objects.count()) == (0, 2)


def test_no_customer_stands_in_an_address(channel: Channel) -> None:
    """Addresses are written down by proxies, by the access log and by the audit trail."""
    paths = channel.get("openapi.json")[1]["paths"]
    own = {path: calls for path, calls in paths.items() if path.startswith("/flash/")}
    assert {name for path in own for name in re.findall(r"\{(\w+)\}", path)} == {"sale"}
    asked = [one for calls in own.values() for call in calls.values() for one in call["parameters"]]
    assert {(one["name"], one["in"]) for one in asked} == {("sale", "path")}
