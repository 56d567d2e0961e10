"""Reading customers."""

import functools
import operator
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, prefetch_related_objects
from django.db.models.functions import Right
from django.db.models.lookups import Exact, GreaterThanOrEqual, LessThan, StartsWith

from journeys.customers.enums import SearchWay, Trait
from journeys.customers.models import LETTERS, NAME_AS_TYPED, Customer, ErasedNumber
from journeys.customers.rules import HASH_OF, spellings_of, way_of, ways_of
from portal.kit import masking, sealed
from portal.kit.personal import ERASED
from portal.staff.access import Scope

_SEALED = {SearchWay.PHONE, SearchWay.ID_NUMBER, SearchWay.EMAIL}


def list_customers(*, scope: Scope, text: str = "") -> QuerySet[Customer]:
    """This will list the customers of a scope that are found by `text`, by the first of the ways
    that `rules.ways_of` reads out of it which finds anybody, in the order of that way's index."""
    rows = Customer.objects.filter(scope.branches())
    *first, last = (_found_by(*way) for way in ways_of(text))
    condition, order = next((one for one in first if _finds(rows, *one)), last)
    return rows.filter(condition).select_related("branch", "journey").order_by(*order)


def _finds(rows: QuerySet[Customer], condition: Q, order: tuple[Any, ...]) -> bool:
    """Whether anybody is found, asked for in the order of the index: without one, PostgreSQL may
    read the whole table in the hope of coming upon somebody soon."""
    return rows.filter(condition).order_by(*order).values("pk").first() is not None


def initials_meant(*, scope: Scope, text: str) -> str:
    """This will return the text by which customers are found whose initials `text` may be as well,
    where it was read as the beginning of a pinyin; "" where nobody is."""
    ways = dict(ways_of(text))
    if not {SearchWay.PINYIN, SearchWay.INITIALS} <= ways.keys():
        return ""
    rows = Customer.objects.filter(scope.branches())
    both = (_found_by(way, ways[way]) for way in (SearchWay.PINYIN, SearchWay.INITIALS))
    is_meant = all(_finds(rows, *one) for one in both)
    return " ".join(ways[SearchWay.INITIALS]) if is_meant else ""


def the_one(*, scope: Scope, text: str) -> str | None:
    """This will return the number of the one customer of the scope who has exactly this phone, ID
    number, e-mail address or customer number; None where it is nobody, or several."""
    way, value = way_of(text)
    condition = _found_by(way, value)[0] if way in _SEALED else _is_numbered(text.strip())
    found = Customer.objects.filter(scope.branches(), condition).order_by("id")
    numbers = list(found.values_list("number", flat=True)[:2])
    return numbers[0] if len(numbers) == 1 else None


def exact_value(text: str) -> tuple[SearchWay, str] | None:
    """This will return the full phone, ID number or e-mail address that `text` asks for, with its
    way; None where it asks for something else. Whoever asks for one is counted and recorded
    (`journeys.reveals.operations.search_exactly`)."""
    way, value = way_of(text)
    return (way, value) if way in _SEALED else None


def is_personal(text: str) -> bool:
    """This will tell whether `text` holds a phone, ID or card number or an address: such a search
    must not stand in the address of a page, which browsers and servers keep."""
    return way_of(text)[0] in _SEALED or masking.mask_text(text) != text


def _found_by(way: SearchWay, value: str) -> tuple[Q, tuple[Any, ...]]:
    """The condition with the order that its index gives."""
    # A bank may number its customers in any way, with as many digits as an ID number has too.
    if way in _SEALED:
        held = Q(**{f"{way}_index__in": sealed.blind_indexes(value, way.value)})
        return held | _is_numbered(value), ("id",)
    if way == SearchWay.PHONE_TAIL:
        return _ends_in(value) | _is_numbered(value), ("id",)
    if way == SearchWay.MASKED_PHONE:
        return _ends_in(value[-4:]) & Q(phone_masked=value), ("id",)
    return _BY_START[way](value)


def _is_numbered(text: str) -> Q:
    """A number as it was typed, in capitals, or as an input method meant it."""
    plain = unicodedata.normalize("NFKC", text)
    return Q(number__in=list(dict.fromkeys((text, text.upper(), plain, plain.upper()))))


def _ends_in(digits: str) -> Q:
    """The customers whose phone ends so, as the index on that end has them."""
    return Q(Exact(Right(F("phone_masked"), 4), digits))


def _is_spelled(letters: str) -> Q:
    """The customers whose pinyin begins so, whatever blanks were typed. Several spellings lie close
    together: between the first and the last of them the index is read in its order, and not whole
    for the sake of the OR."""
    spellings = sorted(spellings_of(letters))
    begins = [Q(StartsWith(LETTERS, one)) for one in spellings]
    first, last = spellings[0], spellings[-1]
    behind = last[:-1] + chr(ord(last[-1]) + 1)
    within = Q(GreaterThanOrEqual(LETTERS, first)) & Q(LessThan(LETTERS, behind))
    return functools.reduce(operator.or_, begins) & within if len(begins) > 1 else begins[0]


