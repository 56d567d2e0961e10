"""Taking requests in, and answering them."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from journeys.contact import operations as contact
from journeys.contact import queries as ledger
from journeys.contact.enums import RefusalSource
from journeys.customers.models import Customer
from journeys.rights import queries
from journeys.rights.enums import (
    Certainty,
    IdentityCheck,
    RefusalGround,
    RightsEventKind,
    RightsKind,
    RightsState,
)
from journeys.rights.models import USUAL_COPIES, RightsRequest, RightsRule
from journeys.rights.operations.history import (
    NotInState,
    add_event,
    locked,
    locked_with_identity,
    next_number,
    plain_words,
)
from journeys.rights.queries.holdings import Person, opened
from journeys.rights.rules import deadlines
from journeys.telemarketing.models import Lead
from portal.audit import operations as audit
from portal.kit import clock
from portal.kit.personal import ERASED
from portal.staff.models import Staff

USUAL_DAYS = 15
USUAL_SOURCE = (
    "个人信息保护法第五十条只要求建立便捷的申请受理和处理机制，未定期限；"
    "《App违法违规收集使用个人信息行为认定方法》（国信办秘字〔2019〕191号）第六条：承诺时限不得超过15个工作日，"
    "无承诺时限的以15个工作日为限。The law sets no number of days; 15 working days is the limit "
    "that the rules for apps set, taken over as the bank's practice."
)


class NoRule(Exception):
    """Raised when no rule is in force: a request without a clock is not taken in."""


class RuleNotAllowed(Exception):
    """Raised when a rule would apply from a day that has its own already."""


class NothingToStop(Exception):
    """Raised when marketing is to be stopped for a lead who has no phone any more and became no
    customer: nothing is left by which it could be contacted, or known when it comes again."""


@transaction.atomic
def set_rights_rule(
    *,
    effective_date: dt.date,
    answer_days: int,
    certainty: str,
    source: str,
    actor: Staff | None,
    at: dt.datetime,
    copies_per_day: int = USUAL_COPIES,
) -> RightsRule:
    """This will set the working days for requests received from a day on, and how many copies a
    member of staff may make on each day from then on; requests received before keep their days.
    Raises RuleNotAllowed."""
    if RightsRule.objects.filter(effective_date=effective_date).exists():
        raise RuleNotAllowed(
            _("{day} has its rule already; choose another day.").format(day=effective_date)
        )
    rule = RightsRule.objects.create(
        effective_date=effective_date,
        answer_days=answer_days,
        copies_per_day=copies_per_day,
        certainty=certainty,
        source=source,
    )
    changes = {
        "answer_days": answer_days, "certainty": certainty, "copies_per_day": copies_per_day,
    }  # fmt: skip
    audit.record(
        action="rights_rule.set", actor=actor, at=at, target=rule, reason=source, changes=changes
    )
    return rule


def set_usual_rule(*, effective_date: dt.date, at: dt.datetime) -> RightsRule:
    """This will set what is practice: 15 working days, and the usual number of copies. Raises
    RuleNotAllowed."""
    return set_rights_rule(
        effective_date=effective_date,
        answer_days=USUAL_DAYS,
        certainty=Certainty.C,
        source=USUAL_SOURCE,
        actor=None,
        at=at,
    )


@transaction.atomic
def open_request(
    *,
    person: Person,
    kind: str,
    channel: str,
    identity_check: str,
    details: str,
    received_date: dt.date,
    actor: Staff | None,
    at: dt.datetime,
) -> RightsRequest:
    """This will take in a request of a customer or lead, of whose branch it is, and start its
    clock. Raises NoRule and WordsMissing."""
    rule = queries.rule_on(received_date)
    if rule is None:
        raise NoRule(
            _(
                "No rule for requests about data is in force on {day}. An administrator must add "
                "one first."
            ).format(day=received_date)
        )
    request = RightsRequest.objects.create(
        number=next_number(day=clock.bank_day(at)),
        kind=kind,
        customer=person if isinstance(person, Customer) else None,
        lead=person if isinstance(person, Lead) else None,
        branch_id=person.branch_id,
        channel=channel,
        identity_check=identity_check,
        details=plain_words(details),
        received_date=received_date,
        due_date=_due(received_date, rule.answer_days),
        opened_by=actor,
    )
    add_event(request=request, kind=RightsEventKind.OPENED, actor=actor, at=at)
    return request


def _due(received: dt.date, working_days: int) -> dt.date:
    # A year of days holds 250 working days; holidays never take half of a span.
    end = received + dt.timedelta(days=2 * working_days + 30)
    return deadlines.due_date(received, working_days, ledger.workdays(first=received, end=end))


@transaction.atomic
def check_identity(
    *, request_id: int, identity_check: str, actor: Staff | None, at: dt.datetime
) -> RightsRequest:
    """This will record how it was made sure that it is the person who asks. Raises NotInState."""
    request = locked(request_id, RightsState.OPEN)
    if identity_check == IdentityCheck.NOT_YET or request.has_identity:
        raise NotInState(request.number)
    request.identity_check = identity_check
    request.save(update_fields=["identity_check"])
    add_event(
        request=request,
        kind=RightsEventKind.IDENTITY,
        actor=actor,
        at=at,
        words=identity_check,
    )
    return request


@transaction.atomic
def stop_marketing(
    *, request_id: int, words: str, actor: Staff | None, at: dt.datetime
) -> RightsRequest:
    """This will record the person's word never to be contacted for marketing again, as the request
    has it and as said on the day it was received, which is final, and end the request with `words`,
    what the person was told. Of a lead the hash of the phone is kept: whoever has it is contacted
    no more. Raises NotInState, IdentityMissing, WordsMissing, NothingToStop,
    contact.ErasedCustomer."""
    request = locked_with_identity(request_id)
    words = plain_words(words)
    if request.lead is not None:
        _refuse_for_lead(request, request.lead, actor, at)
    else:
        _refuse_for_customer(request, request.customer_id, actor, at)
    quoted = request.details
    add_event(request=request, kind=RightsEventKind.OBJECTED, actor=actor, at=at, words=quoted)
    return end(request=request, state=RightsState.DONE, words=words, actor=actor, at=at)


def _refuse_for_customer(
    request: RightsRequest, customer_id: int | None, actor: Staff | None, at: dt.datetime
) -> None:
    contact.record_do_not_contact(
        customer_id=customer_id or 0,
        words=request.details,
        source=RefusalSource.REQUEST,
        actor=actor,
        at=at,
        said_at=clock.start_of(request.received_date),
    )


def _refuse_for_lead(
    request: RightsRequest, lead: Lead, actor: Staff | None, at: dt.datetime
) -> None:
    """A lead has no ledger of contacts, but a phone; where it became a customer the word is that
    customer's too, who may be on file with another phone by now."""
    became = lead.customer if lead.customer and lead.customer.name != ERASED else None
    phone = opened(lead, "phone")
    if not (phone or became):
        raise NothingToStop(request.number)
    if phone:
        contact.keep_refused_phone(
            phone=phone,
            source=RefusalSource.REQUEST,
            actor=actor,
            at=at,
            said_at=clock.start_of(request.received_date),
            customer_id=became.pk if became else None,
        )
    if became:
        _refuse_for_customer(request, became.pk, actor, at)


