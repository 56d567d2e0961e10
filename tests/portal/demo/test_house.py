"""The demo bank's house: a tree, and staff in every role."""

import datetime as dt

import pytest
from django.conf import settings

from portal.demo import house
from portal.models import Branch, Staff, Team
from portal.runtime import runner
from portal.staff.enums import BranchLevel, Role

ON = dt.date(2026, 11, 23)


@pytest.mark.django_db
def test_the_tree_has_a_head_office_three_regions_and_twelve_branches() -> None:
    house.build_house(seed="1", on=ON)
    levels = list(Branch.objects.order_by("id").values_list("level", flat=True))
    assert [levels.count(level) for level in BranchLevel.values] == [1, 3, 12]
    assert Branch.objects.get(code="ZJ01").path == "/HO/ZJ/ZJ01/"
    assert {team.branch.code for team in Team.objects.select_related("branch")} == {
        f"{region}{number:02d}" for region in ("JS", "ZJ", "GD") for number in range(1, 5)
    }
    assert Team.objects.count() == 24


@pytest.mark.django_db
def test_each_role_has_a_demo_account_that_can_sign_in() -> None:
    built = house.build_house(seed="1", on=ON)
    for role in Role.values:
        account = Staff.objects.get(username=role)
        assert account.role == role
        assert built.staff_ids[role] == account.pk
    assert Staff.objects.get(username="telemarketer").check_password(runner.DEMO_PASSWORD)
    assert settings.DEMO_PASSWORD == runner.DEMO_PASSWORD
    assert Staff.objects.filter(role=Role.APPROVER).count() == 2


@pytest.mark.django_db
def test_the_demo_people_of_the_branch_sit_in_the_same_branch() -> None:
    house.build_house(seed="1", on=ON)
    names = ["telemarketer", "branch_manager", "relationship_manager"]
    found = Staff.objects.filter(username__in=names).values_list("branch__code", flat=True)
    assert list(found) == [house.DEMO_BRANCH] * 3
    telemarketer = Staff.objects.get(username="telemarketer")
    assert telemarketer.team is not None
    assert telemarketer.team.branch_id == telemarketer.branch_id


@pytest.mark.django_db
def test_every_branch_has_its_people() -> None:
    built = house.build_house(seed="1", on=ON)
    assert [len(branch.telemarketers) for branch in built.branches] == [4] * 12
    assert [len(branch.relationship_manager_ids) for branch in built.branches] == [2] * 12


@pytest.mark.django_db
def test_a_bank_exists_once_a_branch_does() -> None:
    assert not house.bank_exists()
    house.build_house(seed="1", on=ON)
    assert house.bank_exists()
