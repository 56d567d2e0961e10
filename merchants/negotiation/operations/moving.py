"""Beginning a negotiation, and moving it from one stage to another."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from merchants.negotiation import queries
from merchants.negotiation.enums import FigureCode, Purpose, Side, Stage
from merchants.negotiation.models import Negotiation, Offer, StageChange, TermsFigure
from merchants.negotiation.operations.guards import (
    ChangedMeanwhile,
    NegotiationRefused,
    SecondPersonNeeded,
    check_day,
    check_seen,
    in_words,
    locked,
    reason_in,
)
from merchants.negotiation.operations.losing import Lost, refusal_of
from merchants.negotiation.operations.reminding import follow_up
from merchants.negotiation.rules import stages
from merchants.partnerships.operations.guards import locked as locked_partnership
from merchants.refusals.models import Refusal
from portal.audit import operations as audit
from portal.kit import clock
from portal.staff.models import Staff


@transaction.atomic
def open_negotiation(
    *, partnership_id: int, purpose: str, reason: str, actor: Staff, at: dt.datetime
) -> Negotiation:
    """This will begin a negotiation with the merchant of a partnership: about a first contract, or
    about the one there is. Raises NegotiationRefused."""
    with in_words():
        partnership = locked_partnership(partnership_id=partnership_id, actor=actor)
    reason = reason_in(reason)
    if not partnership.is_open:
        raise NegotiationRefused(_("The partnership has ended: begin another one first."))
    if (talks := queries.in_talks_of(partnership)) is not None:
        sentence = _("There are talks already ({stage}): go on with them, or end them first.")
        raise NegotiationRefused(sentence.format(stage=talks.get_stage_display()))
    contract = queries.contract_to_renew(partnership, on=clock.bank_day(at))
    if purpose == Purpose.FIRST and contract is not None:
        sentence = _("Contract {number} holds: negotiate about its renewal or an amendment.")
        raise NegotiationRefused(sentence.format(number=contract.number))
    if purpose == Purpose.RENEWAL and contract is None:
        contract = queries.contract_that_ended(partnership, on=clock.bank_day(at))
    if purpose != Purpose.FIRST and contract is None:
        raise NegotiationRefused(
            _("No contract holds that could be renewed or amended: negotiate about a first one.")
        )
    negotiation = Negotiation.objects.create(
        partnership=partnership, purpose=purpose, contract=contract, opened_at=at
    )
    write_stage(negotiation=negotiation, to=Stage.OPENING, reason=reason, actor=actor, at=at)
    return negotiation


@transaction.atomic
def move_negotiation(
    *,
    negotiation_id: int,
    to: str,
    after: int,
    reason: str,
    actor: Staff,
    at: dt.datetime,
    offer_id: int | None = None,
    lost: Lost | None = None,
) -> StageChange:
    """This will move a negotiation to the stage `to` with a reason; to agreement with the offer
    that both agree on, to a loss with what the partner said no with (`lost`). `after` is the
    number of the last move that the person saw. Raises NegotiationRefused, ChangedMeanwhile,
    SecondPersonNeeded."""
    negotiation = locked(negotiation_id=negotiation_id, actor=actor)
    reason = reason_in(reason)
    check_seen(negotiation, after)
    if queries.request_of(negotiation) is not None:
        raise NegotiationRefused(_("The agreed terms wait for a second person: take them back "
                                   "before."))  # fmt: skip
    verdict = judge(negotiation, to=to, on=clock.bank_day(at))
    if verdict.needs_second:
        raise SecondPersonNeeded(" ".join(verdict.asks))
    offer = _agreed_on(negotiation, offer_id) if to == Stage.AGREEMENT else None
    if offer is not None:
        keep_evidence(negotiation=negotiation, actor=actor, at=at)
    refusal = None
    if to == Stage.LOST:
        refusal = refusal_of(negotiation=negotiation, lost=lost, said=reason, actor=actor, at=at)
    return write_stage(
        negotiation=negotiation, to=to, reason=reason, actor=actor, at=at, offer=offer,
        refusal=refusal,
    )  # fmt: skip


def judge(
    negotiation: Negotiation, *, to: str, on: dt.date, is_signed: bool = False
) -> stages.Verdict:
    """This will say what a move needs. Raises NegotiationRefused for one that is not allowed."""
    check_day(negotiation=negotiation, on=on)
    try:
        facts = queries.facts_of(negotiation, on=on, is_signed=is_signed)
    except queries.NoRule as missing:
        sentence = _("No rule of negotiations is in force: an administrator must set one first.")
        raise NegotiationRefused(sentence) from missing
    verdict = stages.judge(facts, to)
    if verdict.refused:
        raise NegotiationRefused(" ".join(verdict.refused))
    return verdict


def _agreed_on(negotiation: Negotiation, offer_id: int | None) -> Offer:
    offers = queries.offers_of(negotiation)
    latest = {row.side: row for row in offers}
    if offer_id is None:
        raise NegotiationRefused(_("Say which offer both sides agree on."))
    found = next((row for row in latest.values() if row.pk == offer_id), None)
    if found is None:
        last = offers[-1]
        sentence = _("{name} recorded another offer of {side} meanwhile. Look again.")
        side = Side(last.side).label
        told = sentence.format(name=last.recorded_by.label, side=side)
        raise ChangedMeanwhile(told, stands=negotiation.moved)
    return found


def keep_evidence(*, negotiation: Negotiation, actor: Staff, at: dt.datetime) -> None:
    """This will enter the turnover that evidence tells now, where nobody entered one: what was
    agreed is reckoned by it from then on, whatever evidence comes."""
    figures = queries.figures_of(negotiation, on=clock.bank_day(at))
    turnover = next(row for row in figures if row.code == FigureCode.TURNOVER)
    if turnover.value is not None and not turnover.is_entered:
        TermsFigure.objects.create(
            negotiation=negotiation, code=turnover.code, value=turnover.value,
            source=turnover.kept_source, at=at, entered_by=actor,
        )  # fmt: skip


def write_stage(
    *,
    negotiation: Negotiation,
    to: str,
    reason: str,
    actor: Staff,
    at: dt.datetime,
    offer: Offer | None = None,
    refusal: Refusal | None = None,
    approval_id: int | None = None,
) -> StageChange:
    """This will write a move of a locked negotiation, and settle what people were reminded of."""
    before, merchant = negotiation.stage, negotiation.partnership.merchant
    change = StageChange.objects.create(
        negotiation=negotiation, number=negotiation.moved + 1, from_stage=before, to_stage=to,
        on_date=clock.bank_day(at), at=at, reason=reason, actor=actor, offer=offer,
        refusal=refusal, approval_id=approval_id,
    )  # fmt: skip
    negotiation.refresh_from_db(fields=["stage", "since", "moved"])
    follow_up(negotiation=negotiation, actor=actor, at=at)
    audit.record(
        action="negotiation.moved" if before else "negotiation.opened", actor=actor, at=at,
        target=negotiation, reason=reason,
        changes={"from_stage": before, "to_stage": to, "merchant": merchant.number},
    )  # fmt: skip
    return change
