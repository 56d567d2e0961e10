"""Leads come in once, and their phones are sealed."""

import pytest

from journeys.models import Lead
from journeys.telemarketing import operations
from portal.kit import sealed
from tests.factories.journeys import INSTANT
from tests.factories.portal import BranchFactory


@pytest.mark.django_db
def test_a_lead_is_added_once_with_a_sealed_phone() -> None:
    record = operations.LeadRecord(
        number="L1", kind="person", name="李晓明", company="", phone="15400000001",
        source="referral", lawful_basis="consent", branch_id=BranchFactory().pk, team_id=None,
        owner_id=None, state="new", created_at=INSTANT,
    )  # fmt: skip
    operations.load_leads(records=[record], at=INSTANT)
    operations.load_leads(records=[record], at=INSTANT)
    lead = Lead.objects.get()
    assert sealed.unseal(lead.phone_sealed or b"", "lead.phone") == "15400000001"
    assert bytes(lead.phone_index or b"") == sealed.blind_index("15400000001", "phone")
    assert (lead.phone_masked, lead.shown_name) == ("154****0001", "李**")
