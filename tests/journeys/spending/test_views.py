"""The turnover on a merchant's page, and the panel of a relationship manager."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client, RequestFactory
from django.urls import reverse

from journeys.spending import panels
from portal.models import Staff
from tests.factories.journeys import TransactionFactory
from tests.factories.merchants import MerchantFactory
from tests.factories.portal import BranchFactory, StaffFactory

ClientOf = Callable[..., Client]
NOW = dt.datetime(2026, 3, 31, 4, tzinfo=dt.UTC)


def _request(staff: Staff) -> Any:
    request = RequestFactory().get("/")
    request.user = staff
    return request


@pytest.mark.django_db
@time_machine.travel(NOW, tick=False)
def test_a_merchants_turnover_covers_twelve_months_up_to_today(client_of: ClientOf) -> None:
    shop = MerchantFactory()
    for day in (dt.date(2025, 3, 31), dt.date(2025, 4, 1), dt.date(2026, 3, 31)):
        for _purchase in range(5):
            TransactionFactory(merchant=shop, posted_date=day)
    TransactionFactory(
        merchant=shop, posted_date=dt.date(2026, 3, 1), amount=Decimal(-30), kind="refund"
    )
    answer = client_of("relationship_manager").get(reverse("merchant_turnover", args=[shop.number]))
    assert figures(answer) == [
        ("2026-03", "¥470", 5, 1), ("2026-02", "¥0", 0, 0), ("2026-01", "¥0", 0, 0),
        *((f"2025-{month:02d}", "¥0", 0, 0) for month in range(12, 4, -1)),
        ("2025-04", "¥500", 5, 0),
    ]  # fmt: skip
    assert answer.content.decode().count("<rect") == 12


@pytest.mark.django_db
@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize(("purchases", "refunds", "is_shown"), [
    (1, 0, False), (4, 0, False), (2, 2, False), (5, 0, True), (3, 2, True),
])  # fmt: skip
def test_a_month_of_so_few_that_it_would_tell_of_persons_is_not_shown(
    client_of: ClientOf, purchases: int, refunds: int, is_shown: bool
) -> None:
    """In neither the table, nor the picture, nor its words."""
    shop = MerchantFactory()
    for number in range(purchases + refunds):
        kind, amount = ("purchase", 777) if number < purchases else ("refund", -77)
        TransactionFactory(
            merchant=shop, posted_date=dt.date(2026, 3, 5), amount=Decimal(amount), kind=kind
        )
    me = StaffFactory(role="relationship_manager", language="en")
    answer = client_of(me).get(reverse("merchant_turnover", args=[shop.number]))
    total = f"¥{777 * purchases - 77 * refunds:,}"
    text = answer.content.decode()
    assert figures(answer)[0][1] == (total if is_shown else "too few to show")
    assert (total in text, "could tell what single persons spent" in text) == (
        is_shown, not is_shown,
    )  # fmt: skip
    assert answer.content.decode().count('height="0.0"') == (11 if is_shown else 12)


def figures(answer: Any) -> list[tuple[str, str, int, int]]:
    return [
        (row["month"], row["amount"], row["of"].purchases, row["of"].refunds)
        for row in answer.context["rows"]
    ]


@pytest.mark.django_db
def test_turnover_outside_the_scope_is_not_found(client_of: ClientOf) -> None:
    shop = MerchantFactory()
    client = client_of(StaffFactory(role="branch_manager", branch=BranchFactory()))
    assert client.get(reverse("merchant_turnover", args=[shop.number])).status_code == 404
    assert client_of("analyst").get(reverse("merchant_turnover", args=["M"])).status_code == 403


@pytest.mark.django_db
def test_a_merchant_without_turnover_says_so(client_of: ClientOf) -> None:
    shop = MerchantFactory()
    answer = client_of("campaign_manager").get(reverse("merchant_turnover", args=[shop.number]))
    assert answer.context["is_empty"]
    assert "<svg" not in answer.content.decode()


@pytest.mark.django_db
@time_machine.travel(NOW, tick=False)
def test_a_relationship_manager_sees_which_merchants_moved(client_of: ClientOf) -> None:
    me = StaffFactory(role="relationship_manager", branch=BranchFactory())
    rising, falling = (MerchantFactory(manager=me) for _shop in range(2))
    MerchantFactory(branch=me.branch)
    today = dt.date(2026, 3, 31)
    for shop, days, amount in (
        (rising, 29, 50), (rising, 30, 20), (falling, 59, 90), (falling, 60, 1000),
        (falling, 0, 10),
    ):  # fmt: skip
        TransactionFactory(
            merchant=shop, posted_date=today - dt.timedelta(days=days), amount=Decimal(amount)
        )
    found = panels.my_merchants(_request(me))
    assert found is not None
    assert (found["count"], found["earlier"], found["later"]) == (2, Decimal(110), Decimal(60))
    assert found["percent"] == -45
    assert [row["merchant"] for row in found["movers"]] == [falling, rising]
    home = client_of(me).get("/").content.decode()
    assert falling.name in home
    assert panels.my_merchants(_request(StaffFactory(role="branch_manager"))) is None
