"""What is held about a person: the person under all numbers, the rows of all tables."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from journeys.cards.enums import OPEN_STATES
from journeys.cards.models import Application, Card
from journeys.care.enums import CaseState, ComplaintState
from journeys.care.models import Complaint, ServiceCase
from journeys.customers import queries as customers
from journeys.customers.enums import Trait
from journeys.customers.models import Customer
from journeys.outreach.enums import MessageState
from journeys.outreach.models import Message
from journeys.reveals.enums import RevealField
from journeys.rights.enums import Obstacle
from journeys.rights.models import RightsRequest
from journeys.rights.queries import links
from journeys.rights.rules import needles
from journeys.telemarketing import queries as telemarketing
from journeys.telemarketing.models import Lead
from portal.intake.rules import cells
from portal.kit import sealed
from portal.kit.personal import Needles, PersonalTable
from portal.staff.access import Scope

ROOTS: tuple[type[models.Model], ...] = (Customer, Lead)
Person = Customer | Lead
_UNDER_WAY = [
    MessageState.QUEUED, MessageState.HELD, MessageState.SENDING, MessageState.IN_DOUBT,
    MessageState.PARKED,
]  # fmt: skip
_FREE_TEXT: dict[str, Any] = {"words": _("Words"), "failure": _("Failure")}
# The source's own keys of customers and leads have no blanks, and hardly signs beyond these.
_NUMBER = re.compile(r"[A-Za-z0-9._/#:-]+")


def sealed_fields(model: type[models.Model]) -> dict[str, tuple[str, str]]:
    """This will return the sealed fields of a model ("phone") with the labels under which they
    are sealed and indexed."""
    found = {}
    for field in model._meta.concrete_fields:
        if field.name.endswith("_sealed"):
            name = field.name.removesuffix("_sealed")
            seal = getattr(field, "seal", "") or f"{model._meta.model_name}.{name}"
            found[name] = (seal, getattr(field, "index", "") or name)
    return found


def opened(person: models.Model, name: str) -> str:
    """This will unseal a field of a person, "" where it is empty."""
    value = getattr(person, f"{name}_sealed")
    label = sealed_fields(type(person))[name][0]
    return "" if value is None else sealed.unseal(value, label)


def _indexes_of(person: models.Model, name: str) -> list[bytes]:
    """The blind indexes under which a field of a person may stand anywhere, one for each key."""
    value, (_seal, label) = opened(person, name), sealed_fields(type(person))[name]
    return sealed.blind_indexes(value, label) if value else []


def persons_of(request: RightsRequest) -> list[Person]:
    """This will return whom a request is about: the customer with the leads that are the same
    person (linked, or of the same phone and name), otherwise the lead alone."""
    customer = request.customer
    if customer is None:
        return list(Lead.objects.filter(pk=request.lead_id or 0))
    same = Q(customer=customer)
    # A lead's phone may still be indexed by an older key, or already by a newer one.
    if indexes := _indexes_of(customer, "phone"):
        same |= Q(phone_index__in=indexes, name=customer.name)
    return [customer, *_with_merged(Lead.objects.filter(same))]


def _with_merged(leads: models.QuerySet[Lead]) -> list[Person]:
    ids = telemarketing.same_leads(list(leads.values_list("pk", flat=True)))
    return [*Lead.objects.filter(pk__in=ids).order_by("id")]


def key_of(person: models.Model) -> str:
    """This will name a person as the database's guard does: "customer:12"."""
    return f"{person._meta.model_name}:{person.pk}"


def by_key(key: str) -> Person:
    """This will return the person of such a name."""
    label, _colon, pk = key.partition(":")
    return apps.get_model("journeys", label)._default_manager.get(pk=int(pk))


def needles_of(person: Person) -> Needles:
    """This will gather what names a person: in clear, masked, indexed and sealed."""
    fields = sealed_fields(type(person))
    clear = [opened(person, name) for name in fields]
    texts = [person.number, *clear, *(text.lower() for text in clear)]
    held = [getattr(person, f"{name}_{end}") for name in fields for end in ("index", "sealed")]
    secrets = [bytes(value) for value in held if value is not None]
    secrets += [index for name in fields for index in _indexes_of(person, name)]
    for trait in Trait:
        if trait.value in fields and (value := opened(person, trait.value)):
            secrets.append(customers.hash_of(trait, value))
    shown = [getattr(person, f"{name}_masked") for name in fields]
    pinyin, company = getattr(person, "name_pinyin", ""), getattr(person, "company", "")
    return Needles(
        alone=_worth(texts),
        names=_worth([person.name, company]),
        shown=_worth([*shown, pinyin]),
        secrets=tuple(dict.fromkeys(secrets)),
    )


