"""Reading customers."""

import re
from typing import Any

from django.db.models import Q, QuerySet

from journeys.customers.models import Customer
from portal.kit import masking, sealed
from portal.staff.access import Scope

_PHONE = re.compile(r"(?:\+?86|0086)?(\d{11})")
_LATIN = re.compile(r"[a-z ]+")


def list_customers(*, scope: Scope, text: str = "") -> QuerySet[Customer]:
    """This will list the customers of a scope, found by `text`: a full phone of 11 digits, the
    start of a customer number, the start of a name, or of its pinyin ("wang xiao")."""
    condition, order = _found_by(text.strip())
    rows = Customer.objects.filter(scope.branches(), condition)
    return rows.select_related("branch", "journey").order_by(*order)


def is_personal(text: str) -> bool:
    """This will tell whether `text` holds a phone, ID or card number or an address: such a search
    must not stand in the address of a page, which browsers and servers keep."""
    return bool(_phone_of(text)) or masking.mask_text(text) != text


def _phone_of(text: str) -> str:
    """The phone's 11 digits, also where it is written in groups or with the country's code."""
    found = _PHONE.fullmatch(re.sub(r"[\s-]", "", text))
    return found[1] if found else ""


def _found_by(text: str) -> tuple[Q, tuple[str, ...]]:
    """The condition with the order that its index gives."""
    if not text:
        return Q(), ("-id",)
    if phone := _phone_of(text):
        return Q(phone_index=sealed.blind_index(phone, "phone")), ("id",)
    if any(sign.isdigit() for sign in text):
        return Q(number__startswith=text.upper()), ("number",)
    if _LATIN.fullmatch(text.lower()):
        return Q(name_pinyin__startswith=text.lower()), ("name_pinyin", "id")
    return Q(name__startswith=text), ("name", "id")


def one_customer(*, scope: Scope, number: str) -> Customer | None:
    """This will return a customer of the scope with branch and stage, or None."""
    rows = Customer.objects.filter(scope.branches(), number=number)
    return rows.select_related("branch", "journey").first()


def cards_of(customer: Customer) -> QuerySet[Any]:
    """This will list a customer's cards, the youngest first."""
    cards = customer.cards.select_related("product", "application")
    return cards.order_by("-issued_date", "-id")


def refusal_of(customer: Customer) -> Any:
    """This will return the customer's first word never to be contacted, or None."""
    return customer.refusals.order_by("at", "id").first()


def ids_by_number() -> dict[str, int]:
    """This will return the ids of all customers by their number: for loading whole banks only."""
    return dict(Customer.objects.values_list("number", "id").iterator(chunk_size=10_000))
