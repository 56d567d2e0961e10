"""The copy of a person's data: every row of every table, in plain words, values unsealed."""

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.encoding import force_str
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from journeys.customers.rules import HASH_OF
from journeys.reveals.enums import RevealReason
from journeys.rights.queries import links
from journeys.rights.queries.holdings import Person, name_of, sealed_fields
from portal.kit import sealed
from portal.staff.models import Staff

# Of other tables, a copy says the name; of people who work here, nothing.
_NAMED = {"portal.Branch", "journeys.CardProduct", "merchants.Merchant", "campaigns.Campaign"}
_OWN_WORKINGS = {
    "number_of_day", "allowed", *HASH_OF.values(),
    "dedup_key", "carried_by", "needles", "rows_changed", "places", "digest", "lease_until",
    "gateway_reference", "failure_kind", "is_handled_here", "is_search_due", "persons", "undated",
}  # fmt: skip

# Of a look at a value the person learns what, when and in which role; not the words in which staff
# gave the reason, nor that an inquiry was the reason: PIPL art. 45 with art. 18.
# What a card brought to whom of the staff is theirs: of that it is told nothing.
_TOLD: dict[str, tuple[str, ...]] = {
    "journeys.Reveal": ("at", "field", "actor"), "journeys.PayCard": (), "journeys.PayEntry": (),
}  # fmt: skip
_SECRET = {"journeys.Reveal": Q(kind__in=[RevealReason.FRAUD, RevealReason.AUTHORITY])}

# Heads of columns that have no name of their own in the models.
_HEADS: dict[str, Any] = {
    "name_pinyin": _("Name in pinyin"), "branch": _("Branch"), "product": _("Card product"),
    "merchant": _("Merchant"), "campaign": _("Campaign"), "purpose": _("Purpose"),
    "channel": _("Channel"), "is_granted": pgettext_lazy("consent", "Granted"),
    "context": _("Filled into the text"),
    "origin": _("Cause"), "at": _("Time"), "words": _("Words"), "reference": _("Reference"),
    "since": _("From"), "until": _("Until"), "kind": _("Kind"), "facts": _("Figures found"),
    "gate": _("Answer of the contact gate"), "granted_at": _("Granted at"),
    "released_at": _("Reached nobody, known at"), "not_before": _("Not before"),
    "failed_at": _("Condition not met"), "awareness_date": _("Known since"),
    "application_date": _("First application"), "issued_date": _("First card issued"),
    "activated_date": _("First card activated"), "used_date": _("First use"),
    "loyalty_date": _("First points redeemed"), "is_primary": _("Primary card"),
    "limit_days": _("Days for the answer"), "extension_days": _("Further days"),
    "refusal": _("Refusal"), "failure": _("Failure"), "state": _("State"),
    "actor": _("Role of who looked"), "field": _("Value looked at"),
    "as_of": _("As of"), "heard_at": _("Received without an instant"),
    "due_date": _("To be answered by"), "asked_at": _("Asked at"), "reward": _("Reward"),
}  # fmt: skip


@dataclass(frozen=True)
class Sheet:
    """One table of the copy: its name, the heads of its columns, its rows of plain values."""

    name: str
    heads: list[str]
    rows: Iterator[list[Any]]


def sheets_of(persons: Sequence[Person]) -> Iterator[Sheet]:
    """This will yield a sheet for each table that holds something about the person; rows are read
    as they are taken."""
    found: dict[type[models.Model], list[models.QuerySet[Any]]] = {}
    for person in persons:
        for link in links.links_to(type(person)):
            secret = _SECRET.get(link.model._meta.label, Q(pk__in=[]))
            found.setdefault(link.model, []).append(link.rows_of(person).exclude(secret))
    for model, several in found.items():
        pks = sorted({pk for rows in several for pk in rows.values_list("pk", flat=True)})
        columns = list(_columns(model))
        if pks and columns:
            heads = [_head(field, model) for field in columns]
            yield Sheet(str(name_of(model)), heads, _rows(model, pks, columns))


def _columns(model: type[models.Model]) -> "Iterator[models.Field[Any, Any]]":
    """What is shown of a table: not the keys and indexes by which the portal finds its rows."""
    if (told := _TOLD.get(model._meta.label)) is not None:
        yield from map(model._meta.get_field, told)
        return
    sealed_names = sealed_fields(model)
    for field in model._meta.concrete_fields:
        base, _underscore, ending = field.name.rpartition("_")
        if field.primary_key or field.name in _OWN_WORKINGS:
            continue
        if base in sealed_names and ending in ("index", "masked"):
            continue
        target: Any = field.related_model
        if not field.is_relation or target._meta.label in _NAMED:
            yield field


def _head(field: "models.Field[Any, Any]", model: type[models.Model]) -> str:
    """The column's name; a sealed value has that of its mask."""
    if field.name.endswith("_sealed"):
        field = model._meta.get_field(f"{field.name.removesuffix('_sealed')}_masked")  # type: ignore[assignment]
    named = str(field.verbose_name) != field.name.replace("_", " ")
    return force_str(field.verbose_name if named else _HEADS.get(field.name, field.verbose_name))


def _rows(
    model: type[models.Model], pks: list[Any], columns: "list[models.Field[Any, Any]]"
) -> Iterator[list[Any]]:
    named = [field.name for field in columns if field.is_relation]
    labels = {name: seal for name, (seal, _index) in sealed_fields(model).items()}
    for start in range(0, len(pks), 1_000):
        rows = model._default_manager.filter(pk__in=pks[start : start + 1_000])
        # Without names, `select_related` would follow every link of every table.
        rows = rows.select_related(*named) if named else rows
        for row in rows.order_by("pk"):
            yield [_plain(row, field, labels) for field in columns]


def _words_of(row: Any, field: "models.Field[Any, Any]", value: Any) -> str | None:
    """What a value says in words; None where it says itself."""
    if isinstance(value, Staff):
        return str(value.get_role_display())
    if field.choices:
        return str(getattr(row, f"get_{field.name}_display")())
    # Where the portal itself speaks, the row says it in the language of the copy.
    return getattr(row, f"told_{field.name}", None)


def _plain(row: Any, field: "models.Field[Any, Any]", labels: dict[str, str]) -> Any:
    value = getattr(row, field.name)
    if value is None:
        return ""
    if (words := _words_of(row, field, value)) is not None:
        return words
    if field.name.endswith("_sealed"):
        return sealed.unseal(value, labels[field.name.removesuffix("_sealed")])
    if isinstance(value, bool):
        return "✓" if value else "✗"
    if isinstance(value, dt.datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return value if isinstance(value, int) else str(value)
