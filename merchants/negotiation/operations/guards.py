"""What every step of a negotiation begins with: partnership and negotiation are locked, and the
person may."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _

from merchants.directory import operations as directory
from merchants.negotiation.models import Negotiation
from merchants.negotiation.rules import stages
from merchants.partnerships import operations as partnerships
from merchants.partnerships.operations.guards import locked as locked_partnership
from merchants.partnerships.operations.guards import words
from portal.staff.models import Staff


class NegotiationRefused(Exception):
    """Raised where nothing is written; its text is a sentence for a person."""


class SecondPersonNeeded(NegotiationRefused):
    """Raised for terms that a second person must allow; its text says why."""


class ChangedMeanwhile(NegotiationRefused):
    """Raised where somebody took a step since the person looked; its text says who and when.
    `stands` is the number of the last one now, as the person is to see it."""

    def __init__(self, told: str, stands: int) -> None:
        super().__init__(told)
        self.stands = stands


@contextmanager
def in_words() -> Iterator[None]:
    """This will turn what partnerships and the directory refuse into NegotiationRefused."""
    try:
        yield
    except (
        directory.DirectoryRefused, partnerships.PartnershipNotAllowed, partnerships.MoveNotAllowed,
    ) as refused:  # fmt: skip
        raise NegotiationRefused(str(refused)) from refused


def locked(*, negotiation_id: int, actor: Staff) -> Negotiation:
    """This will lock a negotiation, its partnership first, for a person who may lead it. Raises
    NegotiationRefused."""
    of = Negotiation.objects.values_list("partnership_id", flat=True).get(pk=negotiation_id)
    with in_words():
        partnership = locked_partnership(partnership_id=of, actor=actor)
    rows = Negotiation.objects.select_for_update(of=("self",), no_key=True)
    negotiation = rows.select_related("contract").get(pk=negotiation_id)
    negotiation.partnership = partnership
    return negotiation


def check_seen(negotiation: Negotiation, after: int) -> None:
    """This will hold against one another what a person saw and what stands. Raises
    ChangedMeanwhile."""
    if negotiation.moved == after:
        return
    last = negotiation.changes.select_related("actor").order_by("-number").first()
    if last is None:
        return
    sentence = _("{name} moved it to {stage} on {day}, after you opened the page. Look again.")
    stage = last.get_to_stage_display()
    told = sentence.format(name=last.actor.label, stage=stage, day=last.on_date)
    raise ChangedMeanwhile(told, stands=negotiation.moved)


def check_day(*, negotiation: Negotiation, on: dt.date) -> None:
    """This will refuse a step before the last one. Raises NegotiationRefused."""
    if negotiation.since is not None and on < negotiation.since:
        sentence = _("It was moved last on {day}: no step is put before another.")
        raise NegotiationRefused(sentence.format(day=negotiation.since))


def check_goes_on(negotiation: Negotiation) -> None:
    """This will refuse terms and figures once the partnership has ended. Raises
    NegotiationRefused."""
    if not negotiation.partnership.is_open:
        raise NegotiationRefused(stages.has_ended())


def check_takes_figures(negotiation: Negotiation) -> None:
    """This will refuse figures after the agreement. Raises NegotiationRefused."""
    check_goes_on(negotiation)
    if negotiation.stage not in stages.WITH_FIGURES:
        sentence = _("Figures are entered until agreed terms go to signing; it stands in {stage}.")
        raise NegotiationRefused(sentence.format(stage=negotiation.get_stage_display()))


def reason_in(text: str) -> str:
    """This will mask what a person wrote; it must not be empty. Raises NegotiationRefused."""
    with in_words():
        return words(text)