def _worth(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found for text in texts for found in needles.worth(text)))


@dataclass(frozen=True)
class Held:
    """How many rows of one table are a person's, and in which columns people write freely."""

    model: type[models.Model]
    name: Any
    rows: int
    free_text: tuple[str, ...]


def held_about(persons: Sequence[Person]) -> list[Held]:
    """This will count what every table holds about a person; tables without rows are left out."""
    counts: dict[type[models.Model], set[Any]] = {}
    for person in persons:
        for link in links.links_to(type(person)):
            pks = link.rows_of(person).values_list("pk", flat=True)
            counts.setdefault(link.model, set()).update(pks)
    return [
        Held(model, name_of(model), len(pks), tuple(_free_text(model)))
        for model, pks in counts.items()
        if pks
    ]


def name_of(model: type[models.Model]) -> Any:
    """This will name a table in plain words."""
    table = links.declared(model)
    return table.name if isinstance(table, PersonalTable) else model._meta.verbose_name_plural


def _free_text(model: type[models.Model]) -> Iterable[str]:
    for field in model._meta.concrete_fields:
        if isinstance(field, models.TextField) and links.is_textual(field):
            yield str(_FREE_TEXT.get(field.name, field.verbose_name))


def sealed_asked(text: str) -> tuple[RevealField, str] | None:
    """This will tell which sealed value `text` asks for, and the value as it is stored; None where
    it can only be a number. What reads like neither may be an address."""
    if exact := customers.exact_value(text):
        return RevealField(exact[0].value), exact[1]
    code = text.replace(" ", "").upper()
    if cells.holders_of(code):
        return RevealField.ID_NUMBER, code
    return None if _NUMBER.fullmatch(text) else (RevealField.ADDRESS, text)


def found_by(*, scope: Scope, text: str) -> list[Person]:
    """This will find customers and leads by number, full phone, ID number, e-mail or address; all
    but the number through the blind indexes, and only where `sealed_asked` reads one out of the
    text: whoever asks by one is counted first."""
    text, asked_for = text.strip(), sealed_asked(text.strip())
    numbers = {text, text.upper(), text.lower()}
    values = numbers | {asked_for[1]} if asked_for else set()
    found: list[Person] = []
    for root in ROOTS:
        asked = Q(number__in=numbers)
        for name, (_seal, label) in sealed_fields(root).items():
            indexes = [index for value in values for index in sealed.blind_indexes(value, label)]
            asked |= Q(**{f"{name}_index__in": indexes})
        rows: Any = root._default_manager.filter(scope.branches(), asked)
        found += list(rows.select_related("branch").order_by("id")[:20])
    return found


def standing_against(persons: Sequence[Person]) -> list[tuple[Obstacle, int]]:
    """This will tell what stands against an erasure, with how many of each."""
    ids = [person.pk for person in persons if isinstance(person, Customer)]
    # Whoever holds a supplementary card holds it on the account of the primary card's holder.
    holding = Q(customer__in=ids) | Q(primary__customer__in=ids)
    open_applications = Application.objects.filter(customer__in=ids, state__in=OPEN_STATES)
    complaints = Complaint.objects.filter(customer__in=ids).exclude(state=ComplaintState.CLOSED)
    rows: list[tuple[Obstacle, Any]] = [
        (Obstacle.OPEN_APPLICATION, open_applications),
        (Obstacle.OPEN_CARD, Card.objects.filter(holding, closed_date=None)),
        (Obstacle.OPEN_COMPLAINT, complaints),
        (Obstacle.OPEN_CASE, ServiceCase.objects.filter(customer__in=ids, state=CaseState.OPEN)),
        (Obstacle.MESSAGES, Message.objects.filter(customer__in=ids, state__in=_UNDER_WAY)),
    ]
    counted = [(obstacle, found.count()) for obstacle, found in rows]
    return [(obstacle, number) for obstacle, number in counted if number]
