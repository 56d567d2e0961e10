"""What callers of the demo bank are shown: some of it stands, some waits, some ends soon."""

import pytest

from journeys.demo import products, sayings
from journeys.models import CallScript, ProductFact
from journeys.telemarketing import queries
from tests.factories.journeys import INSTANT, ProductFactory
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db


def test_callers_of_the_demo_bank_have_facts_and_scripts() -> None:
    for role in ("campaign_manager", "approver"):
        StaffFactory(username=role, role=role)
    for code, name, name_en, _issuer, _fee in products.OWN:
        ProductFactory(code=code, name=name, name_en=name_en)
    sayings.build_sayings(at=INSTANT)
    states = ProductFact.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["approved", "approved", "approved", "proposed"]
    assert [fact.aspect for fact in queries.expiring_facts(at=INSTANT)] == ["travel"]
    scripts = CallScript.objects.order_by("pk").values_list("stage", "state")
    assert list(scripts) == [
        ("opening", "approved"), ("needs", "approved"), ("closing", "proposed"),
        ("objection", "approved"),
    ]  # fmt: skip
