"""A file makes two customer numbers one person who holds a reward twice: somebody is told."""

import datetime as dt
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import translation

from campaigns.models import Grant
from campaigns.rewards import queries
from journeys.customers import intake
from journeys.models import Card, Customer
from portal.intake import operations as importing
from portal.staff import access
from tests.campaigns.rewards.test_bearers import is_known, rows_for, take_back
from tests.campaigns.rewards.test_groups import DAYS, group, of_group
from tests.factories.campaigns import AT, ON
from tests.factories.journeys import CustomerFactory
from tests.factories.portal import BranchFactory, StaffFactory
from tests.factories.rewards import ask, candidate, used_card, version_with

pytestmark = pytest.mark.django_db
ID = "44030519880615003X"  # of which the check digit is right
ALL = access.Scope(branch_path="")


def twice(scope: access.Scope = ALL) -> list[tuple[bool, list[tuple[int, bool]]]]:
    """What is listed: whether of a group, and the cards with whether they were the first."""
    return [
        (one.of_group, [(held.grant.card_id, held.is_first) for held in one.held])
        for one in queries.given_twice(scope=scope, most=100)
    ]


def both(version: Any) -> tuple[Card, Card]:
    cards = used_card(), used_card()
    ask(version, [candidate(card) for card in cards])
    return cards


def test_who_was_given_twice_is_listed_once_it_is_known_until_one_is_taken_back() -> None:
    version = version_with(budget={"total": "1000.00"})
    first, later = both(version)
    assert twice() == []
    is_known(first, later)
    assert twice() == [(False, [(first.pk, True), (later.pk, False)])]
    take_back(later)
    assert twice() == []


def test_two_campaigns_of_a_group_are_listed_where_their_days_meet() -> None:
    named = group(DAYS)
    a, b, c = of_group("a", named), of_group("b", named), of_group("c", None)
    mine, second, third, fourth = (used_card() for _number in range(4))
    over = ON + dt.timedelta(days=DAYS)
    for version, card, on in ((a, mine, ON), (b, second, ON), (a, third, ON), (b, fourth, over)):
        held = (on, on + dt.timedelta(days=DAYS))
        Grant.objects.bulk_create(rows_for(version, card, group=named, held=held, granted_date=on))
    Grant.objects.bulk_create(rows_for(c, second))
    is_known(mine, second)
    is_known(third, fourth, number="440305199001010017")
    assert twice() == [(True, [(mine.pk, True), (second.pk, False)])]


def test_nobody_is_listed_who_holds_one_thing_or_is_another_person() -> None:
    version = version_with(budget={"total": "1000.00"})
    first, _stranger = both(version)
    is_known(first, used_card())
    assert twice() == []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_file_makes_them_one_and_the_page_says_what_to_do(client: Client, language: str) -> None:
    version = version_with(budget={"total": "1000.00"})
    first, later = both(version)
    is_known(first, number=ID)
    staff = StaffFactory(role="compliance", language=language)
    client.force_login(staff)
    page = reverse("given_twice")
    with translation.override(language):
        nobody = translation.gettext("Nobody holds a reward twice.")
        heading = translation.gettext("Given twice to one person")
        to_do, called = translation.gettext("What to do"), version.campaign.label
    assert nobody in client.get(page).content.decode()
    assert heading not in client.get(reverse("home")).content.decode()
    row = {
        "number": later.customer.number, "name": "王小明", "branch": later.customer.branch.code,
        "id_number": ID, "registered_date": "2026-01-01", "source": "core_banking",
        "lawful_basis": "contract",
    }  # fmt: skip
    report = importing.import_rows(
        kind=intake.CUSTOMERS.code, rows=[row], actor=None, at=AT, source_name="t"
    )
    assert report.rows_bad == 0, report
    cache.clear()
    body = client.get(page).content.decode()
    for words in (to_do, first.customer.number, later.customer.number, called):
        assert words in body
    assert ID not in body
    assert heading in client.get(reverse("home")).content.decode()


def test_a_branch_sees_its_own_customer_and_not_the_other(client_of: Any) -> None:
    version = version_with(budget={"total": "1000.00"})
    first, later = both(version)
    is_known(first, later)
    own, other = BranchFactory(), BranchFactory()
    Customer.objects.filter(pk=first.customer_id).update(branch=own)
    near = StaffFactory(role="branch_manager", branch=own)
    assert len(twice(access.scope_of(near))) == 1
    assert twice(access.scope_of(StaffFactory(role="branch_manager", branch=other))) == []
    body = client_of(near).get(reverse("given_twice")).content.decode()
    assert (first.customer.number in body, later.customer.number in body) == (True, False)
    CustomerFactory(id_number=ID)
    assert len(twice()) == 1


def test_it_asks_as_often_for_three_as_for_one(
    client_of: Any, django_assert_max_num_queries: Any
) -> None:
    version = version_with(budget={"total": "1000.00"})
    for number in range(3):
        is_known(*both(version), number=f"44030519900101{number:04}")
    client = client_of("compliance")
    client.get(reverse("given_twice"))
    with django_assert_max_num_queries(8):
        page = client.get(reverse("given_twice"))
    assert len(page.context["lines"]) == 3
