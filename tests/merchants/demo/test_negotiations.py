"""The demo bank's negotiations."""

import datetime as dt
from collections import Counter

import pytest

from merchants.demo import negotiations, partners, partnerships
from merchants.demo.directory import build_directory
from merchants.models import Negotiation, Reminder, SignedTerms, StageChange, TermsRequest
from merchants.negotiation import queries
from merchants.negotiation.enums import Stage
from portal.demo import house

ON = dt.date(2026, 11, 23)
AT = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)


@pytest.mark.django_db
def test_talks_stand_in_every_stage_and_signed_terms_come_to_their_end() -> None:
    made = house.build_house(seed="1", on=ON)
    drawn = partners.build_merchants(seed="1", branches=made.branches, on=ON, at=AT)
    build_directory(seed="1", on=ON)
    led = partnerships.build_partnerships(seed="1", numbers=[row.number for row in drawn], on=ON)
    negotiations.build_negotiations(seed="1", partnerships=led, on=ON)
    stages = Counter(Negotiation.objects.values_list("stage", flat=True))
    assert set(stages) == set(Stage.values) - {Stage.CLOSED}
    assert stages[Stage.REVIEW] >= 20
    assert TermsRequest.objects.filter(state="waiting").count() == 2
    assert SignedTerms.objects.filter(change__isnull=False).count() == 2
    assert SignedTerms.objects.filter(clause__isnull=False).exists()
    assert max(StageChange.objects.values_list("at", flat=True)) < AT
    roots = StageChange.objects.filter(to_stage="lost").values_list(
        "refusal__reason__root", flat=True
    )
    assert set(roots) == {"unaware", "not_urgent", "need_missed"}
    endings = queries.endings_within(scope=None, on=ON, days=180)
    assert len({one.last_date.month for one in endings}) >= 3
    assert any(one.talks for one in endings)
    kinds = set(Reminder.objects.filter(state="open").values_list("kind", flat=True))
    assert kinds == {"renewal", "quiet"}
