"""Whose word stands against marketing to somebody: the person's own, or that of another who is, or
was, on file with the same phone, ID number or e-mail address."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from journeys.contact.models import DoNotContact, ErasedRefusal
from journeys.customers.enums import Trait
from journeys.customers.models import Customer
from journeys.customers.rules import HASH_OF
from portal.kit import clock
from portal.staff.access import Scope

_SHOWN = 30
_OTHERS_SHOWN = 3
_OTHERS_READ = 100  # a switchboard may be the phone of thousands, as may a box for "none"


def _stands(*words: str) -> RawSQL:
    """Whether one of several statements finds a row; each looks by one index. Written out, since
    it is asked for with every customer's page, and building it costs more than asking it."""
    found = " OR ".join(f"EXISTS ({word})" for word in words)
    return RawSQL(f"({found})", [], output_field=BooleanField())  # noqa: S611 (no value in it)


# What stands against marketing to a customer who is read: the own words, those of others, what the
# erased left.
_OWN_WORDS = _stands("SELECT FROM journeys_donotcontact WHERE customer_id = journeys_customer.id")
_WORDS_OF_OTHERS = _stands(*(
    f"""SELECT FROM journeys_customer AS other
        JOIN journeys_donotcontact AS word ON word.customer_id = other.id
        WHERE other.{column} = journeys_customer.{column} AND other.id <> journeys_customer.id"""
    for column in HASH_OF.values()
))  # fmt: skip
_LEFT_BY_ERASED = _stands(*(
    f"SELECT FROM journeys_erasedrefusal WHERE value_hash = journeys_customer.{column}"
    for column in HASH_OF.values()
))  # fmt: skip


@dataclass(frozen=True)
class Bar:
    """The word of another, since which day it stands, and what is shared with whom said it.
    `number` is the other customer's where the reader may see it; it is empty outside the reader's
    scope, and where that person was erased or left what was shared (`is_erased`)."""

    since: dt.date
    shared: tuple[Trait, ...]
    number: str = ""
    is_erased: bool = False

    @property
    def shared_words(self) -> str:
        """What is shared, in words within a sentence."""
        return get_text_list([str(trait.label) for trait in self.shared], _("and"))


@dataclass(frozen=True)
class Refusals:
    """What stands against marketing to a customer: the customer's own first word, and those of
    others that hold for him, the first ones first."""

    own: DoNotContact | None
    others: list[Bar]


def customer_and_refusals(*, scope: Scope, number: str) -> tuple[Customer, Refusals] | None:
    """This will return a customer of the scope for the page about him, with branch and stage, and
    what stands against marketing to him; None where there is no such customer."""
    rows = Customer.objects.filter(scope.branches(), number=number).annotate(
        has_refused=_OWN_WORDS, is_barred=_WORDS_OF_OTHERS, is_listed=_LEFT_BY_ERASED
    )
    customer = rows.select_related("branch", "journey").first()
    if customer is None:
        return None
    own = refusals_of(customer.pk)[0] if customer.has_refused else None
    others = _erased(customer) if customer.is_listed else []
    if customer.is_barred:
        others = [*_living(customer, scope), *others]
    return customer, Refusals(own, sorted(others, key=lambda bar: bar.since))


def refusals_of(customer_id: int) -> list[DoNotContact]:
    """This will return a person's words never to be contacted, the first one first."""
    rows = DoNotContact.objects.filter(customer_id=customer_id).select_related("recorded_by")
    return list(rows.order_by("at", "id")[:_SHOWN])


def phone_is_refused(callee: str) -> Q:
    """This will tell, of rows that hold the hash of a phone in `callee`, whether a word of somebody
    with that phone stands against marketing to it."""
    return _any([_of_others("callee", callee), _kept(callee)])


def customer_is_barred(customer: str) -> Q:
    """This will tell, of rows that name a customer in the foreign key `customer`, whether a word
    stands against marketing to him, as the gate sees it."""
    words: list[Any] = [_own_words(customer)]
    for column in HASH_OF.values():
        words += [_of_others(column, f"{customer}__{column}"), _kept(f"{customer}__{column}")]
    return _any(words)


def refused_among(hashes: "list[bytes]") -> set[bytes]:
    """This will return those hashes for which a word stands against marketing to whoever has what
    they are of."""
    kept = ErasedRefusal.objects.filter(value_hash__in=hashes).values_list("value_hash", flat=True)
    found = {bytes(value) for value in kept}
    for column in HASH_OF.values():
        said = DoNotContact.objects.filter(**{f"customer__{column}__in": hashes})
        found |= {bytes(value) for value in said.values_list(f"customer__{column}", flat=True)}
    return found


def _any(words: Any) -> Q:
    """Whether one of several queries finds something. Each looks by one index."""
    found = Q()
    for rows in words:
        found |= Q(Exists(rows))
    return found


def _own_words(customer: str) -> QuerySet[DoNotContact]:
    return DoNotContact.objects.filter(customer=OuterRef(customer))


def _of_others(column: str, outer: str) -> QuerySet[DoNotContact]:
    return DoNotContact.objects.filter(**{f"customer__{column}": OuterRef(outer)})


def _kept(outer: str) -> QuerySet[ErasedRefusal]:
    return ErasedRefusal.objects.filter(value_hash=OuterRef(outer))


def _hashes(customer: Customer) -> dict[Trait, bytes]:
    held = {trait: getattr(customer, column) for trait, column in HASH_OF.items()}
    return {trait: bytes(value) for trait, value in held.items() if value is not None}


def _living(customer: Customer, scope: Scope) -> list[Bar]:
    """The first word of each other customer, of those first whom the reader may see."""
    own = _hashes(customer)
    shares = Q()
    for trait, value in own.items():
        shares |= Q(**{HASH_OF[trait]: value})
    others = Customer.objects.filter(shares).exclude(pk=customer.pk)
    within = Customer.objects.filter(scope.branches(), pk=OuterRef("customer_id"))
    rows = DoNotContact.objects.filter(customer__in=others).annotate(is_seen=Exists(within))
    rows = rows.select_related("customer")
    firsts = rows.order_by("customer_id", "at", "id").distinct("customer_id")[:_OTHERS_READ]
    told = sorted(firsts, key=lambda row: (not row.is_seen, row.at))[:_OTHERS_SHOWN]
    return [
        Bar(
            clock.bank_day(row.at),
            tuple(trait for trait, value in _hashes(row.customer).items()
                  if own.get(trait) == value),
            row.customer.number if row.is_seen else "",
        )
        for row in told
    ]  # fmt: skip


def _erased(customer: Customer) -> list[Bar]:
    """What is kept of several values since one day stands together: it is mostly of one person."""
    rows = ErasedRefusal.objects.filter(value_hash__in=list(_hashes(customer).values()))
    days: dict[dt.date, set[str]] = {}
    for day, kind in rows.values_list("refused_date", "kind"):
        days.setdefault(day, set()).add(kind)
    return [
        Bar(day, tuple(trait for trait in Trait if trait.value in kinds), is_erased=True)
        for day, kinds in days.items()
    ]
