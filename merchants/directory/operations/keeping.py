"""Keeping what is known of a merchant: facts, stores, persons, contracts, clauses on data."""

import dataclasses
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from merchants.directory.models import (
    DataClause,
    Merchant,
    MerchantContact,
    MerchantContract,
    Store,
)
from merchants.directory.operations.refusing import DirectoryRefused, in_words
from merchants.directory.rules import name_key
from portal.audit import operations as audit
from portal.kit import masking, pinyin, sealed
from portal.kit.registry import registry
from portal.staff.enums import Role
from portal.staff.models import Staff


@dataclass(frozen=True)
class MerchantFacts:
    """What its manager says of a merchant."""

    name: str
    name_en: str
    legal_name: str
    credit_code: str
    category_id: str
    division_code: str
    source: str


@dataclass(frozen=True)
class StoreFacts:
    """A store as it is kept."""

    name: str
    name_en: str
    division_id: str
    address: str
    state: str
    opened_date: dt.date | None
    closed_date: dt.date | None


@dataclass(frozen=True)
class ContactFacts:
    """A person at a merchant. A value that is None stays as it is."""

    role: str
    name: str | None
    phone: str | None
    email: str | None
    is_main: bool
    left_date: dt.date | None


@dataclass(frozen=True)
class ContractFacts:
    """A contract as it is kept."""

    number: str
    signed_date: dt.date
    first_date: dt.date
    last_date: dt.date | None
    notice_days: int
    renewal: str
    renewal_months: int | None
    words: str


@dataclass(frozen=True)
class ClauseFacts:
    """A clause on the sharing of data as it is kept."""

    state: str
    purposes: list[str]
    data_kinds: str
    handling: str
    first_date: dt.date | None
    last_date: dt.date | None


def save_merchant(
    *, merchant: Merchant, facts: MerchantFacts, actor: Staff, at: dt.datetime
) -> None:
    """This will keep what is said of a merchant. Raises DirectoryRefused."""
    values = dataclasses.asdict(facts)
    values["name_pinyin"] = pinyin.spell(facts.name, most=240)
    values["name_key"] = name_key(facts.name)
    with transaction.atomic():
        row = Merchant.objects.select_for_update(of=("self",)).get(pk=merchant.pk)
        _refuse_merged(row)
        _write(row, values, "merchant.changed", actor, at, hidden={"name_pinyin", "name_key"})


def assign_manager(
    *, merchant: Merchant, manager: Staff | None, reason: str = "", actor: Staff, at: dt.datetime
) -> None:
    """This will give a merchant to a relationship manager, or to nobody; what goes along with a
    merchant is told before (an open partnership, which needs a reason). Raises
    DirectoryRefused."""
    if manager is not None and (manager.role != Role.RELATIONSHIP_MANAGER or not manager.is_active):
        raise DirectoryRefused(_("Only a relationship manager who works here can keep a merchant."))
    with transaction.atomic():
        # First, as whoever leads a partnership locks that before its merchant.
        for follow in registry.manager_followers:
            follow(merchant=merchant, manager=manager, reason=reason, actor=actor, at=at)
        row = Merchant.objects.select_for_update(of=("self",)).get(pk=merchant.pk)
        _refuse_merged(row)
        before = row.manager.username if row.manager else None
        if row.manager_id == (manager and manager.pk):
            return
        row.manager = manager
        with in_words():
            row.save(update_fields=["manager"])
        audit.record(
            action="merchant.assigned",
            actor=actor,
            at=at,
            target=row,
            reason=reason,
            changes={"manager": {"before": before, "after": manager and manager.username}},
        )


def save_store(
    *, merchant: Merchant, store: Store | None, facts: StoreFacts, actor: Staff, at: dt.datetime
) -> Store:
    """This will add a store, or correct the one given. Raises DirectoryRefused."""
    row = store or Store(merchant=merchant, number=_number(Store, merchant, "S"))
    _keep(row, merchant, dataclasses.asdict(facts), "store", actor, at)
    return row


def save_contract(
    *,
    merchant: Merchant,
    contract: MerchantContract | None,
    facts: ContractFacts,
    actor: Staff,
    at: dt.datetime,
) -> MerchantContract:
    """This will add a contract, or correct the one given. Raises DirectoryRefused."""
    row = contract or MerchantContract(merchant=merchant)
    others = MerchantContract.objects.filter(number=facts.number).exclude(pk=row.pk)
    if others.exists():
        raise DirectoryRefused(_("There is another contract of this number."))
    values = dataclasses.asdict(facts) | {"words": masking.mask_text(facts.words)}
    _keep(row, merchant, values, "merchant_contract", actor, at)
    return row


