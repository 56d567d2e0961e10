"""Merchants that are one: found, merged under an alias, taken apart again."""

import datetime as dt

import pytest
from django.utils import translation

from journeys.models import Transaction
from journeys.spending import queries as spending
from merchants.directory import operations, queries
from merchants.directory.rules import name_key
from merchants.models import Merchant, MerchantContact, MerchantMerge, Store
from portal.audit.models import AuditEntry
from portal.staff.access import Scope, scope_of
from tests.factories.journeys import TransactionFactory
from tests.factories.merchants import (
    ClauseFactory,
    ContactFactory,
    ContractFactory,
    MerchantFactory,
    StoreFactory,
)
from tests.factories.portal import BranchFactory, StaffFactory

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 3, 2, 4, tzinfo=dt.UTC)
BANK = Scope(branch_path="")


def merge(kept: Merchant, merged: Merchant) -> MerchantMerge:
    return operations.merge_merchants(
        kept=kept, merged=merged, reason="同一家店", actor=StaffFactory(), at=AT
    )


def undo(row: MerchantMerge) -> None:
    operations.undo_merge(merge=row, reason="两家店", actor=StaffFactory(), at=AT)


def state() -> list[object]:
    """All that a merge may move, as it stands."""
    return [
        list(Merchant.objects.order_by("id").values_list("id", "merged_into", "is_partner")),
        list(Store.objects.order_by("id").values_list("id", "merchant")),
        list(MerchantContact.objects.order_by("id").values_list("id", "merchant", "is_main")),
    ]


def test_those_that_may_be_the_same_are_found_by_three_signs() -> None:
    def named(name: str, **values: object) -> Merchant:
        return MerchantFactory(name=name, name_key=name_key(name), **values)

    one, two = named("山月餐饮有限公司"), named("山悦餐饮")
    code = "91440300708461136T"
    three, four = named("甲", credit_code=code), named("乙", credit_code=code)
    ContactFactory(merchant=one, phone="13800001234")
    ContactFactory(merchant=two, phone="13800001234")
    ContactFactory(merchant=three, phone="13900001234")
    ContactFactory(merchant=four, phone="13900001234", left_date=dt.date(2026, 1, 1))
    named("山月", merged_into=one)
    groups = queries.groups_of_same(scope=BANK)
    assert [(group.whys, group.merchants, group.count) for group in groups] == [
        (["name", "phone"], [one, two], 2),
        (["credit_code"], [three, four], 2),
    ]


def test_they_are_looked_for_in_the_own_branches_alone() -> None:
    here = BranchFactory()
    key = {"name": "山月", "name_key": "shanyue"}
    MerchantFactory(branch=here, **key)
    MerchantFactory(branch=BranchFactory(), **key)
    manager = StaffFactory(role="branch_manager", branch=here)
    assert queries.groups_of_same(scope=scope_of(manager)) == []
    MerchantFactory(branch=BranchFactory(parent=here), **key)
    assert len(queries.groups_of_same(scope=scope_of(manager))) == 1


def test_what_hangs_on_a_merchant_goes_over_and_comes_back() -> None:
    kept, merged = MerchantFactory(is_partner=True), MerchantFactory(is_partner=True)
    alias = MerchantFactory(merged_into=merged)
    StoreFactory(merchant=kept)
    StoreFactory(merchant=merged)
    ContactFactory(merchant=kept, is_main=True)
    ContactFactory(merchant=merged, is_main=True)
    ContractFactory(merchant=merged)
    ClauseFactory(merchant=merged)
    before = state()
    row = merge(kept, merged)
    assert Store.objects.filter(merchant=kept).count() == 2
    persons = MerchantContact.objects.filter(merchant=kept).order_by("id")
    assert [one.is_main for one in persons] == [True, False]
    assert (kept.contracts.count(), kept.clauses.count()) == (1, 1)
    assert set(kept.aliases.all()) == {merged, alias}
    merged.refresh_from_db()
    assert merged.is_partner is False
    undo(row)
    assert state() == before
    actions = AuditEntry.objects.filter(target_key=str(kept.pk)).order_by("id")
    assert [entry.action for entry in actions] == ["merchant.merged", "merchant.merge_undone"]
    with pytest.raises(operations.DirectoryRefused):
        undo(row)


def test_what_came_since_stays_when_they_are_taken_apart() -> None:
    kept, merged = MerchantFactory(), MerchantFactory()
    old = StoreFactory(merchant=merged)
    row = merge(kept, merged)
    new = StoreFactory(merchant=kept)
    undo(row)
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.merchant, new.merchant) == (merged, kept)


def test_transactions_stay_and_turnover_is_added_up_over_both() -> None:
    kept, merged = MerchantFactory(), MerchantFactory()
    day = dt.date(2026, 3, 2)
    for merchant, amount in ((kept, 100), (merged, 30)):
        TransactionFactory(merchant=merchant, amount=amount, posted_date=day)
    row = merge(kept, merged)
    spans = {"before": day - dt.timedelta(days=60), "middle": day - dt.timedelta(days=30),
             "end": day + dt.timedelta(days=1)}  # fmt: skip
    assert spending.turnover_of(merchant_ids=[kept.pk], **spans) == {kept.pk: (0, 130)}
    months = spending.turnover_by_month(
        merchant_id=kept.pk, first=dt.date(2026, 3, 1), end=dt.date(2026, 4, 1)
    )
    assert [(one.amount, one.purchases) for one in months.values()] == [(130, 2)]
    assert set(Transaction.objects.values_list("merchant", flat=True)) == {kept.pk, merged.pk}
    undo(row)
    assert spending.turnover_of(merchant_ids=[kept.pk, merged.pk], **spans) == {
        kept.pk: (0, 100), merged.pk: (0, 30),
    }  # fmt: skip


def test_merges_that_cannot_be_are_refused_with_a_sentence() -> None:
    kept, partner = MerchantFactory(), MerchantFactory(is_partner=True)
    alias = MerchantFactory(merged_into=MerchantFactory())
    first, second = MerchantFactory(), MerchantFactory()
    ContractFactory(merchant=first)
    ContractFactory(merchant=second)
    before = state()
    for one, other, words in (
        (kept, partner, "partner of the two"),
        (kept, alias, "merged already"),
        (alias, kept, "merged already"),
        (first, second, "Two never hold on one day"),
    ):
        with translation.override("en"), pytest.raises(operations.DirectoryRefused, match=words):
            merge(one, other)
    assert (state(), MerchantMerge.objects.count()) == (before, 0)


def test_a_merged_merchant_stands_in_no_list_and_leads_to_the_other() -> None:
    kept, merged = MerchantFactory(), MerchantFactory()
    merge(kept, merged)
    assert list(queries.list_merchants(scope=BANK)) == [kept]
    found = queries.one_merchant(scope=BANK, number=merged.number)
    assert found is not None
    assert found.merged_into == kept
    assert queries.with_aliases(ids=[kept.pk]) == {kept.pk: kept.pk, merged.pk: kept.pk}
