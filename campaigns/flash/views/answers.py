"""What claimants are told, in words: how it stands, and what to do next."""

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.eligibility import queries as eligibility
from campaigns.flash import queries
from campaigns.flash.enums import ClaimAnswer
from campaigns.flash.models import FlashSale
from campaigns.flash.rules import Told


def as_data(sale: FlashSale, told: Told) -> dict[str, Any]:
    """This will write an answer as plain JSON values, with a sentence and the next step."""
    message, step = _words(sale, told)
    return {
        "sale": sale.pk,
        "answer": told.answer.value,
        "message": message,
        "next": step,
        "claim": told.claim_id,
        "unit": told.number,
        "held_until": told.held_until and told.held_until.isoformat(),
        "opens_at": sale.opens_at.isoformat(),
        "closes_at": sale.closes_at.isoformat(),
    }


def _words(sale: FlashSale, told: Told) -> tuple[str, str]:
    if told.answer == ClaimAnswer.HELD:
        until = _instant(told.held_until, "%H:%M:%S")
        return (
            _("Unit {number} is held for you until {until}.").format(
                number=told.number, until=until
            ),
            _("Confirm before then; otherwise it goes to somebody else."),
        )
    if told.answer == ClaimAnswer.NOT_OPEN:
        opens = _instant(sale.opens_at, "%Y-%m-%d %H:%M:%S")
        return _("This has not begun."), _("It opens at {opens}.").format(opens=opens)
    if told.answer == ClaimAnswer.NOT_QUALIFIED:
        return _("You do not meet the conditions of this campaign."), _why(sale, told)
    if told.answer == ClaimAnswer.TAKEN_BACK:
        return _taken_back(told)
    message, step = _PLAIN[told.answer]
    return str(message), str(step)


# Said when they are needed: thousands are refused in a second.
_PLAIN: dict[ClaimAnswer, tuple[Any, Any]] = {
    ClaimAnswer.GRANTED: (
        gettext_lazy("It is yours."),
        gettext_lazy("One for each customer; there is nothing more to do."),
    ),
    ClaimAnswer.CLOSED: (
        gettext_lazy("This is over."),
        gettext_lazy("Look for the next date in the campaign."),
    ),
    ClaimAnswer.CONTROL: (
        gettext_lazy("You are in the group that is left out for comparison."),
        gettext_lazy(
            "The bank compares how its campaigns work; ask its service line if you object."
        ),
    ),
    ClaimAnswer.OVER_BUDGET: (
        gettext_lazy("The budget of this campaign is used up."),
        gettext_lazy("Nothing was granted to you. Look for the next date."),
    ),
    ClaimAnswer.STOPPED: (
        gettext_lazy("The bank has stopped this campaign."),
        gettext_lazy("Ask the bank's service line; nothing is granted at present."),
    ),
    ClaimAnswer.SOLD_OUT: (
        gettext_lazy("All have been granted."),
        gettext_lazy("Look for the next date."),
    ),
    ClaimAnswer.ALL_HELD: (
        gettext_lazy("None is free at this moment."),
        gettext_lazy("Some are not confirmed yet: try again in a few seconds."),
    ),
    ClaimAnswer.SAME_PERSON: (
        gettext_lazy("One is held for you under another of your customer numbers."),
        gettext_lazy("Confirm that one: each person is given one."),
    ),
    ClaimAnswer.NOT_IN_USE: (
        gettext_lazy("Your card is not activated and used yet."),
        gettext_lazy("Activate the card and pay with it once; then claim again."),
    ),
    ClaimAnswer.CARD_CLOSED: (
        gettext_lazy("The card with which you met the conditions is closed."),
        gettext_lazy("Nothing is granted to a card that is closed."),
    ),
    ClaimAnswer.AT_LIMIT: (
        gettext_lazy("You were given as much as one customer can be by this campaign."),
        gettext_lazy("There is nothing more to do."),
    ),
    ClaimAnswer.HAD_BEFORE: (
        gettext_lazy("You had this campaign's reward before."),
        gettext_lazy("It is given once to each customer."),
    ),
    ClaimAnswer.HAD_ELSEWHERE: (
        gettext_lazy("You had the reward of a campaign that rules this one out."),
        gettext_lazy("Each customer is given the reward of one of them."),
    ),
    ClaimAnswer.EXCHANGED: (
        gettext_lazy("It was exchanged for a higher tier of this campaign."),
        gettext_lazy("You have the higher one; there is nothing more to do."),
    ),
    ClaimAnswer.EXPIRED: (
        gettext_lazy("The time to confirm was over; the unit has been given back."),
        gettext_lazy("Claim again as long as there are any."),
    ),
    ClaimAnswer.NONE: (gettext_lazy("You hold none."), gettext_lazy("Claim one first.")),
    ClaimAnswer.BUSY: (
        gettext_lazy("Too many are trying at once."),
        gettext_lazy("Try again in a second."),
    ),
}


def _taken_back(told: Told) -> tuple[str, str]:
    """What the ledger of the grant says: since which day, and which condition fails."""
    found = queries.taken_back(told.claim_id or 0)
    if found is None:
        return _("It was taken back."), ""
    if not found.row.is_by_refund:
        return (
            _("It was claimed back on {day}.").format(day=found.row.on_date.isoformat()),
            _("You hold it under another customer number; each person is given one."),
        )
    return (
        _("It was given to you and taken back after a refund, as of {day}.").format(
            day=found.row.on_date.isoformat()
        ),
        _("Not met any more: {condition}.").format(condition=found.condition),
    )


def _why(sale: FlashSale, told: Told) -> str:
    """The first condition that failed; who has no card of the campaign, or came later than its
    run, is told so."""
    names = eligibility.step_names(sale.run)
    name = names.get(told.failed_at) if told.failed_at is not None else None
    if name is None:
        return _("It is for customers with a card of this campaign, as of {day}.").format(
            day=sale.run.on_date.isoformat()
        )
    return _("Not met as of {day}: {condition}.").format(
        day=sale.run.on_date.isoformat(), condition=name
    )


def _instant(at: dt.datetime | None, form: str) -> str:
    return timezone.localtime(at).strftime(form) if at else ""