_BY_START: dict[str, Callable[[str], tuple[Q, tuple[Any, ...]]]] = {
    SearchWay.NOTHING: lambda _value: (Q(), ("-id",)),
    SearchWay.NUMBER: lambda value: (Q(number__startswith=value), ("number",)),
    SearchWay.INITIALS: lambda value: (
        Q(name_initials__startswith=value), ("name_initials", "id"),
    ),
    SearchWay.PINYIN: lambda value: (_is_spelled(value), (LETTERS, "id")),
    SearchWay.EXACT_NUMBER: lambda value: (_is_numbered(value), ("id",)),
    SearchWay.NAME: lambda value: (Q(StartsWith(NAME_AS_TYPED, value)), (NAME_AS_TYPED, "id")),
}  # fmt: skip


def id_of(number: str) -> int | None:
    """This will return the id of a customer by the number, whatever the branch."""
    return Customer.objects.filter(number=number).values_list("pk", flat=True).first()


def same_person(customer_id: int) -> set[int]:
    """This will return the ids of a customer and of all who are on file with the same ID number."""
    me = Customer.objects.filter(pk=customer_id, bearer__isnull=False)
    rows = Customer.objects.filter(bearer__in=me.values("bearer"))
    return {customer_id, *rows.values_list("pk", flat=True)}


def one_customer(*, scope: Scope, number: str) -> Customer | None:
    """This will return a customer of the scope with branch and stage, or None."""
    rows = Customer.objects.filter(scope.branches(), number=number)
    return rows.select_related("branch", "journey").first()


def cards_of(customer: Customer, *, scope: Scope) -> list[Any]:
    """This will list a customer's cards, the youngest first, each with its primary card, or with
    the supplementary cards that hang on it in `shown_supplementary`. Of linked cards whose holder
    is outside the scope the holder is not told: `holder_shown`."""
    rows = customer.cards.select_related("product", "application").order_by("-issued_date", "-id")
    cards = rows.model.objects
    has_supplementary = Exists(cards.filter(primary=OuterRef("pk")))
    held = list(rows.annotate(has_supplementary=has_supplementary))
    within = Customer.objects.filter(scope.branches(), pk=OuterRef("customer_id"))
    linked = cards.select_related("customer").annotate(holder_shown=Exists(within))
    # Few cards are linked to others: statements of their own are for those alone.
    prefetch_related_objects(
        [card for card in held if card.primary_id], Prefetch("primary", linked)
    )
    prefetch_related_objects(
        [card for card in held if card.has_supplementary],
        Prefetch(
            "supplementary", linked.order_by("issued_date", "id"), to_attr="shown_supplementary"
        ),
    )
    return held


def card_ids(customer: Customer) -> list[int]:
    """This will return the ids of a customer's cards."""
    return list(customer.cards.values_list("pk", flat=True))


def ids_by_number() -> dict[str, int]:
    """This will return the ids of all customers by their number: for loading whole banks only."""
    return dict(Customer.objects.values_list("number", "id").iterator(chunk_size=10_000))


# The label under which numbers are hashed for good: that of no other blind index.
_ERASED_NUMBER = "erased_number"


def hash_of(trait: Trait, value: str) -> bytes:
    """This will return the keyed hash by which the gate knows a phone, ID number or e-mail address
    under several customer numbers. It is the same whatever key makes blind indexes, and stays where
    an erased person had refused."""
    return sealed.lasting_index(value, HASH_OF[trait])


def callee_of(phone: str) -> bytes:
    """This will return the hash of a phone."""
    return hash_of(Trait.PHONE, phone)


def callable_customer(customer_id: int) -> tuple[Customer, str] | None:
    """This will return a customer with the phone in clear, locked against an erasure beside it;
    None where there is no such phone (any more), or it does not open."""
    customer = Customer.objects.select_for_update(no_key=True).filter(pk=customer_id).first()
    if customer is None or customer.phone_sealed is None:
        return None
    try:
        return customer, sealed.unseal(bytes(customer.phone_sealed), "customer.phone")
    except sealed.SealBroken:
        return None


def mail_address(customer_id: int) -> str | None:
    """This will return a customer's mail address in clear; None where there is none, or it does not
    open."""
    held = Customer.objects.filter(pk=customer_id).values_list("email_sealed", flat=True).first()
    try:
        return sealed.unseal(bytes(held), "customer.email") if held is not None else None
    except sealed.SealBroken:
        return None


def customers_called(phone: str) -> list[int]:
    """This will return the ids of all customers on file with a phone, in order."""
    return list(_called(phone))


def lock_called(phone: str) -> list[int]:
    """This will return the same, each locked by id until the transaction ends: who was erased, or
    lost the phone, while it waited is not among them."""
    return list(_called(phone).select_for_update(no_key=True))


def _called(phone: str) -> QuerySet[Any]:
    rows = Customer.objects.filter(callee=callee_of(phone)).exclude(name=ERASED)
    return rows.order_by("pk").values_list("pk", flat=True)


def erased_hash(number: str) -> bytes:
    """This will return the keyed hash that is left of the number of a person who was erased."""
    return sealed.lasting_index(number, _ERASED_NUMBER)


def erased_among(numbers: Iterable[str]) -> set[str]:
    """This will return those numbers whose persons were erased."""
    hashes = {erased_hash(number): number for number in numbers}
    found = ErasedNumber.objects.filter(number_hash__in=list(hashes))
    return {hashes[bytes(held)] for held in found.values_list("number_hash", flat=True)}


def latest_with_card(*, scope: Scope) -> Customer | None:
    """This will return the customer of a scope who came last of those with a card; None where none
    has one."""
    rows = Customer.objects.filter(scope.branches(), cards__isnull=False).exclude(name=ERASED)
    return rows.order_by("-id").first()
