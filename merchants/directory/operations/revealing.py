"""One value of a contact person in full: with a reason, within the day's limit, recorded first."""

import datetime as dt
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils.translation import gettext as _

from merchants.directory import queries
from merchants.directory.enums import ContactField
from merchants.directory.models import ContactReveal, MerchantContact
from merchants.directory.models.contacts import MOST_PER_DAY
from merchants.directory.operations.refusing import DirectoryRefused
from portal.audit import operations as audit
from portal.kit import clock, masking, revealing, sealed
from portal.staff.models import Staff

# Of a reason to see a value.
FEWEST_SIGNS = 6


@dataclass(frozen=True)
class Shown:
    """A value in full, for one answer to one person and nothing else."""

    value: str
    number_of_day: int
    most: int


def reveal_contact(
    *, contact: MerchantContact, field: str, kind: str, words: str, actor: Staff, at: dt.datetime
) -> Shown:
    """This will record that a value of a contact person is shown, commit that, and only then
    return it. Raises DirectoryRefused."""
    # Durable: an outer transaction could still take the record back after the value is out.
    with transaction.atomic(durable=True):
        number = record_reveal(
            contact=contact, field=field, kind=kind, words=words, actor=actor, at=at
        )
    held = getattr(contact, f"{ContactField(field).value}_sealed")
    try:
        value = sealed.unseal(held, f"merchantcontact.{field}")
    except sealed.SealBroken as broken:
        raise DirectoryRefused(
            _("The value cannot be opened: its key is missing. Tell an administrator.")
        ) from broken
    return Shown(value, number, MOST_PER_DAY)


@transaction.atomic
def record_reveal(
    *, contact: MerchantContact, field: str, kind: str, words: str, actor: Staff, at: dt.datetime
) -> int:
    """This will count and record a reveal, and return its number of the day. Raises
    DirectoryRefused."""
    if revealing.fault_of(words, FEWEST_SIGNS):
        raise DirectoryRefused(
            _(
                "Say in words what the value is needed for, with at least {length} characters, "
                "such as: call about the terms of next year."
            ).format(length=FEWEST_SIGNS)
        )
    if getattr(contact, f"{field}_sealed") is None:
        raise DirectoryRefused(_("There is nothing to reveal here."))
    on = clock.bank_day(at)
    with connection.cursor() as cursor:
        # Nobody else counts the same of this person until the commit.
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"contact:{actor.pk}"]
        )
    number = queries.revealed_on(actor=actor, day=on) + 1
    if number > MOST_PER_DAY:
        raise DirectoryRefused(
            _(
                "You have seen {limit} values of contact persons today, as many as a day allows. "
                "Tomorrow you can go on."
            ).format(limit=MOST_PER_DAY)
        )
    ContactReveal.objects.create(
        contact=contact,
        actor=actor,
        field=field,
        kind=kind,
        words=masking.mask_text(words),
        at=at,
        on_date=on,
        number_of_day=number,
    )
    audit.record(
        action="merchant_contact.revealed",
        actor=actor,
        at=at,
        target=contact,
        reason=words,
        changes={"field": field, "kind": kind, "number_of_day": number, "allowed": MOST_PER_DAY},
    )
    return number
