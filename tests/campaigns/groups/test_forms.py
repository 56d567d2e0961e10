"""Each field of a new group, typed on its page, and seen where campaigns and people meet it."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.groups.forms import GroupForm
from campaigns.models import CampaignVersion, ExclusiveGroup
from campaigns.planning import queries as planning
from campaigns.planning.rules import plans
from portal.models import AuditEntry
from tests.campaigns.rewards.test_groups import answer, of_group
from tests.executing import executes
from tests.factories.campaigns import ON
from tests.factories.portal import StaffFactory
from tests.factories.rewards import used_card

pytestmark = pytest.mark.django_db
Clients = Callable[..., Client]
GIVEN = {
    "code": "one-of-two", "name": "二选一", "name_en": "One of two", "source": "总行会议纪要",
}  # fmt: skip


def opened(client: Client, days: str) -> ExclusiveGroup:
    assert client.post(reverse("group_new"), GIVEN | {"days": days}).status_code == 302
    return ExclusiveGroup.objects.get()


def read(version: CampaignVersion) -> dict[str, str]:
    """What customers read of a version, by language."""
    return {
        code: "\n".join(str(one) for part in sections for one in part.clauses)
        for code, _name, _label, sections in planning.written(plans.plan_of(version.content))
    }


@executes(GroupForm, "code", "name", "name_en", "source")
def test_a_group_that_was_typed_is_named_to_people_and_customers(client_of: Clients) -> None:
    client = client_of(StaffFactory(role="compliance", language="en"))
    group = opened(client, "")
    assert (group.code, group.days) == ("one-of-two", None)
    assert "One of two" in client.get(reverse("group_list")).content.decode()
    assert AuditEntry.objects.get(action="group.opened").reason == "总行会议纪要"
    said = read(of_group("a", group))
    assert ("二选一" in said["zh-hans"], "One of two" in said["en"]) == (True, True)


@executes(GroupForm, "days")
@pytest.mark.parametrize(("days", "after", "said"), [
    ("1", 0, "other_of_group"), ("1", 1, "granted"),
    ("30", 29, "other_of_group"), ("30", 30, "granted"),
])  # fmt: skip
def test_a_group_keeps_its_campaigns_apart_for_the_days_typed(
    client_of: Clients, days: str, after: int, said: str
) -> None:
    group = opened(client_of("compliance"), days)
    first, second, card = of_group("a", group), of_group("b", group), used_card()
    assert answer(first, card) == "granted"
    assert answer(second, card, on=ON + dt.timedelta(days=after)) == said
