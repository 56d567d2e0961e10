"""What was said with the demo bank's partners."""

import datetime as dt

import pytest

from merchants.demo import partners, partnerships, talks
from merchants.demo.directory import build_directory
from merchants.models import AnswerTry, Meeting, PartnerPromise, Refusal, WindowNote
from merchants.refusals import queries
from portal.demo import house

ON = dt.date(2026, 11, 23)
AT = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)


@pytest.mark.django_db
def test_there_are_refusals_of_all_kinds_windows_and_meetings_to_come() -> None:
    made = house.build_house(seed="1", on=ON)
    drawn = partners.build_merchants(seed="1", branches=made.branches, on=ON, at=AT)
    build_directory(seed="1", on=ON)
    numbers = [row.number for row in drawn]
    led = partnerships.build_partnerships(seed="1", numbers=numbers, on=ON)
    talks.build_talks(seed="1", rows=led, on=ON)
    assert set(Refusal.objects.values_list("reason__root", flat=True)) == {
        "unaware", "not_urgent", "need_missed",
    }  # fmt: skip
    assert Refusal.objects.filter(lead__isnull=False).count() > 10
    assert set(AnswerTry.objects.values_list("outcome", flat=True)) == {"open", "worked", "failed"}
    assert set(WindowNote.objects.values_list("pane", flat=True)) >= {
        "open", "ours", "theirs", "unknown",
    }  # fmt: skip
    assert Meeting.objects.filter(state="planned", on_date__gte=ON).count() > 10
    assert PartnerPromise.objects.filter(state="open").exists()
    mine = Meeting.objects.filter(partnership__manager__username="relationship_manager")
    assert mine.filter(state="planned").exists()
    tree = queries.forest()
    known = [
        row.here for one in tree.reasons for row in queries.evidence_of(tree=tree, reason_id=one)
    ]
    assert any(row.is_ranked for row in known)
    assert any(row.is_few for row in known)
