"""The demo bank's partnerships."""

import datetime as dt
from collections import Counter

import pytest

from merchants.demo import partners, partnerships
from merchants.models import Partnership, PartnershipTask, PhaseChange
from merchants.partnerships.enums import Phase
from portal.demo import house

ON = dt.date(2026, 11, 23)
AT = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)


def built() -> list[tuple[str, str, str, str, str]]:
    made = house.build_house(seed="1", on=ON)
    drawn = partners.build_merchants(seed="1", branches=made.branches, on=ON, at=AT)
    partnerships.build_partnerships(seed="1", numbers=[row.number for row in drawn], on=ON)
    rows = PhaseChange.objects.order_by("partnership__merchant__number", "number")
    return [
        (row.partnership.merchant.number, row.from_phase, row.to_phase, str(row.at), row.reason)
        for row in rows.select_related("partnership__merchant")
    ]


@pytest.mark.django_db
def test_there_are_sixty_in_all_phases_with_their_work() -> None:
    story = built()
    phases = Counter(Partnership.objects.values_list("phase", flat=True))
    assert sum(phases.values()) == partnerships.COUNT
    assert set(phases) == set(Phase.values)
    assert min(phases.values()) >= 3
    assert max(row[3] for row in story) < str(AT)
    states = set(PartnershipTask.objects.values_list("state", flat=True))
    assert states == {"open", "done", "skipped", "left"}
    assert PartnershipTask.objects.filter(state="open", due_date__lt=ON).exists()
    assert PhaseChange.objects.filter(approval__isnull=False).exists()
    mine = Partnership.objects.filter(manager__username="relationship_manager")
    assert mine.count() >= 3
