"""Leads come in once, and their phones are sealed."""

from typing import Any

import pytest
from django.utils import translation

from journeys.models import Lead
from journeys.telemarketing import operations
from portal.kit import sealed
from tests.factories.journeys import INSTANT
from tests.factories.portal import BranchFactory


def record(**changes: Any) -> operations.LeadRecord:
    values = {
        "number": "L1", "kind": "person", "name": "李晓明", "company": "", "phone": "15400000001",
        "source": "referral", "lawful_basis": "consent", "branch_id": BranchFactory().pk,
        "team_id": None, "owner_id": None, "state": "new", "created_at": INSTANT,
    }  # fmt: skip
    return operations.LeadRecord(**{**values, **changes})  # type: ignore[arg-type]


@pytest.mark.django_db
def test_a_lead_under_the_number_of_a_person_is_refused_with_the_whole_list() -> None:
    """The sentence says which one, and never repeats the number."""
    with translation.override("en"), pytest.raises(operations.PersonalKey) as refused:
        operations.load_leads(records=[record(), record(number="C15400000001")], at=INSTANT)
    assert str(refused.value) == (
        "Row 2: This is a mobile number, and keys are shown on pages; give the source's own key "
        "instead, or a keyed hash of the number."
    )
    assert Lead.objects.count() == 0


@pytest.mark.django_db
def test_a_lead_is_added_once_with_a_sealed_phone() -> None:
    one = record()
    operations.load_leads(records=[one], at=INSTANT)
    operations.load_leads(records=[one], at=INSTANT)
    lead = Lead.objects.get()
    assert sealed.unseal(lead.phone_sealed or b"", "lead.phone") == "15400000001"
    assert bytes(lead.phone_index or b"") == sealed.blind_index("15400000001", "phone")
    assert (lead.phone_masked, lead.shown_name) == ("154****0001", "李**")


@pytest.mark.django_db
def test_a_number_in_the_name_of_a_company_is_masked() -> None:
    operations.load_leads(records=[record(company="张三小卖部13912345678")], at=INSTANT)
    assert Lead.objects.get().shown_company == "张三小卖部139****5678"
