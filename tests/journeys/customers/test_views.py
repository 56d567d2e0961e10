"""The pages about customers: masked, and within the scope."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from journeys.models import DoNotContact, PointsEntry
from journeys.stages import operations as stages
from tests.factories.journeys import (
    DAY,
    INSTANT,
    CardFactory,
    ConsentFactory,
    CustomerFactory,
    TransactionFactory,
)
from tests.factories.portal import BranchFactory, StaffFactory

ClientOf = Callable[..., Client]


@pytest.mark.django_db
def test_the_list_is_masked(client_of: ClientOf) -> None:
    customer = CustomerFactory()
    answer = client_of("compliance").get(reverse("customer_list"))
    text = answer.content.decode()
    assert list(answer.context["page"].rows) == [customer]
    assert "王**" in text
    assert customer.name not in text


@pytest.mark.django_db
def test_a_companys_name_is_shown(client_of: ClientOf) -> None:
    CustomerFactory(kind="company", name="杭州恒信商贸有限公司")
    text = client_of("compliance").get(reverse("customer_list")).content.decode()
    assert "杭州恒信商贸有限公司" in text


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["telemarketer", "analyst", "approver", "administrator"])
def test_others_may_not_see_customers(client_of: ClientOf, role: str) -> None:
    client = client_of(role)
    assert client.get(reverse("customer_list")).status_code == 403
    assert client.get(reverse("customer_page", args=["C1"])).status_code == 403


@pytest.mark.django_db
def test_a_customer_outside_the_scope_is_not_found(client_of: ClientOf) -> None:
    outside = CustomerFactory()
    client = client_of(StaffFactory(role="branch_manager", branch=BranchFactory()))
    assert client.get(reverse("customer_page", args=[outside.number])).status_code == 404


@pytest.mark.django_db
def test_the_page_shows_cards_spending_points_consent_and_refusal(client_of: ClientOf) -> None:
    card = CardFactory()
    customer = card.customer
    row = TransactionFactory(card=card, amount=-12)
    ConsentFactory(customer=customer)
    PointsEntry.objects.create(
        reference="p1", customer=customer, kind="earned", points=1234, on_date=DAY
    )
    DoNotContact.objects.create(customer=customer, at=INSTANT, words="别再打来", source="call")
    answer = client_of("compliance").get(reverse("customer_page", args=[customer.number]))
    text = answer.content.decode()
    assert answer.context["cards"] == [card]
    assert list(answer.context["transactions"]) == [row]
    assert answer.context["points"] == 1234
    assert "别再打来" in text
    assert customer.name not in text


@pytest.mark.django_db
def test_the_page_of_a_customer_without_a_story_says_so(client_of: ClientOf) -> None:
    customer = CustomerFactory()
    answer = client_of("compliance").get(reverse("customer_page", args=[customer.number]))
    assert answer.status_code == 200
    assert answer.context["refusal"] is None


@pytest.mark.django_db
def test_the_list_asks_the_same_number_of_questions_for_one_row_and_for_three(
    client_of: ClientOf, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    client = client_of("compliance")
    CustomerFactory()
    client.get(reverse("customer_list"))  # the first request of a session notes that it began
    with django_assert_max_num_queries(12) as first:
        client.get(reverse("customer_list"))
    for _row in range(2):
        CustomerFactory()
    with django_assert_num_queries(len(first)):
        client.get(reverse("customer_list"))


@pytest.mark.django_db
def test_the_stage_is_shown_on_the_page_and_in_the_list(client_of: ClientOf) -> None:
    customer = CardFactory().customer
    client = client_of(StaffFactory(role="compliance", language="en"))
    pages = reverse("customer_page", args=[customer.number]), reverse("customer_list")
    assert ["Card issued" in client.get(page).content.decode() for page in pages] == [False] * 2
    stages.refresh_stages(customer_ids=[customer.pk])
    text = client.get(pages[0]).content.decode()
    assert "Now: Activation and use – Card issued, since 2026-03-02" in text
    assert "Card issued" in client.get(pages[1]).content.decode()
