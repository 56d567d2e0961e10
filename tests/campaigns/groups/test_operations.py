"""Opening a group: who may, what is asked for, and that it stays as it was decided."""

from typing import Any

import pytest
from django.db import DatabaseError, transaction

from campaigns.groups import operations, queries
from campaigns.groups.rules import MOST_DAYS
from campaigns.models import ExclusiveGroup
from campaigns.planning.rules import plans
from portal.models import AuditEntry
from tests.factories.campaigns import AT, draft
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db

GIVEN: dict[str, Any] = {
    "code": "one-of-two", "name": "二选一", "name_en": "One of two", "days": 30, "source": "Board",
}  # fmt: skip
FIELDS = ("code", "name", "name_en", "days", "source")


def opened(role: str = "compliance", **changes: Any) -> ExclusiveGroup:
    actor = StaffFactory(role=role, language="en")
    return operations.open_group(**GIVEN | changes, actor=actor, at=AT)


def stand() -> list[tuple[Any, ...]]:
    return list(ExclusiveGroup.objects.order_by("id").values_list(*FIELDS))


def test_a_group_says_what_was_decided_by_whom_and_why() -> None:
    group = opened(code=" one-of-two ", name=" 二选一", name_en="One of two ", source=" Board ")
    assert stand() == [tuple(GIVEN.values())]
    assert (group.decided_by.role, group.decided_at) == ("compliance", AT)
    entry = AuditEntry.objects.get(action="group.opened")
    assert (entry.actor, entry.at, entry.reason, entry.changes) == (
        group.decided_by, AT, "Board", {"days": 30},
    )  # fmt: skip
    assert queries.named(["one-of-two", "", "none"]) == {"one-of-two": group.plain}


@pytest.mark.parametrize("days", [None, 1, MOST_DAYS])
def test_its_term_is_for_good_or_some_days(days: int | None) -> None:
    assert opened(days=days).days == days


@pytest.mark.parametrize("changes", [
    {"days": 0}, {"days": MOST_DAYS + 1}, {"code": ""}, {"code": "  "}, {"name": " "},
    {"name_en": ""}, {"source": " "},
])  # fmt: skip
def test_one_that_lacks_something_is_refused_and_nothing_is_written(
    changes: dict[str, Any],
) -> None:
    with pytest.raises(operations.GroupNotAllowed):
        opened(**changes)
    assert stand() == []
    assert not AuditEntry.objects.filter(action="group.opened").exists()


@pytest.mark.parametrize("code", ["one-of-two", " one-of-two "])
def test_a_code_is_given_once_and_the_first_stands(code: str) -> None:
    opened()
    with pytest.raises(operations.GroupNotAllowed, match="one-of-two"):
        opened(code=code, name="另一", name_en="Another", days=None)
    assert stand() == [tuple(GIVEN.values())]
    assert AuditEntry.objects.filter(action="group.opened").count() == 1
    opened(code="one-of-three", days=None)
    assert [row.code for row in queries.groups()] == ["one-of-three", "one-of-two"]


@pytest.mark.parametrize("role", ["campaign_manager", "approver", "administrator"])
def test_who_may_not_opens_none(role: str) -> None:
    with pytest.raises(operations.GroupNotAllowed):
        opened(role=role)
    assert stand() == []


def test_it_is_never_closed_nor_changed_so_another_term_is_another_group() -> None:
    group = opened()
    for change in (
        lambda: ExclusiveGroup.objects.filter(pk=group.pk).update(days=None),
        lambda: ExclusiveGroup.objects.filter(pk=group.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert stand() == [tuple(GIVEN.values())]


def test_a_campaign_names_it_from_then_on() -> None:
    with pytest.raises(plans.PlanWrong, match="one-of-two"):
        draft(group="one-of-two")
    opened()
    assert draft(group="one-of-two").content["group"] == "one-of-two"
