"""The demo bank's partnerships."""

import datetime as dt
from collections import Counter

import pytest

from merchants.demo import partners, partnerships
from merchants.models import Partnership, PartnershipTask, PhaseChange
from merchants.partnerships.enums import Phase
from merchants.partnerships.rules import evidence as evidences
from merchants.partnerships.rules import moves
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
    check_histories()


def check_histories() -> None:
    """Each began in a way that is allowed, went on by moves of the table, each later than the one
    before, by whoever led it, and with what was known on its day."""
    for row in Partnership.objects.all():
        changes = list(row.changes.select_related("approval").order_by("number"))
        ways = [(one.from_phase, one.to_phase) for one in changes]
        assert [one.number for one in changes] == list(range(1, row.moved + 1))
        assert set(ways) <= set(moves.PAIRS)
        assert [to for _before, to in ways] == [*(before for before, _to in ways[1:]), row.phase]
        days = [one.on_date for one in changes]
        assert days == sorted(set(days))
        assert (days[-1], {one.actor_id for one in changes}) == (row.since, {row.manager_id})
        for one in changes:
            known = evidences.read(one.evidence)
            assert (known.on, one.reason != "") == (one.on_date, True)
            assert {measure.code for measure in known.measures} == set(evidences.LABELS)
            assert one.approval is None or one.approval.state == "approved"
