"""The demo bank's branches, teams and staff, one demo account per role among them.

Rows are created directly, for a bank that is not yet open has no history of hirings. The demo
password is hashed once, because the hash is slow on purpose.
"""

import datetime as dt
import random
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.hashers import make_password

from portal.demo import people, places
from portal.models import Branch, Staff, Team
from portal.staff.enums import BranchLevel, Role

DEMO_BRANCH = "ZJ01"
_TEAM_NAMES = [("营销一组", "Sales team 1"), ("营销二组", "Sales team 2")]
_AT_HEAD_OFFICE = [
    (Role.CAMPAIGN_MANAGER, "campaign_manager"), (Role.CAMPAIGN_MANAGER, "campaign_manager_2"),
    (Role.APPROVER, "approver"), (Role.APPROVER, "approver_2"),
    (Role.COMPLIANCE, "compliance"), (Role.ANALYST, "analyst"),
    (Role.ADMINISTRATOR, "administrator"),
]  # fmt: skip
_IN_BRANCH = [
    (Role.BRANCH_MANAGER, "manager", None),
    (Role.RELATIONSHIP_MANAGER, "relations_1", None),
    (Role.RELATIONSHIP_MANAGER, "relations_2", None),
    (Role.TELEMARKETER, "calls_1", 0), (Role.TELEMARKETER, "calls_2", 0),
    (Role.TELEMARKETER, "calls_3", 1), (Role.TELEMARKETER, "calls_4", 1),
]  # fmt: skip
_DEMO_NAMES = {
    f"{DEMO_BRANCH.lower()}_manager": "branch_manager",
    f"{DEMO_BRANCH.lower()}_relations_1": "relationship_manager",
    f"{DEMO_BRANCH.lower()}_calls_1": "telemarketer",
}


@dataclass(frozen=True)
class HouseBranch:
    """A branch as the other builders need it; lists are in the order of creation."""

    id: int
    place: places.BranchPlace
    team_ids: list[int]
    relationship_manager_ids: list[int]
    telemarketers: list[tuple[int, int]]  # (staff, team)


@dataclass(frozen=True)
class House:
    """Everything of the house that the other builders need."""

    branches: list[HouseBranch]
    staff_ids: dict[str, int]  # by user name


class _Hiring:
    """Gathers staff with running numbers and drawn names."""

    def __init__(self, rng: random.Random, on: dt.date) -> None:
        self.rng = rng
        self.on = on
        self.password = make_password(settings.DEMO_PASSWORD)
        self.staff: list[Staff] = []

    def hire(self, role: str, username: str, branch: Branch, team: Team | None = None) -> Staff:
        name, name_en = people.staff_name(self.rng)
        username = _DEMO_NAMES.get(username, username)
        hired = Staff(
            username=username,
            staff_number=f"S{len(self.staff) + 1:05d}",
            name=name,
            name_en=name_en,
            email=f"{username}@bank.example",
            role=role,
            branch=branch,
            team=team,
            password=self.password,
            joined_date=self.on - dt.timedelta(days=self.rng.randint(200, 4000)),
        )
        self.staff.append(hired)
        return hired


def build_house(*, seed: str, on: dt.date) -> House:
    """This will create the tree of branches with teams and staff; `on` is the demo's last day."""
    code, name, name_en, division = places.HEAD_OFFICE
    head = Branch.objects.create(
        code=code,
        name=name,
        name_en=name_en,
        level=BranchLevel.HEAD_OFFICE,
        path=f"/{code}/",
        division_code=division,
    )
    hiring = _Hiring(random.Random(f"{seed}:staff"), on)
    for role, username in _AT_HEAD_OFFICE:
        hiring.hire(role, username, head)
    regions = {place.code: _open_region(place, head, hiring) for place in places.REGIONS}
    opened = [_open_branch(place, regions[place.region], hiring) for place in places.BRANCHES]
    Staff.objects.bulk_create(hiring.staff)
    return House(
        branches=[_summary(place, branch, teams, hiring) for place, branch, teams in opened],
        staff_ids={member.username: member.pk for member in hiring.staff},
    )


def _open_region(place: places.RegionPlace, head: Branch, hiring: _Hiring) -> Branch:
    region = Branch.objects.create(
        code=place.code,
        name=place.name,
        name_en=place.name_en,
        level=BranchLevel.REGION,
        parent=head,
        path=f"{head.path}{place.code}/",
        division_code=place.division_code,
    )
    hiring.hire(Role.BRANCH_MANAGER, f"{place.code.lower()}_manager", region)
    return region


def _open_branch(
    place: places.BranchPlace, region: Branch, hiring: _Hiring
) -> tuple[places.BranchPlace, Branch, list[Team]]:
    branch = Branch.objects.create(
        code=place.code,
        name=f"{place.city}{place.district}支行",
        name_en=f"{place.city_en} {place.district_en} Branch",
        level=BranchLevel.BRANCH,
        parent=region,
        path=f"{region.path}{place.code}/",
        division_code=place.division_code,
    )
    teams = [
        Team.objects.create(
            branch=branch, code=f"{place.code}-T{number}", name=name, name_en=name_en
        )
        for number, (name, name_en) in enumerate(_TEAM_NAMES, start=1)
    ]
    for role, post, team in _IN_BRANCH:
        username = f"{place.code.lower()}_{post}"
        hiring.hire(role, username, branch, None if team is None else teams[team])
    return place, branch, teams


def _summary(
    place: places.BranchPlace, branch: Branch, teams: list[Team], hiring: _Hiring
) -> HouseBranch:
    here = [member for member in hiring.staff if member.branch is branch]
    return HouseBranch(
        id=branch.pk,
        place=place,
        team_ids=[team.pk for team in teams],
        relationship_manager_ids=[
            member.pk for member in here if member.role == Role.RELATIONSHIP_MANAGER
        ],
        telemarketers=[(member.pk, member.team.pk) for member in here if member.team],
    )


def bank_exists() -> bool:
    """This will tell whether there is a bank already: any branch makes one."""
    return Branch.objects.exists()
