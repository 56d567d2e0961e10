"""Branches and staff."""

import factory

from portal.models import Branch, Staff
from portal.staff.enums import BranchLevel, Role

PASSWORD = "a-long-password-88"


def head_office() -> Branch:
    """The head office, made at the first call."""
    return Branch.objects.get_or_create(
        code="HO",
        defaults={
            "name": "总行",
            "name_en": "Head office",
            "level": BranchLevel.HEAD_OFFICE,
            "path": "/HO/",
        },
    )[0]


class BranchFactory(factory.django.DjangoModelFactory):
    """A branch right below the head office, or below `parent`."""

    class Meta:
        model = Branch

    code = factory.Sequence(lambda n: f"B{n:05d}")
    name = factory.Sequence(lambda n: f"第{n:05d}支行")
    name_en = factory.Sequence(lambda n: f"Branch {n:05d}")
    level = BranchLevel.BRANCH
    parent = factory.LazyFunction(head_office)
    path = factory.LazyAttribute(lambda branch: f"{branch.parent.path}{branch.code}/")


class StaffFactory(factory.django.DjangoModelFactory):
    """A member of staff at the head office, able to sign in with PASSWORD."""

    class Meta:
        model = Staff
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"staff{n:05d}")
    staff_number = factory.Sequence(lambda n: f"S{n:05d}")
    name = factory.Sequence(lambda n: f"职员{n:05d}")
    name_en = factory.Sequence(lambda n: f"Staff {n:05d}")
    role = Role.CAMPAIGN_MANAGER
    branch = factory.LazyFunction(head_office)
    password = factory.django.Password(PASSWORD)
