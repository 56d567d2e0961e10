"""What a complaint came from: what really reached the customer, what else may be named, and what
each is called."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _

from journeys.care.enums import CauseKind, ComplaintState
from journeys.care.models import Complaint
from journeys.care.rules import Cause
from journeys.contact import queries as contact
from journeys.outreach import queries as outreach
from portal.kit import clock
from portal.kit.registry import Named, registry
from portal.staff import queries as staff_queries

SINCE_DAYS = 180
_MOST_STAFF = 8
# What names nothing: the kind says it all.
PLAIN = (CauseKind.PRODUCT, CauseKind.PROCESS, CauseKind.UNFOUNDED)


@dataclass(frozen=True, slots=True)
class Offer:
    """A cause to choose: `value` is what the form sends, `hint` what is known about it."""

    value: str
    label: str
    hint: str = ""


def offers_for(*, customer_id: int, at: dt.datetime) -> list[Offer]:
    """This will list the campaign versions and texts that reached a customer in the months before
    `at`, the latest first within each."""
    since = at - dt.timedelta(days=SINCE_DAYS)
    return [*_versions_for(customer_id, since, at), *_texts_for(customer_id, since)]


def _versions_for(customer_id: int, since: dt.datetime, at: dt.datetime) -> list[Offer]:
    made = contact.contacts_by_origin(customer_id=customer_id, since=since, until=at)
    offers = []
    for code, source in registry.contact_sources.items():
        known = {origin: source.reference_of(origin) for origin in made}
        references = [reference for reference in known.values() if reference]
        named = source.named(references) if references else {}
        for origin, reference in known.items():
            if reference in named:
                hint = _times(made[origin].times, made[origin].last_at)
                offers.append(Offer(f"{code}:{reference}", named[reference].label, hint))
    return offers


def _texts_for(customer_id: int, since: dt.datetime) -> list[Offer]:
    sent = outreach.texts_sent_to(customer_id=customer_id, since=since)
    return [
        Offer(
            f"{CauseKind.SCRIPT.value}:{text.reference}",
            text.label,
            _("sent {day}").format(day=clock.bank_day(last)),
        )
        for text, last in sent
    ]


def _times(times: int, last_at: dt.datetime) -> str:
    return _("contacts: {n}, the last {day}").format(n=times, day=clock.bank_day(last_at))


def plain_offers() -> list[Offer]:
    """This will list the causes that need no name."""
    return [Offer(f"{kind.value}:", str(kind.label)) for kind in PLAIN]


def search_causes(text: str) -> list[Offer]:
    """This will find a few campaign versions, texts and members of staff by code, name or
    number."""
    text = text.strip()
    if not text:
        return []
    versions = [
        Offer(f"{code}:{found.reference}", found.label)
        for code, source in registry.contact_sources.items()
        for found in source.search(text)
    ]
    texts = [
        Offer(f"{CauseKind.SCRIPT.value}:{found.reference}", found.label, found.body[:60])
        for found in outreach.search_texts(text)
    ]
    people = [
        Offer(f"{CauseKind.STAFF.value}:{person.staff_number}", person.label, person.branch.label)
        for person in staff_queries.search_staff(text, most=_MOST_STAFF)
    ]
    return [*versions, *texts, *people]


def cause_of(value: str) -> Cause | None:
    """This will read what the form sent; None where there is no such cause."""
    kind, _colon, reference = value.partition(":")
    if kind not in CauseKind.values:
        return None
    if kind == CauseKind.STAFF:
        person = staff_queries.numbered([reference]).get(reference)
        return None if person is None else Cause(kind, "", person.pk)
    cause = Cause(kind, reference)
    return cause if cause.is_complete and exists(cause) else None


def exists(cause: Cause) -> bool:
    """This will tell whether what a cause names by reference is there; staff is named by a key."""
    if not cause.reference:
        return True
    return cause.reference in named_causes(cause.kind, [cause.reference])


def named_causes(kind: str, references: Iterable[str]) -> dict[str, Named]:
    """This will name what stands behind references of a kind (of staff the numbers); those
    unknown are left out."""
    wanted = sorted({reference for reference in references if reference})
    if kind == CauseKind.STAFF:
        people = staff_queries.numbered(wanted)
        return {number: Named(number, person.label) for number, person in people.items()}
    if kind == CauseKind.SCRIPT:
        texts = outreach.named_texts(wanted)
        return {reference: Named(reference, text.label) for reference, text in texts.items()}
    source = registry.contact_sources.get(kind)
    return source.named(wanted) if source and wanted else {}


def name_of(complaint: Complaint) -> Named | None:
    """This will name what a complaint came from; None where its kind says it all, or none is
    given. A reference of before, which names nothing that exists, is shown as it stands."""
    if complaint.cause_staff is not None:
        return Named("", complaint.cause_staff.label)
    reference = complaint.cause_reference
    if not reference:
        return None
    found = named_causes(complaint.cause_kind, [reference])
    return found.get(reference, Named(reference, reference))


def offer_of(value: str) -> Offer | None:
    """This will make the offer of a value that was chosen before; None where it is unknown."""
    kind, _colon, reference = value.partition(":")
    name = named_causes(kind, [reference]).get(reference)
    return None if name is None else Offer(value, name.label)


def closed_by_campaign(
    *, references: Collection[str], first: dt.date, end: dt.date
) -> dict[str, int]:
    """This will count the complaints that were closed from `first` to before `end` and traced to
    these campaign versions, by their reference; one without any is left out."""
    rows = Complaint.objects.filter(
        state=ComplaintState.CLOSED, cause_kind=CauseKind.CAMPAIGN, cause_reference__in=references,
        closed_date__gte=first, closed_date__lt=end,
    )  # fmt: skip
    counted = rows.values("cause_reference").annotate(number=Count("pk"))
    return {row["cause_reference"]: row["number"] for row in counted.order_by("cause_reference")}
