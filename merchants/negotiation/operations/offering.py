"""Putting terms on the table, and entering the figures by which they are reckoned."""

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from merchants.negotiation import queries
from merchants.negotiation.enums import Side
from merchants.negotiation.models import Negotiation, Offer, TermsFigure
from merchants.negotiation.operations.guards import (
    ChangedMeanwhile,
    NegotiationRefused,
    check_day,
    check_goes_on,
    check_takes_figures,
    locked,
    reason_in,
)
from merchants.negotiation.operations.reminding import follow_up
from merchants.negotiation.rules import terms as sets
from merchants.negotiation.rules.terms import Terms
from portal.audit import operations as audit
from portal.kit import clock, masking
from portal.staff.models import Staff


@transaction.atomic
def record_offer(
    *,
    negotiation_id: int,
    side: str,
    terms: Terms,
    words: str,
    seen: int,
    actor: Staff,
    at: dt.datetime,
) -> Offer:
    """This will record one side's set of terms, for good. Where that side has spoken in the round,
    the next round begins. `seen` is the number of the last offer that the person saw. Raises
    NegotiationRefused, ChangedMeanwhile."""
    negotiation = locked(negotiation_id=negotiation_id, actor=actor)
    on = clock.bank_day(at)
    check_goes_on(negotiation)
    check_day(negotiation=negotiation, on=on)
    if not negotiation.takes_offers:
        sentence = _("Offers are recorded while terms are on the table (proposal, bargaining); it "
                     "stands in {stage}.")  # fmt: skip
        raise NegotiationRefused(sentence.format(stage=negotiation.get_stage_display()))
    offers = queries.offers_of(negotiation)
    last = offers[-1] if offers else None
    if (last.number if last else 0) != seen:
        _tell_of(offers, seen)
    offer = Offer.objects.create(
        negotiation=negotiation, number=seen + 1, round=_round_of(offers, side), side=side,
        words=masking.mask_text(words.strip()), on_date=on, at=at, recorded_by=actor,
        **vars(terms),
    )  # fmt: skip
    follow_up(negotiation=negotiation, actor=actor, at=at)
    audit.record(
        action="negotiation.offer_recorded", actor=actor, at=at, target=negotiation,
        changes={"number": offer.number, "round": offer.round, "side": side, **terms.as_json()},
    )  # fmt: skip
    return offer


def _tell_of(offers: list[Offer], seen: int) -> None:
    """Says of each offer that came since who recorded it, and what it says otherwise than that
    side's one before."""
    number = offers[-1].number if offers else 0
    came = [place for place, one in enumerate(offers) if one.number > seen]
    if not came:
        raise ChangedMeanwhile(_("Look again: the offers are others than you saw."), stands=number)
    sentence = _("{name} recorded another offer of {side} meanwhile, in round {round}: {terms}.")
    told = [
        sentence.format(
            name=offers[place].recorded_by.label, side=Side(offers[place].side).label,
            round=offers[place].round, terms=_otherwise(offers[: place + 1]),
        )
        for place in came
    ]  # fmt: skip
    raise ChangedMeanwhile(" ".join(told), stands=number)


def _otherwise(offers: list[Offer]) -> str:
    last = offers[-1]
    before = next((row.plain for row in reversed(offers[:-1]) if row.side == last.side), None)
    names = sets.NAMES if before is None else sets.changed(before, last.plain)
    told = [f"{sets.LABELS[name]} {sets.said(last.plain, name)}" for name in names]
    return _(", ").join(told) if told else _("the same terms as before")


def _round_of(offers: list[Offer], side: str) -> int:
    last = max((row.round for row in offers), default=1)
    spoke = any(row.round == last and row.side == side for row in offers)
    return last + 1 if spoke else last


@transaction.atomic
def enter_figure(
    *,
    negotiation_id: int,
    code: str,
    value: Decimal,
    source: str,
    actor: Staff,
    at: dt.datetime,
) -> TermsFigure:
    """This will enter a figure (CNY a year) with its source; what was entered before stays on
    record. Raises NegotiationRefused."""
    negotiation = locked(negotiation_id=negotiation_id, actor=actor)
    check_takes_figures(negotiation)
    _check_not_asked(negotiation)
    said = reason_in(source)
    row = TermsFigure.objects.create(
        negotiation=negotiation, code=code, value=value, source=said[:200], at=at, entered_by=actor
    )
    audit.record(
        action="negotiation.figure_entered", actor=actor, at=at, target=negotiation,
        reason=row.source, changes={"figure": code, "value": str(value)},
    )  # fmt: skip
    return row


def _check_not_asked(negotiation: Negotiation) -> None:
    if queries.request_of(negotiation) is not None:
        raise NegotiationRefused(
            _("The agreed terms wait for a second person, with these figures: take them back "
              "before.")
        )  # fmt: skip
