"""Merging merchants leaves no open partnership at the one that goes."""

from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import translation

from merchants.directory import operations as directory
from merchants.models import Merchant, MerchantMerge, Partnership
from merchants.partnerships import operations, queries
from portal.kit import clock
from portal.staff.access import Scope
from tests.factories import partnerships as made
from tests.factories.merchants import MerchantFactory
from tests.factories.portal import StaffFactory
from tests.merchants.partnerships.test_operations import day

pytestmark = pytest.mark.django_db
BANK = Scope(branch_path="")


def merge(kept: Merchant, merged: Merchant) -> MerchantMerge:
    return directory.merge_merchants(
        kept=kept, merged=merged, reason="同一家店", actor=StaffFactory(),
        at=clock.start_of(day(9)),
    )  # fmt: skip


def test_who_has_an_open_partnership_is_not_merged_away_but_may_be_kept() -> None:
    row = made.begun()
    other = MerchantFactory(branch=row.branch)
    with (
        translation.override("en"),
        pytest.raises(directory.DirectoryRefused, match="open partnership"),
    ):
        merge(other, row.merchant)
    assert not Merchant.objects.exclude(merged_into=None).exists()
    assert MerchantMerge.objects.count() == 0
    merge(row.merchant, other)
    assert Merchant.objects.get(pk=other.pk).merged_into_id == row.merchant_id


def test_a_partnership_that_ended_stays_and_is_shown_with_the_one_that_was_kept() -> None:
    row, kept = made.begun(), made.begun()
    made.moved(row, "ended", on=day(1))
    merge(kept.merchant, row.merchant)
    found = queries.of_merchant(scope=BANK, number=kept.merchant.number)
    assert list(found) == [kept, row]


def test_the_database_refuses_both_whoever_writes() -> None:
    row, alias = made.begun(), MerchantFactory()
    with pytest.raises(DatabaseError, match="not merged away"), transaction.atomic():
        Merchant.objects.filter(pk=row.merchant_id).update(merged_into=alias)
    merge(row.merchant, alias)
    with pytest.raises(DatabaseError, match="was merged into"), transaction.atomic():
        Partnership.objects.create(
            merchant=alias, manager=row.manager, branch=row.branch, scenarios=["dining"],
            opened_at=clock.start_of(day(9)),
        )  # fmt: skip
    assert Partnership.objects.count() == 1


def test_no_partnership_begins_with_what_was_merged() -> None:
    row = made.begun()
    alias = MerchantFactory(branch=row.branch, manager=row.manager)
    merge(row.merchant, alias)
    given: dict[str, Any] = {"scenarios": [], "phase": "prospect", "reason": "x"}
    with pytest.raises(operations.PartnershipNotAllowed, match=row.merchant.label):
        operations.open_partnership(
            merchant_id=alias.pk, actor=row.manager, at=clock.start_of(day(10)), **given
        )
    assert Partnership.objects.count() == 1


def test_what_was_merged_is_nobody_to_compare_with() -> None:
    row = made.begun(peers=2)
    peer = Merchant.objects.exclude(pk=row.merchant_id).latest("id")
    assert queries.peers_of([row.merchant]) == {row.merchant_id: 2}
    merge(row.merchant, peer)
    assert queries.peers_of([row.merchant]) == {row.merchant_id: 1}