def save_clause(
    *,
    merchant: Merchant,
    clause: DataClause | None,
    facts: ClauseFacts,
    actor: Staff,
    at: dt.datetime,
) -> DataClause:
    """This will add a clause on the sharing of data, or go on with the one given; a signed one
    changes in nothing but its last day, and goes back to no talks. Raises DirectoryRefused."""
    values = dataclasses.asdict(facts)
    if clause is not None and clause.first_date is not None:
        differs = [name for name in values if values[name] != getattr(clause, name)]
        if set(differs) - {"last_date"}:
            raise DirectoryRefused(
                _("It is signed: only its last day can change. Agree on another clause instead.")
            )
    row = clause or DataClause(merchant=merchant)
    _keep(row, merchant, values, "data_clause", actor, at)
    return row


def save_contact(
    *,
    merchant: Merchant,
    contact: MerchantContact | None,
    facts: ContactFacts,
    actor: Staff,
    at: dt.datetime,
) -> MerchantContact:
    """This will add a person at a merchant, or correct the one given; what is personal is sealed,
    and the trail says only what of it changed. Raises DirectoryRefused."""
    if contact is None and not facts.name:
        raise DirectoryRefused(_("A person has a name."))
    number = "" if contact else _number(MerchantContact, merchant, "P")
    row = contact or MerchantContact(merchant=merchant, number=number)
    values: dict[str, Any] = {
        "role": facts.role, "is_main": facts.is_main, "left_date": facts.left_date,
    }  # fmt: skip
    for field, mask in _MASKS.items():
        values |= sealed_columns(field, getattr(facts, field), mask)
    hidden = {name for name in values if name.endswith(("_sealed", "_index"))}
    _keep(row, merchant, values, "merchant_contact", actor, at, hidden)
    return row


_MASKS: dict[str, Callable[[str], str]] = {
    "name": masking.mask_name, "phone": masking.mask_phone, "email": masking.mask_email,
}  # fmt: skip


def sealed_columns(
    field: str, value: str | None, mask: Callable[[str], str]
) -> dict[str, str | bytes | None]:
    """This will return the columns of a sealed value of a contact person: none where it is None,
    empty ones where it is empty."""
    if value is None:
        return {}
    seal = f"merchantcontact.{field}"
    return {
        f"{field}_sealed": sealed.seal(value, seal) if value else None,
        f"{field}_index": sealed.blind_index(value, seal) if value else None,
        f"{field}_masked": mask(value),
    }


def _keep(
    row: Any,
    merchant: Merchant,
    values: dict[str, Any],
    word: str,
    actor: Staff,
    at: dt.datetime,
    hidden: set[str] = frozenset(),  # type: ignore[assignment]
) -> None:
    with transaction.atomic():
        _refuse_merged(Merchant.objects.select_for_update(of=("self",)).get(pk=merchant.pk))
        verb = "added" if row.pk is None else "changed"
        _write(row, values, f"{word}.{verb}", actor, at, hidden, {"merchant": merchant.number})


def _write(
    row: models.Model,
    values: dict[str, Any],
    action: str,
    actor: Staff,
    at: dt.datetime,
    hidden: set[str],
    said: dict[str, Any] | None = None,
) -> None:
    """Sets the values, saves, and records what became of them; nothing where none is another."""
    is_new = row.pk is None
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    if not changed and not is_new:
        return
    told = {
        name: _plain(value)
        if is_new
        else {"before": _plain(getattr(row, name)), "after": _plain(value)}
        for name, value in changed.items()
        if name not in hidden
    }
    for name, value in changed.items():
        setattr(row, name, value)
    with in_words():
        row.save()
    audit.record(action=action, actor=actor, at=at, target=row, changes={**(said or {}), **told})


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def _refuse_merged(merchant: Merchant) -> None:
    if merchant.merged_into_id is not None:
        raise DirectoryRefused(
            _("This merchant was found to be another one. What is to be kept is kept there.")
        )


def _number(model: Any, merchant: Merchant, letter: str) -> str:
    """The next free number of the house; two at once are told apart by the unique key."""
    place = model.objects.filter(merchant=merchant).count() + 1
    while model.objects.filter(number=f"{merchant.number[:32]}-{letter}{place}").exists():
        place += 1
    return f"{merchant.number[:32]}-{letter}{place}"
