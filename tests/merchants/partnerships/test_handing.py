"""Suggestions that nobody answers, partnerships that change hands, and turnover from a file."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from merchants.partnerships import operations, queries
from portal.kit import clock
from portal.models import AuditEntry
from tests.factories import partnerships as made
from tests.factories.portal import BranchFactory, StaffFactory
from tests.merchants.partnerships.test_operations import _whole, day, suggested
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db


def test_what_nobody_answers_expires_by_the_rule_and_may_be_suggested_again() -> None:
    row, other = made.in_phase("confirmed"), made.in_phase("confirmed")
    on = day(200)
    first, second = suggested(row, "wavering", on), suggested(other, "wavering", on)
    in_time, late = on + dt.timedelta(days=28), on + dt.timedelta(days=29)
    at = clock.start_of(late)
    assert operations.expire_suggestions(on=in_time, at=clock.start_of(in_time)) == 0
    operations.decline_suggestion(
        suggestion_id=second.pk, reason="装修停业", actor=other.manager, at=clock.start_of(in_time)
    )
    assert operations.expire_suggestions(on=late, at=at) == 1
    assert operations.expire_suggestions(on=late, at=at) == 0
    first.refresh_from_db()
    assert (first.state, first.settled_at, first.settled_by) == ("expired", at, None)
    counts = queries.settled_counts(scope=_whole())
    assert (counts.expired, counts.declined, counts.open, counts.total) == (1, 1, 0, 2)
    entry = AuditEntry.objects.get(action="partnership.suggestion_expired")
    assert entry.changes == {
        "from_phase": "confirmed", "to_phase": "wavering", "on": on.isoformat(),
    }  # fmt: skip
    with pytest.raises(operations.NotOpen):
        operations.decline_suggestion(
            suggestion_id=first.pk, reason="晚了", actor=row.manager, at=at
        )
    assert queries.told_of(partnerships=[row]) == {}
    assert suggested(row, "wavering", late).state == "open"


def test_a_partnership_is_handed_over_with_its_merchant_and_what_is_open() -> None:
    row = made.in_phase("confirmed")
    before, on = row.manager, day(200)
    after, chief = made.manager(branch=row.branch), made.chief(row)
    declined = suggested(row, "wavering", on)
    operations.decline_suggestion(
        suggestion_id=declined.pk, reason="装修停业", actor=before, at=clock.start_of(on)
    )
    open_one = suggested(row, "wavering", on)
    given: dict[str, Any] = {"partnership_id": row.pk, "at": clock.start_of(on)}
    operations.hand_over(to=after, reason="调岗", actor=chief, **given)
    row.refresh_from_db()
    declined.refresh_from_db()
    open_one.refresh_from_db()
    assert (row.manager, row.merchant.manager) == (after, after)
    assert (declined.manager, open_one.manager) == (before, after)
    entry = AuditEntry.objects.get(action="partnership.handed_over")
    assert (entry.reason, entry.changes) == (
        "调岗",
        {
            "manager": {"before": before.username, "after": after.username},
            "merchant": row.merchant.number, "suggestions": 1,
        },
    )  # fmt: skip
    with pytest.raises(operations.PartnershipNotAllowed):
        operations.decline_suggestion(
            suggestion_id=open_one.pk, reason="x", actor=before, at=clock.start_of(on)
        )


def test_who_may_not_lead_it_gets_no_partnership_and_nothing_changes() -> None:
    row = made.begun()
    chief, at = made.chief(row), clock.start_of(day(20))
    stranger, other = made.manager(), made.manager(branch=row.branch)
    elsewhere = StaffFactory(role="branch_manager", branch=BranchFactory())
    refused: list[tuple[Any, Any, str, type[Exception]]] = [
        (row.manager, chief, "调岗", operations.HandOverRefused),
        (stranger, chief, "调岗", operations.HandOverRefused),
        (other, chief, " ", operations.PartnershipNotAllowed),
        (other, row.manager, "调岗", operations.PartnershipNotAllowed),
        (other, elsewhere, "调岗", operations.PartnershipNotAllowed),
    ]
    for to, actor, reason, why in refused:
        with pytest.raises(why):
            operations.hand_over(partnership_id=row.pk, to=to, reason=reason, actor=actor, at=at)
    made.moved(row, "ended", on=day(20))
    with pytest.raises(operations.HandOverRefused):
        operations.hand_over(partnership_id=row.pk, to=other, reason="调岗", actor=chief, at=at)
    leader = row.manager_id
    row.refresh_from_db()
    assert (row.manager_id, row.merchant.manager_id) == (leader, leader)
    assert not AuditEntry.objects.filter(action="partnership.handed_over").exists()


def test_of_a_day_that_both_know_the_file_counts_in_what_is_known_of_a_partnership() -> None:
    from journeys.models import MerchantDay

    row, told = made.begun(), made.begun()
    on = day(200)
    for back, amount in ((1, 40), (90, 60)):
        MerchantDay.objects.create(
            merchant=row.merchant, day=on - dt.timedelta(days=back), purchases=1, refunds=0,
            amount=Decimal(amount),
        )  # fmt: skip
    mine, theirs = row.merchant, told.merchant
    for shop, back, amount in ((mine, 1, 45), (theirs, 2, 7), (theirs, 90, 9)):
        row_of(
            "merchants.MerchantTurnover", merchant=shop, day=on - dt.timedelta(days=back),
            amount=Decimal(amount), purchases=1,
        )  # fmt: skip
    known = queries.evidence_of(partnerships=[row, told], on=on)
    assert known[row.pk].value("turnover") == 105
    assert known[told.pk].value("turnover") == 16
