"""What the benchmark of the night lays is what the night counts, judges and suggests from."""

import datetime as dt

import pytest

from benchmarks.turnover import led, visits
from campaigns.models import JointReturn
from campaigns.partners import operations as partners
from merchants.evidence import operations as evidence
from merchants.models import MerchantReach, PhaseSuggestion
from merchants.partnerships import operations as partnerships
from portal.kit import clock
from tests.factories.merchants import MerchantFactory
from tests.factories.partnerships import set_rule
from tests.factories.portal import BranchFactory

END = dt.date(2026, 6, 1)
AT = clock.start_of(END)


@pytest.mark.django_db
def test_customers_returns_and_all_kinds_of_evidence_are_laid() -> None:
    house = BranchFactory().parent
    for _number in range(40):
        MerchantFactory(branch=house, is_partner=True)
    set_rule(alarms_a_week=50)
    led.lead_all(merchants=40, on=END)
    assert visits.lay_visits(40, END) == 40 * visits.VISITS
    visits.lay_campaigns(END)
    visits.lay_notes(END)
    assert evidence.count_reach(on=END, at=AT) > 0
    assert partners.count_returns(on=END, at=AT) > 0
    assert MerchantReach.objects.filter(customers__gt=0).exists()
    assert JointReturn.objects.filter(reached_payers__gt=0, held_payers__gt=0).exists()
    partnerships.suggest_from_evidence(on=END)
    told = [row["code"] for one in PhaseSuggestion.objects.all() for row in one.reasons]
    assert {"rivals", "contract"} <= set(told)