@transaction.atomic
def finish_request(
    *, request_id: int, words: str, actor: Staff | None, at: dt.datetime
) -> RightsRequest:
    """This will end a request for a copy or a correction that was fulfilled, with what the person
    was told. The others end by what is done. Raises NotInState, IdentityMissing, WordsMissing."""
    request = locked_with_identity(request_id)
    if request.kind not in (RightsKind.ACCESS, RightsKind.CORRECT):
        raise NotInState(request.number)
    return end(
        request=request, state=RightsState.DONE, words=plain_words(words), actor=actor, at=at
    )


@transaction.atomic
def refuse_request(
    *, request_id: int, ground: str, words: str, actor: Staff | None, at: dt.datetime
) -> RightsRequest:
    """This will refuse a request on a ground of law, with the reason as the person was told it.
    Raises NotInState and WordsMissing."""
    request = locked(request_id, RightsState.OPEN)
    request.refusal_ground = RefusalGround(ground)
    return end(
        request=request, state=RightsState.REFUSED, words=plain_words(words), actor=actor, at=at
    )


def end(
    *,
    request: RightsRequest,
    state: RightsState,
    words: str,
    actor: Staff | None,
    at: dt.datetime,
) -> RightsRequest:
    """This will end a locked request, within the caller's transaction."""
    request.state, request.outcome = state, words
    request.handled_by = actor or request.handled_by
    request.answered_date = clock.bank_day(at)
    request.save(
        update_fields=["state", "outcome", "handled_by", "answered_date", "refusal_ground"]
    )
    kind = RightsEventKind.DONE if state == RightsState.DONE else RightsEventKind.REFUSED
    add_event(request=request, kind=kind, actor=actor, at=at, words=words)
    return request
