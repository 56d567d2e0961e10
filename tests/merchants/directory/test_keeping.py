"""Keeping merchants, stores, persons, contracts and clauses: what is written, refused, recorded."""

import datetime as dt
from dataclasses import replace

import pytest
from django.utils import translation

from merchants.directory import operations, queries
from merchants.models import MerchantContact, MerchantContract, Store
from portal.audit.models import AuditEntry
from portal.kit import sealed
from tests.factories.merchants import (
    CategoryFactory,
    ClauseFactory,
    ContactFactory,
    ContractFactory,
    MerchantFactory,
)
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 3, 2, 4, tzinfo=dt.UTC)
FACTS = operations.MerchantFacts(
    name="杭州山月餐饮有限公司", name_en="Shanyue", legal_name="杭州山月餐饮有限公司",
    credit_code="91440300708461136T", category_id="5812", division_code="330106",
    source="manager",
)  # fmt: skip
STORE = operations.StoreFacts("西湖店", "", "330106", "文三路1号", "open", None, None)
PERSON = operations.ContactFacts("owner", "王小明", "13800001234", "wang@shop.example", True, None)
CONTRACT = operations.ContractFacts(
    "HT-1", dt.date(2026, 1, 5), dt.date(2026, 1, 10), dt.date(2026, 12, 31), 30, "talks", None, ""
)
CLAUSE = operations.ClauseFacts(
    "signed",
    ["redemption"],
    "卡号后四位",
    "比对后不留存",
    dt.date(2026, 1, 1),
    dt.date(2026, 6, 30),
)


def test_facts_are_kept_with_what_they_were() -> None:
    merchant, actor = MerchantFactory(name="山月", name_en="Shanyue"), StaffFactory()
    operations.save_merchant(merchant=merchant, facts=FACTS, actor=actor, at=AT)
    merchant.refresh_from_db()
    assert (merchant.name, merchant.name_key, merchant.credit_code) == (
        "杭州山月餐饮有限公司", "hangzhoushanyuecanyin", "91440300708461136T",
    )  # fmt: skip
    entry = AuditEntry.objects.get(action="merchant.changed")
    assert entry.changes == {
        "name": {"before": "山月", "after": "杭州山月餐饮有限公司"},
        "legal_name": {"before": "", "after": "杭州山月餐饮有限公司"},
        "credit_code": {"before": "", "after": "91440300708461136T"},
        "division_code": {"before": "", "after": "330106"},
        "source": {"before": "acquiring", "after": "manager"},
    }
    operations.save_merchant(merchant=merchant, facts=FACTS, actor=actor, at=AT)
    assert AuditEntry.objects.filter(action="merchant.changed").count() == 1


def test_a_wrong_credit_code_is_refused_in_words_and_nothing_is_written() -> None:
    CategoryFactory()
    merchant = MerchantFactory()
    wrong = replace(FACTS, credit_code="91440300708461136X")
    with translation.override("en"), pytest.raises(operations.DirectoryRefused, match="check sign"):
        operations.save_merchant(merchant=merchant, facts=wrong, actor=StaffFactory(), at=AT)
    merchant.refresh_from_db()
    assert (merchant.credit_code, AuditEntry.objects.count()) == ("", 0)


def test_a_merchant_that_was_merged_is_kept_no_more() -> None:
    merchant = MerchantFactory(merged_into=MerchantFactory())
    with pytest.raises(operations.DirectoryRefused):
        operations.save_store(
            merchant=merchant, store=None, facts=STORE, actor=StaffFactory(), at=AT
        )
    assert Store.objects.count() == 0


def test_stores_have_numbers_of_the_house_and_close_on_a_day() -> None:
    merchant, actor = MerchantFactory(number="M1"), StaffFactory()
    for _number in range(2):
        store = operations.save_store(
            merchant=merchant, store=None, facts=STORE, actor=actor, at=AT
        )
    assert [row.number for row in Store.objects.order_by("id")] == ["M1-S1", "M1-S2"]
    closed = replace(STORE, state="closed")
    with pytest.raises(operations.DirectoryRefused):
        operations.save_store(merchant=merchant, store=store, facts=closed, actor=actor, at=AT)
    store.refresh_from_db()
    assert store.state == "open"
    operations.save_store(
        merchant=merchant,
        store=store,
        facts=replace(closed, closed_date=dt.date(2026, 3, 1)),
        actor=actor,
        at=AT,
    )
    assert AuditEntry.objects.get(action="store.changed").changes == {
        "merchant": "M1",
        "state": {"before": "open", "after": "closed"},
        "closed_date": {"before": None, "after": "2026-03-01"},
    }


def test_a_person_is_sealed_and_the_trail_knows_masks_alone() -> None:
    merchant = MerchantFactory()
    row = operations.save_contact(
        merchant=merchant, contact=None, facts=PERSON, actor=StaffFactory(), at=AT
    )
    row.refresh_from_db()
    assert (row.name_masked, row.phone_masked, row.email_masked) == (
        "王**", "138****1234", "w***@shop.example",
    )  # fmt: skip
    assert sealed.unseal(row.phone_sealed, "merchantcontact.phone") == "13800001234"
    assert sealed.unseal(row.name_sealed, "merchantcontact.name") == "王小明"
    said = str(AuditEntry.objects.get(action="merchant_contact.added").changes)
    assert "138****1234" in said
    assert not any(value in said for value in ("13800001234", "王小明", "wang@"))


