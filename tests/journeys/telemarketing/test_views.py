"""The page of leads and the home panels about them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from journeys.telemarketing import panels
from portal.models import Staff
from tests.factories.journeys import LeadFactory
from tests.factories.portal import BranchFactory, StaffFactory

ClientOf = Callable[..., Client]


def _request(staff: Staff) -> Any:
    request = RequestFactory().get("/")
    request.user = staff
    return request


@pytest.mark.django_db
def test_the_list_is_masked(client_of: ClientOf) -> None:
    lead = LeadFactory()
    answer = client_of("compliance").get(reverse("lead_list"))
    text = answer.content.decode()
    assert list(answer.context["page"].rows) == [lead]
    assert "李**" in text
    assert lead.name not in text


@pytest.mark.django_db
def test_a_relationship_manager_may_not_see_leads(client_of: ClientOf) -> None:
    assert client_of("relationship_manager").get(reverse("lead_list")).status_code == 403


@pytest.mark.django_db
def test_a_filter_that_is_wrong_is_left_out(client_of: ClientOf) -> None:
    lead = LeadFactory()
    client = client_of("compliance")
    found = client.get(reverse("lead_list"), {"state": "moon", "source": "post"})
    assert list(found.context["page"].rows) == []
    found = client.get(reverse("lead_list"), {"state": "moon"})
    assert list(found.context["page"].rows) == [lead]


@pytest.mark.django_db
def test_the_list_asks_the_same_number_of_questions_for_one_row_and_for_three(
    client_of: ClientOf, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    client = client_of("compliance")
    LeadFactory(owner=StaffFactory(role="telemarketer"))
    client.get(reverse("lead_list"))  # the first request of a session notes that it began
    with django_assert_max_num_queries(12) as first:
        client.get(reverse("lead_list"))
    for _row in range(2):
        LeadFactory(owner=StaffFactory(role="telemarketer"))
    with django_assert_num_queries(len(first)):
        client.get(reverse("lead_list"))


@pytest.mark.django_db
def test_a_telemarketer_has_the_own_leads_at_home(client_of: ClientOf) -> None:
    me = StaffFactory(role="telemarketer", branch=BranchFactory())
    mine = LeadFactory(branch=me.branch, owner=me)
    LeadFactory(branch=me.branch, owner=me, state="lost")
    LeadFactory(branch=me.branch)
    found = panels.my_leads(_request(me))
    assert found is not None
    assert [count for _label, count in found["counts"]] == [1, 0, 0, 1]
    assert (found["free"], found["leads"]) == (1, [mine])
    home = client_of(me).get("/").content.decode()
    assert "panel-my_leads" in home
    assert panels.leads_by_source(_request(me)) is None


@pytest.mark.django_db
def test_a_branch_manager_has_the_leads_by_source_at_home(client_of: ClientOf) -> None:
    me = StaffFactory(role="branch_manager", branch=BranchFactory())
    LeadFactory(branch=me.branch, state="won")
    found = panels.leads_by_source(_request(me))
    assert found is not None
    assert [(row["count"], row["won"]) for row in found["rows"]] == [(1, 1)]
    assert found["most"] == 1
    assert "panel-leads_by_source" in client_of(me).get("/").content.decode()
    assert panels.my_leads(_request(me)) is None
