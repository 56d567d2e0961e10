"""Signing: what was agreed becomes the contract and the clause of the directory and the phase of
the partnership, all in one transaction or not at all."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from merchants.directory import operations as directory
from merchants.directory.enums import ClauseState, Renewal
from merchants.directory.models import DataClause, Merchant, MerchantContract
from merchants.directory.rules import last_day
from merchants.negotiation import queries
from merchants.negotiation.enums import DataTerm, Stage
from merchants.negotiation.models import SignedTerms
from merchants.negotiation.operations.guards import (
    NegotiationRefused,
    check_seen,
    in_words,
    locked,
    reason_in,
)
from merchants.negotiation.operations.moving import judge, write_stage
from merchants.partnerships import operations as partnerships
from merchants.partnerships import queries as of_partnerships
from merchants.partnerships.enums import Phase
from merchants.partnerships.models import Partnership, PhaseChange
from portal.audit import operations as audit
from portal.kit import clock
from portal.staff.models import Staff

_STAYS = (Phase.CONFIRMED, Phase.PERFECT)
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Paper:
    """What stands on the paper beside the agreed terms: the number of the contract, when it was
    signed, from when it holds, days of notice, and what the clause on data says where the terms
    have one."""

    number: str
    signed_date: dt.date
    first_date: dt.date
    notice_days: int
    purposes: Sequence[str] = ()
    data_kinds: str = ""
    handling: str = ""


@dataclass(frozen=True)
class _Span:
    first: dt.date
    last: dt.date


@dataclass(frozen=True)
class _By:
    actor: Staff
    at: dt.datetime


@transaction.atomic
def sign_terms(
    *, negotiation_id: int, after: int, paper: Paper, reason: str, actor: Staff, at: dt.datetime
) -> SignedTerms:
    """This will sign the agreed terms: the contract of the directory (and the one that it replaces
    ends the day before), the clause on data where the terms have one, the move of the partnership
    to confirmed where it is not there, and the move to review. A move of the partnership that needs
    a second person is put before one. Raises NegotiationRefused, ChangedMeanwhile."""
    negotiation = locked(negotiation_id=negotiation_id, actor=actor)
    reason = reason_in(reason)
    check_seen(negotiation, after)
    on, by = clock.bank_day(at), _By(actor, at)
    judge(negotiation, to=Stage.REVIEW, on=on, is_signed=True)
    offer, agreement = queries.agreed_offer(negotiation), queries.agreement_of(negotiation)
    assert offer is not None  # noqa: S101 (signing follows on agreement)
    assert agreement is not None  # noqa: S101 (the same)
    _check_days(paper, agreed=agreement.on_date, on=on)
    span = _Span(paper.first_date, last_day(paper.first_date, offer.months))
    merchant = negotiation.partnership.merchant
    with in_words():
        _end_before(negotiation.contract, merchant, span, by)
        contract = _contract(merchant, paper, span, by)
        has_clause = offer.data_clause == DataTerm.CLAUSE
        clause = _clause(merchant, paper, span, by) if has_clause else None
        change = _confirm(negotiation.partnership, reason, by)
    signed = SignedTerms.objects.create(
        negotiation=negotiation, offer=offer, contract=contract, clause=clause, change=change,
        signed_date=paper.signed_date, first_date=span.first, last_date=span.last, at=at,
        signed_by=actor,
    )  # fmt: skip
    write_stage(negotiation=negotiation, to=Stage.REVIEW, reason=reason, actor=actor, at=at)
    _record(signed, merchant, by)
    return signed


def _check_days(paper: Paper, *, agreed: dt.date, on: dt.date) -> None:
    if paper.signed_date > on:
        raise NegotiationRefused(_("The day of signing has not come yet."))
    if paper.signed_date < agreed:
        sentence = _("Both sides agreed on {day}: a paper of these terms is signed on that day or "
                     "later. Look at the day that stands on it.")  # fmt: skip
        raise NegotiationRefused(sentence.format(day=agreed))
    if paper.first_date < agreed:
        sentence = _("Both sides agreed on {day}: these terms hold from that day at the earliest.")
        raise NegotiationRefused(sentence.format(day=agreed))


def _record(signed: SignedTerms, merchant: Merchant, by: _By) -> None:
    audit.record(
        action="negotiation.signed", actor=by.actor, at=by.at, target=signed.negotiation,
        changes={
            "merchant": merchant.number, "contract": signed.contract.number,
            "offer": signed.offer.number, "first_date": signed.first_date.isoformat(),
            "last_date": signed.last_date.isoformat(), **signed.offer.plain.as_json(),
        },
    )  # fmt: skip


def _end_before(
    contract: MerchantContract | None, merchant: Merchant, span: _Span, by: _By
) -> None:
    """Ends the contract that is renewed or amended on the day before, where it goes further."""
    if contract is None or (contract.last_date is not None and contract.last_date < span.first):
        return
    facts = directory.ContractFacts(
        number=contract.number, signed_date=contract.signed_date, first_date=contract.first_date,
        last_date=span.first - _DAY, notice_days=contract.notice_days, renewal=contract.renewal,
        renewal_months=contract.renewal_months, words=contract.words,
    )  # fmt: skip
    directory.save_contract(
        merchant=merchant, contract=contract, facts=facts, actor=by.actor, at=by.at
    )


def _contract(merchant: Merchant, paper: Paper, span: _Span, by: _By) -> MerchantContract:
    """The contract of that number, which must agree where the directory has it already."""
    number = paper.number.strip()
    found = MerchantContract.objects.filter(number=number).first()
    if found is not None:
        is_same = (found.merchant_id, found.signed_date, found.first_date, found.last_date) == (
            merchant.pk, paper.signed_date, span.first, span.last,
        )  # fmt: skip
        if is_same:
            return found
        sentence = _("Contract {number} stands in the directory with other days, or with another "
                     "merchant. The terms say {first} to {last}: correct it there, or give the "
                     "right number.")  # fmt: skip
        raise NegotiationRefused(sentence.format(number=number, first=span.first, last=span.last))
    facts = directory.ContractFacts(
        number=number, signed_date=paper.signed_date, first_date=span.first, last_date=span.last,
        notice_days=paper.notice_days, renewal=Renewal.TALKS, renewal_months=None, words="",
    )  # fmt: skip
    return directory.save_contract(
        merchant=merchant, contract=None, facts=facts, actor=by.actor, at=by.at
    )


def _clause(merchant: Merchant, paper: Paper, span: _Span, by: _By) -> DataClause:
    """The clause that covers the whole span: the one there is, or the one that is signed with it,
    before which an older one ends."""
    signed = DataClause.objects.filter(merchant=merchant, state=ClauseState.SIGNED)
    covers = signed.filter(first_date__lte=span.first, last_date__gte=span.last).first()
    if covers is not None:
        return covers
    if not (paper.purposes and paper.data_kinds.strip() and paper.handling.strip()):
        raise NegotiationRefused(
            _("These terms need a clause on data for the whole span: say its purposes, the kinds "
              "of data and how they are handled.")
        )  # fmt: skip
    before = signed.filter(first_date__lt=span.first, last_date__gte=span.first).first()
    if before is not None:
        _save_clause(before, merchant, _facts_of(before, span.first - _DAY), by)
    facts = directory.ClauseFacts(
        state=ClauseState.SIGNED, purposes=list(paper.purposes),
        data_kinds=paper.data_kinds.strip(), handling=paper.handling.strip(),
        first_date=span.first, last_date=span.last,
    )  # fmt: skip
    talks = DataClause.objects.filter(merchant=merchant, state=ClauseState.TALKS).first()
    return _save_clause(talks, merchant, facts, by)


def _facts_of(clause: DataClause, last: dt.date) -> directory.ClauseFacts:
    return directory.ClauseFacts(
        state=clause.state, purposes=clause.purposes, data_kinds=clause.data_kinds,
        handling=clause.handling, first_date=clause.first_date, last_date=last,
    )  # fmt: skip


def _save_clause(
    clause: DataClause | None, merchant: Merchant, facts: directory.ClauseFacts, by: _By
) -> DataClause:
    return directory.save_clause(
        merchant=merchant, clause=clause, facts=facts, actor=by.actor, at=by.at
    )


def _confirm(partnership: Partnership, reason: str, by: _By) -> PhaseChange | None:
    """Moves the partnership to confirmed; None where it stays, or where a second person must allow
    it and is asked."""
    if partnership.phase in _STAYS:
        return None
    if partnership.phase == Phase.WAVERING:
        raise NegotiationRefused(
            _("The partnership is wavering, and no contract is signed on that. Move it to "
              "adjustment first, where terms are agreed on anew.")
        )  # fmt: skip
    try:
        return partnerships.change_phase(
            partnership_id=partnership.pk, to=Phase.CONFIRMED, after=partnership.moved,
            reason=reason, actor=by.actor, at=by.at,
        )  # fmt: skip
    except partnerships.SecondPersonNeeded:
        if of_partnerships.request_of(partnership) is None:
            partnerships.ask_move(
                partnership_id=partnership.pk, to=Phase.CONFIRMED, after=partnership.moved,
                reason=reason, actor=by.actor, at=by.at,
            )  # fmt: skip
        return None
