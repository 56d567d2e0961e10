"""Reading what the ledger holds: for the page of one person, and for the lists of the bank."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from journeys.contact.enums import Channel, Purpose
from journeys.contact.models import (
    BadAddress,
    Consent,
    ConsentText,
    Contact,
    ContactRule,
    DoNotContact,
)
from journeys.contact.queries.asking import ask_again
from journeys.contact.rules import GateVerdict, still_hold
from portal.kit import clock
from portal.staff.access import Scope

_MONTH, _DAY = dt.timedelta(days=30), dt.timedelta(hours=24)
_SHOWN = 30


def verdicts_now(customer_id: int, *, at: dt.datetime) -> dict[tuple[str, str], GateVerdict]:
    """This will ask the gate about one person for each channel and purpose, found by these."""
    asked = [(channel, purpose) for channel in Channel.values for purpose in Purpose.values]
    keys = [f"asked:{channel}:{purpose}" for channel, purpose in asked]
    found = ask_again(
        customer_ids=[customer_id] * len(asked),
        purposes=[purpose for _channel, purpose in asked],
        channels=[channel for channel, _purpose in asked],
        dedup_keys=keys,
        at=at,
    )
    return {about: found[customer_id, key] for about, key in zip(asked, keys, strict=True)}


@dataclass(frozen=True)
class Statements:
    """What a person said so far, the latest first, and the ids of the consents that hold."""

    rows: list[Consent]
    holding: list[Consent]
    is_cut: bool

    @property
    def holding_ids(self) -> set[int]:
        return {consent.pk for consent in self.holding}


def statements_of(customer_id: int, *, at: dt.datetime) -> Statements:
    """This will return what a person said about consent."""
    rows = Consent.objects.filter(customer_id=customer_id).select_related("text")
    said = list(rows.order_by("-effective_at", "is_granted", "-recorded_at", "-id"))
    return Statements(said[:_SHOWN], still_hold(said, at), len(said) > _SHOWN)


@dataclass(frozen=True)
class Reached:
    """Marketing contacts of a person in the last 30 days and planned ones, against the caps."""

    contacts: list[Contact]
    in_day: int
    in_month: int
    rule: ContactRule | None


def reached(customer_id: int, *, at: dt.datetime) -> Reached:
    """This will return the contacts that count against a person's caps, the latest first."""
    rows = Contact.objects.filter(
        customer_id=customer_id, at__gt=at - _MONTH, released_at=None
    ).exclude(purpose=Purpose.SERVICE)
    contacts = list(rows.order_by("-at", "-id")[: _SHOWN * 2])
    past = [contact for contact in contacts if contact.at <= at]
    rules = ContactRule.objects.filter(effective_date__lte=clock.bank_day(at))
    return Reached(
        contacts=contacts,
        in_day=sum(contact.at > at - _DAY for contact in past),
        in_month=len(past),
        rule=rules.order_by("-effective_date").first(),
    )


def texts_in_force(*, on: dt.date) -> list[ConsentText]:
    """This will list the texts that people may agree to on a day: the latest of each code."""
    rows = ConsentText.objects.filter(effective_date__lte=on)
    return list(rows.order_by("code", "-version").distinct("code"))


def texts() -> QuerySet[ConsentText]:
    """This will list all texts of consent, the latest version of each code first."""
    return ConsentText.objects.order_by("code", "-version")


def list_consents(*, scope: Scope, asked: Mapping[str, Any]) -> QuerySet[Consent]:
    """This will list statements of consent, those recorded last first; `asked` may name purpose,
    channel, is_granted, text and day."""
    rows = Consent.objects.filter(
        scope.branches("customer__branch"), **_asked(asked, "recorded_at")
    )
    return rows.select_related("customer__branch", "text").order_by("-recorded_at", "-id")


def list_refusals(*, scope: Scope, asked: Mapping[str, Any]) -> QuerySet[DoNotContact]:
    """This will list words never to be contacted, those said last first; `asked` may name source
    and day."""
    rows = DoNotContact.objects.filter(scope.branches("customer__branch"), **_asked(asked, "at"))
    return rows.select_related("customer__branch", "recorded_by").order_by("-at", "-id")


def list_bad_addresses(*, scope: Scope) -> QuerySet[BadAddress]:
    """This will list the mail addresses from which mail came back, the latest first; those that
    work again come along; rows whose address was erased do not."""
    rows = BadAddress.objects.filter(scope.branches("customer__branch"))
    rows = rows.exclude(address_sealed=None)
    return rows.select_related("customer", "ended_by").order_by("-since", "-id")


def _asked(asked: Mapping[str, Any], instant: str) -> dict[str, Any]:
    """A day is asked for by its two ends, so that an index on the instant serves it."""
    found = {name: value for name, value in asked.items() if name != "day"}
    if day := asked.get("day"):
        found[f"{instant}__gte"] = clock.start_of(day)
        found[f"{instant}__lt"] = clock.start_of(day + dt.timedelta(days=1))
    return found
