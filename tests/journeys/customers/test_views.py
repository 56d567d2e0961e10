"""The pages about customers: masked, and within the scope."""

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from journeys.contact.queries.refusals import Refusals
from journeys.models import DoNotContact, PointsEntry
from journeys.stages import operations as stages
from portal.kit import clock
from tests.factories.journeys import (
    DAY,
    INSTANT,
    CardFactory,
    ConsentFactory,
    CustomerFactory,
    TransactionFactory,
)
from tests.factories.portal import BranchFactory, StaffFactory
from tests.project.rows import row_of

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
def test_a_number_in_the_name_of_a_company_is_masked(client_of: ClientOf) -> None:
    trader = CustomerFactory(kind="company", name="张三小卖部13912345678")
    assert (trader.shown_name, trader.has_masked_name) == ("张三小卖部139****5678", True)
    client = client_of("compliance")
    for url in (reverse("customer_list"), reverse("customer_page", args=[trader.number])):
        text = client.get(url).content.decode()
        assert ("张三小卖部139****5678" in text, "13912345678" in text) == (True, False)


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
def test_the_page_shows_cards_and_refusal(client_of: ClientOf) -> None:
    card = CardFactory()
    customer = card.customer
    ConsentFactory(customer=customer)
    PointsEntry.objects.create(
        reference="p1", customer=customer, kind="earned", points=1234, on_date=DAY
    )
    DoNotContact.objects.create(customer=customer, at=INSTANT, words="别再打来", source="call")
    answer = client_of("compliance").get(reverse("customer_page", args=[customer.number]))
    text = answer.content.decode()
    assert answer.context["cards"] == [card]
    assert text.count("别再打来") == 1  # above everything; the timeline is a part of its own
    assert customer.name not in text


@pytest.mark.django_db
def test_the_spending_of_twelve_months_is_a_part_of_the_page(client_of: ClientOf) -> None:
    card, day = CardFactory(), clock.today()
    TransactionFactory(card=card, posted_date=day, amount=Decimal("88.50"))
    url = reverse("customer_spending", args=[card.customer.number])
    shown = client_of("compliance").get(url).context
    assert shown["spent"][-1] == (day.replace(day=1), Decimal("88.50"))
    assert (len(shown["spent"]), shown["spent_total"]) == (12, Decimal("88.50"))
    assert shown["has_spent"]


@pytest.mark.django_db
def test_the_page_of_a_customer_without_a_story_says_so(client_of: ClientOf) -> None:
    customer = CustomerFactory()
    answer = client_of("compliance").get(reverse("customer_page", args=[customer.number]))
    assert answer.status_code == 200
    assert answer.context["refusals"] == Refusals(None, [])
    part = client_of("compliance").get(reverse("customer_spending", args=[customer.number]))
    assert not part.context["has_spent"]


@pytest.mark.django_db
def test_what_the_page_leads_to_is_on_it(client_of: ClientOf) -> None:
    """Each jump at the top has its section, which a fragment that comes later fills."""
    customer = CustomerFactory()
    url = reverse("customer_page", args=[customer.number])
    text = client_of("compliance").get(url).content.decode()
    jumps = re.findall(r'class="kind" href="#([a-z]+)"', text)
    assert jumps == [
        "timeline", "contact", "score", "facts", "points", "spending", "cards", "care",
    ]  # fmt: skip
    assert [text.count(f' id="{jump}"') for jump in jumps] == [1] * len(jumps)


@pytest.mark.django_db
def test_a_card_without_spending_gets_a_sentence_and_no_empty_picture(client_of: ClientOf) -> None:
    card = CardFactory()
    client = client_of(StaffFactory(role="compliance", language="en"))
    url = reverse("customer_spending", args=[card.customer.number])
    sentence, picture = "Nothing was spent with these cards", '<div class="bars">'
    text = client.get(url).content.decode()
    assert (sentence in text, picture in text) == (True, False)
    TransactionFactory(card=card, posted_date=clock.today(), amount=Decimal(9))
    text = client.get(url).content.decode()
    assert (sentence in text, picture in text) == (False, True)


@pytest.mark.django_db
def test_the_first_refusal_stands_on_the_page_and_the_part_tells_of_further_ones(
    client_of: ClientOf,
) -> None:
    customer = CustomerFactory()
    for hours, words in enumerate(("first words", "second words")):
        DoNotContact.objects.create(
            customer=customer, at=INSTANT + dt.timedelta(hours=hours), words=words, source="call"
        )
    client = client_of("compliance")
    part = client.get(reverse("customer_contact", args=[customer.number])).content.decode()
    assert ("first words" in part, part.count("second words")) == (False, 1)
    page = client.get(reverse("customer_page", args=[customer.number]))
    assert page.context["refusals"].own.words == "first words"


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
    words = ("Now:", "Card issued")
    for page, word in zip(pages, words, strict=True):
        assert word not in client.get(page).content.decode()
    stages.refresh_stages(customer_ids=[customer.pk])
    text = client.get(pages[0]).content.decode()
    assert "Now: Activation and use – Card issued, since 2026-03-02" in text
    assert text.count("is-reached") == 3
    assert "Card issued" in client.get(pages[1]).content.decode()


@pytest.mark.django_db
def test_the_score_leaves_personal_traits_out_where_asked(client_of: ClientOf) -> None:
    customer = CustomerFactory(birth_date=DAY.replace(year=1990))
    client = client_of(StaffFactory(role="compliance", language="en"))
    url = reverse("customer_page", args=[customer.number])
    with_traits, without = client.get(url), client.get(url, {"traits": "off"})
    found = [
        [row.is_trait for row in answer.context["score"].reasons].count(True)
        for answer in (with_traits, without)
    ]
    assert found == [1, 0]
    assert "Age: 3" in with_traits.content.decode()
    assert "Age: 3" not in without.content.decode()
    assert "not a trained model" in without.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("typed", "place"), [
    ("15400000001", "page"), ("c1", "page"), ("wang@example.test", "page"), ("wang", "list"),
    ("0001", "list"), ("15400000009", ""),
])  # fmt: skip
def test_who_is_found_exactly_is_shown_at_once(client_of: ClientOf, typed: str, place: str) -> None:
    row_of("journeys.RevealRule")
    CustomerFactory(number="C1", phone="15400000001", email="wang@example.test")
    answer = client_of("compliance").post(reverse("customer_search"), {"text": typed})
    places = {
        "page": reverse("customer_page", args=["C1"]),
        "list": f"{reverse('customer_list')}?text={typed}",
    }
    assert answer.headers.get("Location") == places.get(place)


@pytest.mark.django_db
def test_every_way_to_search_is_named(client_of: ClientOf) -> None:
    client = client_of(StaffFactory(role="compliance", language="en"))
    text = client.get(reverse("customer_list")).content.decode()
    for hint in ("C00012", "王小", "wang xiao", "wxm", "138****1234", "1234", "fingerprint"):
        assert hint in text
