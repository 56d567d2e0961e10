"""Leads that come in: lists of them, and calls that messages ask for."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from journeys.contact import queries as contact
from journeys.customers import queries as customers
from journeys.customers.enums import LawfulBasis, Source
from journeys.telemarketing import queries
from journeys.telemarketing.enums import LeadAnswer, LeadState, MovePath
from journeys.telemarketing.models import Lead
from journeys.telemarketing.operations import merging, moving
from portal.audit import operations as audit
from portal.intake import operations as intake
from portal.intake.rules import BadCell, cells
from portal.kit import masking, sealed
from portal.kit.registry import CallAsked

# What the number of a lead begins with that a message asked for.
_OF_MESSAGE = "M-"


@dataclass(frozen=True)
class LeadRecord:
    """A lead as its source tells it; `phone` is in clear and is sealed when it is written."""

    number: str
    kind: str
    name: str
    company: str
    phone: str
    source: str
    lawful_basis: str
    branch_id: int
    team_id: int | None
    owner_id: int | None
    state: str
    created_at: dt.datetime
    post_id: int | None = None  # where it was won, of a lead whose source is a post
    collected_by_id: int | None = None
    campaign: str = ""  # its code
    basis_words: str = ""


@dataclass(frozen=True)
class Loaded:
    """What became of each lead of a list, by its number, in the order of the list."""

    answers: list[tuple[str, LeadAnswer]]

    def count(self, answer: LeadAnswer) -> int:
        """This will count the leads with an answer."""
        return sum(given == answer for _number, given in self.answers)


class PersonalKey(Exception):
    """Raised for a list in which the number of a lead is that of a phone, ID document or card."""


def load_leads(*, records: Sequence[LeadRecord], at: dt.datetime) -> Loaded:
    """This will add leads, and answer for each. One whose number is known is left as it is; one
    whose person was erased does not come back; one whose phone is that of somebody who refused is
    not taken in. Raises PersonalKey; then none came.

    Who refuses later is found by whoever reads the list (`queries.list_leads`).
    """
    _refuse_personal(records)
    with transaction.atomic():
        intake.hold_imports()  # an erasure beside it would be seen by halves
        return take_in(records=records, at=at)


@transaction.atomic
def take_in(*, records: Sequence[LeadRecord], at: dt.datetime) -> Loaded:
    """This will do the same of leads whose numbers name nobody, without waiting for imports."""
    answers = _answers(records)
    taken = [
        record
        for record, answer in zip(records, answers, strict=True)
        if answer == LeadAnswer.TAKEN
    ]
    Lead.objects.bulk_create(
        [_lead(record) for record in taken], batch_size=2000, ignore_conflicts=True
    )
    answers = _owned(records, _sorted(records, answers, at), at)
    counts = Counter(answer.value for answer in answers)
    audit.record(action="leads.loaded", actor=None, at=at, changes=dict(sorted(counts.items())))
    numbers = (record.number for record in records)
    return Loaded(list(zip(numbers, answers, strict=True)))


def _answers(records: Sequence[LeadRecord]) -> list[LeadAnswer]:
    """What becomes of each record, in order; of two under one number the second is known."""
    numbers = [record.number for record in records]
    erased = customers.erased_among(numbers)
    known = set(Lead.objects.filter(number__in=numbers).values_list("number", flat=True))
    hashes = [customers.callee_of(record.phone) if record.phone else None for record in records]
    refused = contact.refused_among([value for value in hashes if value is not None])
    answers = []
    for number, value in zip(numbers, hashes, strict=True):
        if number in erased:
            answers.append(LeadAnswer.ERASED)
        elif value in refused:
            answers.append(LeadAnswer.NOT_TO_BE_CONTACTED)
        else:
            answers.append(LeadAnswer.KNOWN if number in known else LeadAnswer.TAKEN)
            known.add(number)
    return answers


def _sorted(
    records: Sequence[LeadRecord], answers: Sequence[LeadAnswer], at: dt.datetime
) -> list[LeadAnswer]:
    """Merge whoever has the phone of an open lead, whatever team and branch has that one."""
    taken = [
        record.number
        for record, answer in zip(records, answers, strict=True)
        if answer == LeadAnswer.TAKEN
    ]
    ids = dict(Lead.objects.filter(number__in=taken).values_list("number", "pk"))
    merged = merging.sort_leads(lead_ids=sorted(ids.values()), at=at)
    return [
        LeadAnswer.MERGED
        if answer == LeadAnswer.TAKEN and ids.get(record.number) in merged
        else answer
        for record, answer in zip(records, answers, strict=True)
    ]


def _owned(
    records: Sequence[LeadRecord], answers: Sequence[LeadAnswer], at: dt.datetime
) -> list[LeadAnswer]:
    """Give what was taken in to whom its list names, by the one function; what may not be his
    stays in the pool, and what has ended ends without him."""
    moved = {
        record.number: record
        for record, answer in zip(records, answers, strict=True)
        if answer == LeadAnswer.TAKEN and (record.owner_id or record.state != LeadState.NEW)
    }
    found = Lead.objects.filter(number__in=moved).order_by("pk").values_list("number", "pk")
    rows = list(found)
    wanted = [
        moving.Move(pk, moved[number].owner_id, moved[number].state)
        for number, pk in rows
        if moved[number].state != LeadState.WORKING or moved[number].owner_id is not None
    ]
    against = moving.refusals_of_list(moves=wanted, at=at)
    as_told = [one for one in wanted if not against[one.lead_id]]
    without = [
        moving.Move(one.lead_id, None, one.state)
        for one in wanted
        if against[one.lead_id] and one.state not in queries.OPEN
    ]
    for moves in (as_told, without):
        if moves:
            moving.move(moves=moves, path=MovePath.IMPORT, actor=None, at=at)
    given = {one.lead_id for one in as_told}
    unowned = {number for number, pk in rows if pk not in given}
    return [
        LeadAnswer.UNOWNED if answer == LeadAnswer.TAKEN and record.number in unowned else answer
        for record, answer in zip(records, answers, strict=True)
    ]


@transaction.atomic
def take_call(*, asked: CallAsked, at: dt.datetime) -> str:
    """This will put a message that is to be told on the telephone into the pool of the customer's
    branch, as a lead under the message's key, and return the lead's number: the same one where it
    is there already, "" where the person has no phone (any more)."""
    number = f"{_OF_MESSAGE}{asked.key}"
    if Lead.objects.filter(number=number).exists():
        return number
    found = customers.callable_customer(asked.customer_id)
    if found is None:
        return ""
    customer, phone = found
    record = LeadRecord(
        number=number,
        kind=customer.kind,
        name=customer.name,
        company="",
        phone=phone,
        source=Source.CAMPAIGN,
        lawful_basis=LawfulBasis.CONSENT,
        branch_id=customer.branch_id,
        team_id=None,
        owner_id=None,
        state=LeadState.NEW,
        created_at=at,
    )
    lead = _lead(record)
    lead.customer_id = customer.pk
    lead.call_before = asked.before
    lead.reason = " · ".join(part for part in (asked.subject, asked.words) if part)
    made = Lead.objects.bulk_create([lead], ignore_conflicts=True)
    changes = {"leads": len(made), "message": asked.key}
    audit.record(action="leads.asked_for", actor=None, at=at, changes=changes)
    return number


def has_call(key: str) -> bool:
    """This will tell whether a message is a lead already."""
    return Lead.objects.filter(number=f"{_OF_MESSAGE}{key}").exists()


@transaction.atomic
def take_back_calls(*, keys: Sequence[str], at: dt.datetime) -> set[str]:
    """This will take the calls of messages out of the pool, and return the keys of those that were
    there: a call that somebody is on by now stays with that person. All are locked at once, in one
    order, since those who are on the others are told next (`tell_left`)."""
    rows = _calls(keys).filter(state__in=queries.OPEN).select_for_update(of=("self",))
    held = rows.order_by("pk").values_list("pk", "number", "state", "owner", "holder")
    found = [(pk, number) for pk, number, *how in held if how == [LeadState.NEW, None, None]]
    if not found:
        return set()
    moving.move(
        moves=[moving.Move(pk, None, LeadState.OFF) for pk, _number in found],
        path=MovePath.CALL_OFF, actor=None, at=at,
    )  # fmt: skip
    changes = {"leads": len(found)}
    audit.record(action="leads.called_off", actor=None, at=at, changes=changes)
    return {number.removeprefix(_OF_MESSAGE) for _pk, number in found}


@transaction.atomic
def tell_left(*, keys: Sequence[str], at: dt.datetime) -> int:
    """This will have the calls of messages that are not over say that their person is out of the
    plan that asked for them, and return how many did not say so before. Whoever is on one keeps it
    and ends it like any other."""
    rows = _calls(keys).filter(state__in=queries.OPEN, left_at=None)
    found = list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
    if not found:
        return 0
    told = Lead.objects.filter(pk__in=[pk for (pk,) in found]).update(left_at=at)
    audit.record(action="leads.person_left", actor=None, at=at, changes={"leads": told})
    return told


def _calls(keys: Sequence[str]) -> QuerySet[Lead]:
    return Lead.objects.filter(number__in=[f"{_OF_MESSAGE}{key}" for key in keys])


def _refuse_personal(records: Sequence[LeadRecord]) -> None:
    """Pages show the number of a lead."""
    for place, record in enumerate(records, start=1):
        try:
            cells.refuse_personal(record.number)
        except BadCell as bad:
            raise PersonalKey(_("Row {row}: {why}").format(row=place, why=bad.reason.text)) from bad


def _lead(record: LeadRecord) -> Lead:
    has_phone = bool(record.phone)
    return Lead(
        number=record.number,
        kind=record.kind,
        name=record.name,
        company=record.company,
        phone_sealed=sealed.seal(record.phone, "lead.phone") if has_phone else None,
        phone_index=sealed.blind_index(record.phone, "phone") if has_phone else None,
        phone_masked=masking.mask_phone(record.phone),
        callee=customers.callee_of(record.phone) if has_phone else None,
        source=record.source,
        lawful_basis=record.lawful_basis,
        branch_id=record.branch_id,
        team_id=record.team_id,
        created_at=record.created_at,
        post_id=record.post_id,
        collected_by_id=record.collected_by_id,
        campaign=record.campaign,
        basis_words=record.basis_words,
        alike=queries.alike_of(kind=record.kind, name=record.name, company=record.company),
    )
