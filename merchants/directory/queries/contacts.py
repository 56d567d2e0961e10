"""Reading persons at merchants, masked, and who saw what of them."""

import datetime as dt

from django.db.models import QuerySet

from merchants.directory.models import ContactReveal, Merchant, MerchantContact
from portal.staff.access import Scope
from portal.staff.models import Staff


def contact_of(*, merchant: Merchant, number: str) -> MerchantContact | None:
    """This will return a person at a merchant, or None."""
    return MerchantContact.objects.filter(merchant=merchant, number=number).first()


def contacts_there(*, merchant: Merchant) -> list[MerchantContact]:
    """This will list the persons who are at a merchant still, the main one first."""
    rows = MerchantContact.objects.filter(merchant=merchant, left_date=None)
    return list(rows.order_by("-is_main", "id"))


def contact_choices(*, merchant: Merchant) -> list[tuple[str, str]]:
    """This will offer the persons who are at a merchant still, by number, masked."""
    people = contacts_there(merchant=merchant)
    return [(one.number, f"{one.name_masked} · {one.get_role_display()}") for one in people]


def masked(contact: MerchantContact, field: str) -> str:
    """This will return what pages show of a value."""
    return str(getattr(contact, f"{field}_masked"))


def revealed_on(*, actor: Staff, day: dt.date) -> int:
    """This will count what a member of staff was shown on a day."""
    return ContactReveal.objects.filter(actor=actor, on_date=day).count()


def reveals(*, scope: Scope) -> QuerySet[ContactReveal]:
    """This will list what staff of the scope were shown of contact persons, the latest first."""
    rows = ContactReveal.objects.filter(scope.branches("actor__branch"))
    return rows.select_related("actor__branch", "contact__merchant").order_by("-at", "-id")
