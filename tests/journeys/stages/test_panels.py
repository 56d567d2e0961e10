"""The funnel on the page of figures."""

from collections.abc import Callable

import pytest
from django.test import Client

from journeys.stages import operations
from portal.staff.enums import Role
from tests.factories.journeys import CustomerFactory
from tests.factories.portal import BranchFactory, StaffFactory

pytestmark = pytest.mark.django_db


def part_of(client: Client, query: str = "") -> str | None:
    page = client.get(f"/figures/{query}")
    found = [one.html for one in page.context["parts"] if one.code == "stages"]
    return found[0] if found else None


def test_the_funnel_of_the_asked_branch_and_its_branches_side_by_side(
    client_of: Callable[..., Client],
) -> None:
    own = BranchFactory()
    below = BranchFactory(parent=own)
    client = client_of(StaffFactory(role=Role.BRANCH_MANAGER, branch=own, language="en"))
    assert part_of(client) is None
    for branch in (own, own, below):
        CustomerFactory(branch=branch)
    operations.refresh_stages()
    whole = part_of(client)
    assert whole is not None
    assert f'<td class="text-end">{3}</td>' in whole
    assert 'data-picture="stages-by-branch-option"' in whole
    narrowed = part_of(client, f"?branch={below.code}")
    assert narrowed is not None
    assert f"?branch={below.code}" in narrowed
    assert 'data-picture="stages-by-branch-option"' not in narrowed


def test_whoever_may_see_no_persons_is_told_no_small_counts(
    client_of: Callable[..., Client],
) -> None:
    CustomerFactory()
    operations.refresh_stages()
    assert part_of(client_of(Role.ANALYST)) is None