def test_a_value_that_is_not_given_stays_and_an_empty_one_goes() -> None:
    merchant, actor = MerchantFactory(), StaffFactory()
    row = operations.save_contact(merchant=merchant, contact=None, facts=PERSON, actor=actor, at=AT)
    changed = replace(PERSON, name=None, phone=None, email="")
    operations.save_contact(merchant=merchant, contact=row, facts=changed, actor=actor, at=AT)
    row.refresh_from_db()
    assert sealed.unseal(row.name_sealed, "merchantcontact.name") == "王小明"
    assert (row.phone_masked, row.email_sealed, row.email_index) == ("138****1234", None, None)


def test_a_merchant_has_one_main_contact_at_a_time() -> None:
    merchant, actor = MerchantFactory(), StaffFactory()
    ContactFactory(merchant=merchant, is_main=True)
    with translation.override("en"), pytest.raises(operations.DirectoryRefused, match="main"):
        operations.save_contact(merchant=merchant, contact=None, facts=PERSON, actor=actor, at=AT)
    assert MerchantContact.objects.count() == 1
    MerchantContact.objects.update(left_date=dt.date(2026, 3, 1))
    operations.save_contact(merchant=merchant, contact=None, facts=PERSON, actor=actor, at=AT)
    assert MerchantContact.objects.count() == 2


def test_contracts_that_overlap_are_refused_in_words() -> None:
    merchant, actor = MerchantFactory(), StaffFactory()
    ContractFactory(merchant=merchant, first_date=dt.date(2026, 12, 31), last_date=None)
    with translation.override("en"), pytest.raises(operations.DirectoryRefused, match="some of"):
        operations.save_contract(
            merchant=merchant, contract=None, facts=CONTRACT, actor=actor, at=AT
        )
    shorter = replace(CONTRACT, last_date=dt.date(2026, 12, 30))
    row = operations.save_contract(
        merchant=merchant, contract=None, facts=shorter, actor=actor, at=AT
    )
    assert row.notice_date == dt.date(2026, 11, 30)
    with translation.override("en"), pytest.raises(operations.DirectoryRefused, match="number"):
        operations.save_contract(
            merchant=MerchantFactory(), contract=None, facts=shorter, actor=actor, at=AT
        )
    assert MerchantContract.objects.count() == 2


def test_what_is_signed_about_data_changes_in_its_last_day_alone() -> None:
    merchant, actor = MerchantFactory(), StaffFactory()
    row = operations.save_clause(merchant=merchant, clause=None, facts=CLAUSE, actor=actor, at=AT)
    for changed in (
        replace(CLAUSE, purposes=["redemption", "service"]),
        replace(CLAUSE, state="talks", first_date=None, last_date=None),
    ):
        with pytest.raises(operations.DirectoryRefused):
            operations.save_clause(merchant=merchant, clause=row, facts=changed, actor=actor, at=AT)
    row.refresh_from_db()
    assert (row.state, row.purposes) == ("signed", ["redemption"])
    ended = replace(CLAUSE, last_date=dt.date(2026, 3, 31))
    operations.save_clause(merchant=merchant, clause=row, facts=ended, actor=actor, at=AT)
    card = queries.card_of(merchant=merchant, on=dt.date(2026, 3, 31))
    assert card.clause == row
    assert queries.card_of(merchant=merchant, on=dt.date(2026, 4, 1)).clause is None


def test_a_clause_in_talks_is_signed_with_its_days() -> None:
    row = ClauseFactory(state="talks", first_date=None, last_date=None)
    operations.save_clause(
        merchant=row.merchant, clause=row, facts=CLAUSE, actor=StaffFactory(), at=AT
    )
    row.refresh_from_db()
    assert (row.state, row.first_date) == ("signed", dt.date(2026, 1, 1))


def test_only_a_relationship_manager_who_works_here_is_given_a_merchant() -> None:
    merchant, actor = MerchantFactory(), StaffFactory(role="branch_manager")
    manager = StaffFactory(role="relationship_manager")
    gone = StaffFactory(role="relationship_manager", is_active=False)
    for other in (gone, StaffFactory(role="telemarketer")):
        with pytest.raises(operations.DirectoryRefused):
            operations.assign_manager(merchant=merchant, manager=other, actor=actor, at=AT)
    operations.assign_manager(merchant=merchant, manager=manager, actor=actor, at=AT)
    operations.assign_manager(merchant=merchant, manager=manager, actor=actor, at=AT)
    merchant.refresh_from_db()
    assert merchant.manager == manager
    assert [entry.changes for entry in AuditEntry.objects.filter(action="merchant.assigned")] == [
        {"manager": {"before": None, "after": manager.username}}
    ]
