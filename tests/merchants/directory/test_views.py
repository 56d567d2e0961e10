"""The pages of the merchant directory."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal.kit.registry import registry
from tests.factories.merchants import MerchantFactory
from tests.factories.portal import BranchFactory, StaffFactory

ClientOf = Callable[..., Client]


@pytest.mark.django_db
def test_the_list_shows_what_the_person_may_see(client_of: ClientOf) -> None:
    here = BranchFactory()
    mine, other = MerchantFactory(branch=here), MerchantFactory()
    client = client_of(StaffFactory(role="branch_manager", branch=here))
    answer = client.get(reverse("merchant_list"))
    assert list(answer.context["page"].rows) == [mine]
    assert other.name not in answer.content.decode()


@pytest.mark.django_db
def test_a_telemarketer_may_not_see_merchants(client_of: ClientOf) -> None:
    client = client_of("telemarketer")
    assert client.get(reverse("merchant_list")).status_code == 403
    assert client.get(reverse("merchant_page", args=["M1"])).status_code == 403


@pytest.mark.django_db
def test_a_merchant_outside_the_scope_is_not_found(client_of: ClientOf) -> None:
    outside = MerchantFactory()
    client = client_of(StaffFactory(role="branch_manager", branch=BranchFactory()))
    assert client.get(reverse("merchant_page", args=[outside.number])).status_code == 404


@pytest.mark.django_db
def test_a_merchant_has_a_page(client_of: ClientOf) -> None:
    merchant = MerchantFactory(is_partner=True)
    answer = client_of("campaign_manager").get(reverse("merchant_page", args=[merchant.number]))
    assert merchant.name in answer.content.decode()


@pytest.mark.django_db
def test_an_unknown_scenario_is_left_out_and_an_empty_list_says_what_to_do(
    client_of: ClientOf,
) -> None:
    merchant = MerchantFactory()
    client = client_of("campaign_manager")
    answer = client.get(reverse("merchant_list"), {"scenario": "moon"})
    assert list(answer.context["page"].rows) == [merchant]
    answer = client.get(reverse("merchant_list"), {"text": "没有"})
    assert list(answer.context["page"].rows) == []
    assert answer.status_code == 200


@pytest.mark.django_db
def test_the_list_asks_the_same_number_of_questions_for_one_row_and_for_three(
    client_of: ClientOf, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    client = client_of("campaign_manager")
    MerchantFactory(manager=StaffFactory(role="relationship_manager"))
    client.get(reverse("merchant_list"))  # the first request of a session notes that it began
    with django_assert_max_num_queries(12) as first:
        client.get(reverse("merchant_list"))
    for _row in range(2):
        MerchantFactory(manager=StaffFactory(role="relationship_manager"))
    with django_assert_num_queries(len(first)):
        client.get(reverse("merchant_list"))


@pytest.mark.django_db
def test_a_merchants_page_asks_for_the_parts_that_were_registered(client_of: ClientOf) -> None:
    """Of those for which the person holds the permission."""
    me = StaffFactory(role="relationship_manager")
    shop = MerchantFactory(manager=me)
    answer = client_of(me).get(reverse("merchant_page", args=[shop.number]))
    wanted = [
        reverse(part.url_name, args=[shop.number])
        for part in registry.merchant_parts
        if me.may(part.permission)
    ]
    assert answer.context["parts"] == wanted != []
    for address in wanted:
        assert f'hx-get="{address}"' in answer.content.decode()
        assert client_of(me).get(address).status_code == 200
