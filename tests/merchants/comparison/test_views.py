"""The page of the comparison, as those who may see it."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from portal.kit import clock
from tests.factories import partnerships as made
from tests.factories.portal import BranchFactory, StaffFactory

pytestmark = pytest.mark.django_db
ClientOf = Callable[..., Client]


def ago(days: int) -> dt.date:
    return clock.today() - dt.timedelta(days=days)


def test_partnerships_in_comparison_are_listed_and_compared_with_the_nearest(
    client_of: ClientOf,
) -> None:
    row = made.in_phase("comparison", on=ago(90))
    made.begun(on=ago(20), manager=row.manager)
    client = client_of(row.manager)
    listed = client.get(reverse("comparison_list"))
    assert [one["row"] for one in listed.context["rows"]] == [row]
    page = client.get(reverse("comparison_page", args=[row.pk]))
    assert page.context["found"].rows[0].merchant == row.merchant
    others = {one.merchant.number for one in page.context["found"].rows[1:]}
    assert others == {
        one.number for one in row.branch.merchants.exclude(pk=row.merchant_id)
    }  # fmt: skip
    assert page.content.decode().count('<svg class="d-block dots"') == 5
    link = reverse("export_start", args=["comparison"]) + f"?partnership={row.pk}"
    assert link in page.content.decode()
    assert client.get(link).status_code == 200


def test_one_that_is_not_in_comparison_says_so_and_one_alone_says_what_to_do(
    client_of: ClientOf,
) -> None:
    row = made.begun(on=ago(20), peers=0)
    page = client_of(row.manager).get(reverse("comparison_page", args=[row.pk]))
    assert page.context["is_compared"] is False
    assert len(page.context["found"].rows) == 1
    text = page.content.decode()
    assert "alert alert-info" in text
    assert "empty-message" in text


def test_the_unlike_are_refused_with_a_sentence(client_of: ClientOf) -> None:
    from tests.merchants.comparison.test_queries import shop

    row = made.in_phase("comparison", on=ago(90))
    strange = shop(mcc="5411", branch=row.branch)
    address = reverse("comparison_page", args=[row.pk])
    page = client_of(row.manager).get(address, {"with": strange.number})
    assert len(page.context["found"].refused) == 1
    assert [one.merchant for one in page.context["found"].rows] == [row.merchant]


def test_a_partnership_of_another_branch_is_not_found(client_of: ClientOf) -> None:
    row = made.in_phase("comparison", on=ago(90))
    person = StaffFactory(role="branch_manager", branch=BranchFactory())
    address = reverse("comparison_page", args=[row.pk])
    assert client_of(person).get(address).status_code == 404


def test_the_chief_hands_a_partnership_over_on_its_page(client_of: ClientOf) -> None:
    row = made.begun(on=ago(20))
    other, chief = made.manager(branch=row.branch), made.chief(row)
    address = reverse("partnership_hand_over", args=[row.pk])
    client = client_of(chief)
    assert client.get(address).status_code == 200

    def sent(manager: str, reason: str) -> int:
        return client.post(address, {"manager": manager, "reason": reason}).status_code

    assert sent(other.username, "") == 422
    assert sent(row.manager.username, "调岗") == 422
    assert sent(other.username, "调岗") == 302
    row.refresh_from_db()
    assert row.manager == other
