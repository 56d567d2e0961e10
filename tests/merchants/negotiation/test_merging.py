"""Merging merchants leaves what a negotiation signed with who signed it."""

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import translation

from merchants.directory import operations as directory
from merchants.models import DataClause, Merchant, MerchantContract, MerchantMerge, Negotiation
from portal.kit import clock
from tests.factories import negotiation as made
from tests.factories import partnerships
from tests.factories.merchants import ContractFactory, MerchantFactory
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
CLAUSE: dict[str, Any] = {"purposes": ["redemption"], "data_kinds": "卡号后四位",
                          "handling": "核销时比对"}  # fmt: skip


def today() -> dt.date:
    return clock.today()


def parted(**agreed: Any) -> Negotiation:
    """Terms that were signed for a year ten days ago, with a partner that is none any more."""
    on = today() - 10 * DAY
    row = made.in_stage("signing", on=on - 10 * DAY, agreed=agreed)
    made.signed(row, on=on, **(CLAUSE if agreed else {}))
    partnerships.moved(row.partnership, "ended", on=today())
    row.refresh_from_db()
    return row


def merge(kept: Merchant, merged: Merchant) -> MerchantMerge:
    return directory.merge_merchants(
        kept=kept, merged=merged, reason="同一家店", actor=StaffFactory(), at=clock.now()
    )


def ended(row: Negotiation) -> None:
    """The signed contract came to an earlier end."""
    MerchantContract.objects.filter(signed_terms__negotiation=row).update(last_date=today() - DAY)


def refused(kept: Merchant, merged: Merchant, match: str) -> None:
    before = list(Merchant.objects.order_by("id").values_list("id", "merged_into"))
    with translation.override("en"), pytest.raises(directory.DirectoryRefused, match=match):
        merge(kept, merged)
    assert list(Merchant.objects.order_by("id").values_list("id", "merged_into")) == before
    assert MerchantMerge.objects.count() == 0


def test_who_signed_a_contract_that_holds_is_not_merged_away_but_may_be_kept() -> None:
    row, other = parted(), MerchantFactory()
    merchant, contract = row.partnership.merchant, row.signed.contract
    refused(other, merchant, f"signed contract {contract.number}, which holds until")
    merge(merchant, other)
    contract.refresh_from_db()
    assert contract.merchant == merchant


def test_where_both_signed_or_both_are_led_one_ends_first() -> None:
    one, two = parted(), parted()
    refused(one.partnership.merchant, two.partnership.merchant, "Both signed a contract")
    first, second = partnerships.begun(), partnerships.begun()
    refused(first.merchant, second.merchant, "Both have an open partnership")
    ended(two)
    merge(one.partnership.merchant, two.partnership.merchant)
    assert Merchant.objects.get(pk=two.partnership.merchant_id).merged_into_id == (
        one.partnership.merchant_id
    )


def test_what_ended_stays_with_who_signed_it_and_the_rest_goes_and_comes_back() -> None:
    row, kept = parted(data_clause="clause"), MerchantFactory()
    merchant, signed = row.partnership.merchant, row.signed
    ended(row)
    later = ContractFactory(
        merchant=merchant, signed_date=today(), first_date=today(), last_date=today() + 30 * DAY
    )
    merged = merge(kept, merchant)
    later.refresh_from_db()
    assert (later.merchant, merged.moved["contracts"]) == (kept, [later.pk])
    assert merged.moved["clauses"] == []
    signed.refresh_from_db()
    assert signed.contract.merchant == merchant
    assert signed.clause is not None
    assert signed.clause.merchant == merchant
    directory.undo_merge(merge=merged, reason="两家店", actor=StaffFactory(), at=clock.now())
    later.refresh_from_db()
    assert later.merchant == merchant


def test_what_an_earlier_merge_took_from_who_signed_it_goes_back() -> None:
    row, kept = parted(data_clause="clause"), MerchantFactory()
    merchant, signed = row.partnership.merchant, row.signed
    assert signed.clause is not None
    ended(row)
    merged = merge(kept, merchant)
    # As merges did before what is signed stayed with its merchant.
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table, trigger, key in (
            ("merchantcontract", "contract_stays_with_signer", signed.contract_id),
            ("dataclause", "clause_stays_with_signer", signed.clause_id),
        ):
            cursor.execute(f"ALTER TABLE merchants_{table} DISABLE TRIGGER {trigger}")
            cursor.execute(
                f"UPDATE merchants_{table} SET merchant_id = %s WHERE id = %s", [kept.pk, key]
            )
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE merchants_{table} ENABLE TRIGGER {trigger}")
    moved = merged.moved | {"contracts": [signed.contract_id], "clauses": [signed.clause_id]}
    MerchantMerge.objects.filter(pk=merged.pk).update(moved=moved)
    directory.undo_merge(merge=merged, reason="两家店", actor=StaffFactory(), at=clock.now())
    signed.refresh_from_db()
    assert (signed.contract.merchant, signed.clause.merchant) == (merchant, merchant)


def test_what_the_kept_one_signed_since_stays_with_it() -> None:
    on = today()
    row = made.in_stage("signing", on=on - 10 * DAY)
    kept, other = row.partnership.merchant, MerchantFactory()
    last = dt.date(on.year + 1, on.month, on.day) if (on.month, on.day) != (2, 29) else None
    paper = ContractFactory(
        merchant=other, number="HT-9", signed_date=on, first_date=on,
        last_date=(last or dt.date(on.year + 1, 2, 28)) - DAY, notice_days=30,
    )  # fmt: skip
    merged = merge(kept, other)
    signed = made.signed(row, on=on, number="HT-9")
    assert signed.contract == paper
    directory.undo_merge(merge=merged, reason="两家店", actor=StaffFactory(), at=clock.now())
    paper.refresh_from_db()
    assert paper.merchant == kept


def test_the_database_refuses_it_whoever_writes() -> None:
    row, other = parted(data_clause="clause"), MerchantFactory()
    merchant = Merchant.objects.filter(pk=row.partnership.merchant_id)
    contract = MerchantContract.objects.filter(signed_terms__negotiation=row)
    clause = DataClause.objects.filter(signed_terms__negotiation=row)
    for rows, values, match in (
        (merchant, {"merged_into": other, "is_partner": False}, "not merged away"),
        (contract, {"merchant": other}, "stays with the merchant"),
        (clause, {"merchant": other}, "stays with the merchant"),
    ):
        with pytest.raises(DatabaseError, match=match), transaction.atomic():
            rows.update(**values)  # type: ignore[attr-defined]
    ended(row)
    assert merchant.update(merged_into=other, is_partner=False) == 1
