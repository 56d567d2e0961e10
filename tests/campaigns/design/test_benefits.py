"""The uses of a benefit in the editor: written, refused with its place, and shown again."""

from typing import Any

import pytest
from django.urls import reverse

from campaigns.models import Draft
from tests.campaigns.design.test_persons import begun, post
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db
TIER = {"code": "one", "name": "贵宾厅", "name_en": "Lounge", "value": "90.00"}


@pytest.mark.parametrize(
    ("kind", "asked", "kept"),
    [
        ("benefit", {"uses": "3", "use_days": "90"}, {"uses": 3, "days": 90}),
        ("benefit", {"uses": "1", "use_until": "2026-12-31"}, {"uses": 1, "until": "2026-12-31"}),
        ("benefit", {}, None),
        ("gift", {"uses": "3", "use_days": "90"}, None),
    ],
)
def test_the_uses_of_a_benefit_are_kept(
    client_of: Any, kind: str, asked: dict[str, str], kept: dict[str, Any] | None
) -> None:
    person = StaffFactory(role="campaign_manager")
    client = client_of(person)
    found = begun(person, rewards={})
    post(client, "design_rewards", found, do="add", mode="each")
    values = {f"tier0-{name}": one for name, one in (TIER | {"kind": kind} | asked).items()}
    assert post(client, "design_rewards", found, mode="each", **values).status_code == 302
    (tier,) = Draft.objects.get(pk=found.pk).content["rewards"]["tiers"]
    assert tier.get("benefit") == kept
    shown = client.get(reverse("design_rewards", args=[found.pk])).content.decode()
    assert 'data-shown-for="benefit"' in shown
    for one in asked.values() if kept else ():
        assert f'value="{one}"' in shown


def test_too_many_uses_are_refused_and_stay_typed(client_of: Any) -> None:
    person = StaffFactory(role="campaign_manager")
    client = client_of(person)
    found = begun(person, rewards={})
    post(client, "design_rewards", found, do="add", mode="each")
    values = {f"tier0-{name}": one for name, one in (TIER | {"kind": "benefit"}).items()}
    bad = post(client, "design_rewards", found, mode="each", **values | {"tier0-uses": "366"})
    assert bad.status_code == 422
    assert 'value="366"' in bad.content.decode()
