"""Lists of categories and merchants as a source has them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from merchants.directory.models import Merchant, MerchantCategory
from merchants.directory.rules import name_key
from portal.audit import operations as audit
from portal.intake.rules import BadCell, cells
from portal.kit import pinyin


@dataclass(frozen=True)
class MerchantRecord:
    """A merchant as its source tells it; `number` is the source's key."""

    number: str
    name: str
    name_en: str
    mcc: str
    branch_id: int
    manager_id: int | None
    division_code: str
    is_partner: bool
    joined_date: dt.date | None


class UnusableKey(Exception):
    """Raised for a list in which the number of a merchant is that of a phone, ID document or card
    (behind a small merchant stands a person), or no address of a page can hold it."""


def load_categories(*, rows: Sequence[tuple[str, str, str, str]]) -> None:
    """This will add or correct categories: (MCC, name, English name, scenario)."""
    MerchantCategory.objects.bulk_create(
        [
            MerchantCategory(mcc=mcc, name=name, name_en=name_en, scenario=scenario)
            for mcc, name, name_en, scenario in rows
        ],
        update_conflicts=True,
        unique_fields=["mcc"],
        update_fields=["name", "name_en", "scenario"],
    )


def load_merchants(*, records: Sequence[MerchantRecord], at: dt.datetime) -> None:
    """This will add merchants or bring known ones up to date, by their number, as a bank's stock is
    taken over: who is a partner already comes with it, while later a second person decides
    (`ask_partner`). Raises UnusableKey; then nothing is written."""
    _refuse_unusable(records)
    fields = ["name", "name_en", "name_pinyin", "category", "branch", "manager", "division_code",
              "is_partner", "joined_date", "name_key"]  # fmt: skip
    with transaction.atomic():
        Merchant.objects.bulk_create(
            [_merchant(record) for record in records],
            batch_size=2000,
            update_conflicts=True,
            unique_fields=["number"],
            update_fields=fields,
        )
        audit.record(
            action="merchants.loaded", actor=None, at=at, changes={"merchants": len(records)}
        )


def _refuse_unusable(records: Sequence[MerchantRecord]) -> None:
    """Pages show the number of a merchant, and it stands in their addresses."""
    for place, record in enumerate(records, start=1):
        try:
            cells.refuse_personal(record.number, is_of_merchant=True)
            cells.refuse_unaddressable(record.number)
        except BadCell as bad:
            raise UnusableKey(_("Row {row}: {why}").format(row=place, why=bad.reason.text)) from bad


def _merchant(record: MerchantRecord) -> Merchant:
    return Merchant(
        number=record.number,
        name=record.name,
        name_en=record.name_en,
        name_pinyin=pinyin.spell(record.name, most=240),
        category_id=record.mcc,
        branch_id=record.branch_id,
        manager_id=record.manager_id,
        division_code=record.division_code,
        is_partner=record.is_partner,
        joined_date=record.joined_date,
        name_key=name_key(record.name),
    )
