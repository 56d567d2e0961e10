"""Correcting what is held about a person: what is derived from a value follows it."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from journeys.customers import queries as customers
from journeys.customers.enums import CustomerKind, Trait
from journeys.customers.intake import NUMBER_OF_A_COMPANY, NUMBER_OF_A_PERSON, spell
from journeys.customers.models import Customer
from journeys.customers.rules import HASH_OF
from journeys.rights.enums import RightsEventKind
from journeys.rights.models import Correction
from journeys.rights.operations.history import add_event, locked_with_identity, plain_words
from journeys.rights.queries.holdings import Person, opened, sealed_fields
from journeys.telemarketing import queries as telemarketing
from journeys.telemarketing.models import Lead
from portal.intake.rules import BadCell, Cell, cells, reasons
from portal.kit import clock, masking, sealed
from portal.staff.models import Staff

# How each field is read, as in the file of customers.
_CELLS: dict[str, Cell] = {
    "name": cells.plain(80),
    "phone": cells.PHONE,
    "id_number": cells.ID_NUMBER,
    "email": cells.EMAIL,
    "birth_date": cells.DAY,
    "division_code": cells.digits(2, 4, 6, 9, 12),
    "company": cells.plain(120),
}
_USUAL_CELL = cells.plain(200)
_PLAIN_FIELDS = ("name", "birth_date", "division_code", "company")


# What a cell of a file is told, in words for a person at a form.
_AT_A_FORM: dict[str, Any] = {
    reasons.MISSING.code: _("Write the right value; the name cannot be taken away."),
    reasons.DAMAGED.code: _(
        "The value holds damaged or invisible characters. Type it instead of pasting it."
    ),
    NUMBER_OF_A_COMPANY.code: _(
        "This is the unified social credit code of a company, but the customer is a person. Write "
        "the person's ID number."
    ),
    NUMBER_OF_A_PERSON.code: _(
        "This is the ID number of a person, but the customer is a company. Write the company's "
        "unified social credit code."
    ),
}
# What a number is that is right for another kind of holder alone.
_OF_OTHER_KIND = {
    CustomerKind.PERSON.value: NUMBER_OF_A_COMPANY,
    CustomerKind.COMPANY.value: NUMBER_OF_A_PERSON,
}


class NotCorrectable(Exception):
    """Raised when a value cannot be what is held: its text says why, for a person."""


class SameValue(Exception):
    """Raised when the corrected value is the one that is held already."""


def correctable_fields(person: Person) -> list[str]:
    """This will name the fields of a person that can be corrected."""
    plain = [name for name in _PLAIN_FIELDS if hasattr(person, name)]
    return [*plain, *sealed_fields(type(person))]


@transaction.atomic
def correct(
    *, request_id: int, field: str, value: str, reason: str, actor: Staff, at: dt.datetime
) -> Correction:
    """This will put `value` in place of what is held in `field`, with blind index, mask and pinyin,
    and keep both masked. An empty value takes it away, but for the name.

    Raises NotInState, IdentityMissing, WordsMissing, NotCorrectable, SameValue.
    """
    request = locked_with_identity(request_id)
    reason = plain_words(reason)
    person: Any = (
        Customer.objects.select_for_update(no_key=True).get(pk=request.customer_id)
        if request.customer_id
        else request.lead
    )
    if field not in correctable_fields(person):
        raise NotCorrectable(field)
    value = _read(field, value, person.kind, clock.bank_day(at))
    before = _held(person, field)
    if value == before:
        raise SameValue(field)
    changed = _put(person, field, value)
    person.save(update_fields=changed)
    mask = mask_of(field)
    correction = Correction.objects.create(
        request=request,
        customer_id=request.customer_id,
        field=field,
        old_masked=mask(before),
        new_masked=mask(value),
        corrected_at=at,
        corrected_by=actor,
    )
    add_event(
        request=request,
        kind=RightsEventKind.CORRECTED,
        actor=actor,
        at=at,
        words=reason,
        changes={"field": field},
    )
    return correction


def mask_of(field: str) -> Callable[[str], str]:
    """This will return the mask of a field; of a field without one, nothing is shown but stars."""
    if field in ("birth_date", "division_code", "company"):
        return lambda text: text[:4] + "*" * len(text[4:])
    found: Callable[[str], str] = getattr(masking, f"mask_{field}", lambda text: "*" * len(text))
    return found


def _read(field: str, value: str, kind: str, today: dt.date) -> str:
    """The value as the file of customers would take it for a holder of this kind. Raises
    NotCorrectable."""
    value = value.strip()
    if not value:
        if field == "name":
            raise NotCorrectable(str(_AT_A_FORM[reasons.MISSING.code]))
        return ""
    try:
        parsed = _CELLS.get(field, _USUAL_CELL).parse(value)
        if field == "birth_date" and parsed > today.isoformat():
            raise BadCell(reasons.TOO_LATE, latest=today.isoformat())
        if field == "id_number" and kind not in cells.holders_of(parsed):
            raise BadCell(_OF_OTHER_KIND[kind])
        return parsed
    except BadCell as bad:
        text = _AT_A_FORM.get(bad.reason.code, bad.reason.text)
        raise NotCorrectable(str(text).format(**bad.params)) from bad


def _held(person: Any, field: str) -> str:
    if field in sealed_fields(type(person)):
        return opened(person, field)
    value = getattr(person, field)
    return "" if value is None else str(value)


def _put(person: Any, field: str, value: str) -> list[str]:
    """Sets a field with all that follows from it; returns the columns that changed."""
    fields = sealed_fields(type(person))
    if field in fields:
        seal, index = fields[field]
        setattr(person, f"{field}_sealed", sealed.seal(value, seal) if value else None)
        setattr(person, f"{field}_index", sealed.blind_index(value, index) if value else None)
        setattr(person, f"{field}_masked", mask_of(field)(value))
        changed = [f"{field}_sealed", f"{field}_index", f"{field}_masked"]
        # By it refusals are found; of a lead, those of the phone alone.
        if field in HASH_OF and hasattr(person, column := HASH_OF[Trait(field)]):
            setattr(person, column, customers.hash_of(Trait(field), value) if value else None)
            changed.append(column)
        # Another lead may have been the one of this phone before.
        if field == "phone" and hasattr(person, "is_sole"):
            person.is_sole = False
            changed.append("is_sole")
        return changed
    if field == "birth_date":
        person.birth_date = dt.date.fromisoformat(value) if value else None
        return [field]
    setattr(person, field, value)
    if isinstance(person, Lead):
        person.alike = telemarketing.alike_of(
            kind=person.kind, name=person.name, company=person.company
        )
        return [field, "alike"]
    if field == "name" and hasattr(person, "name_pinyin"):
        person.name_pinyin = spell(value)
        return [field, "name_pinyin"]
    return [field]
