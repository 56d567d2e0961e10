"""The words of flash redemption: states of claims, and what a claimant is answered."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ClaimState(models.TextChoices):
    HELD = "held", _("Held")
    GRANTED = "granted", _("Given out")
    EXPIRED = "expired", _("Hold expired")


class ClaimShown(models.TextChoices):
    """How a claim stands, with what has become of its grant since."""

    HELD = "held", _("Held")
    GRANTED = "granted", _("Given out")
    TAKEN_BACK = "taken_back", _("Taken back")
    EXCHANGED = "exchanged", _("Exchanged for a higher tier")
    EXPIRED = "expired", _("Hold expired")


STANDING = (ClaimState.HELD, ClaimState.GRANTED)


class SaleState(models.TextChoices):
    WAITING = "waiting", _("Not open yet")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Over")
    STOPPED = "stopped", _("Campaign stopped")


class ClaimAnswer(models.TextChoices):
    """What a claimant hears. Held and granted are said only with a committed row behind them."""

    HELD = "held", _("One is held for you")
    GRANTED = "granted", _("Given out")
    NOT_OPEN = "not_open", _("Not open yet")
    CLOSED = "closed", _("Over")
    STOPPED = "stopped", _("Campaign stopped")
    SOLD_OUT = "sold_out", _("Sold out")
    SAME_PERSON = "same_person", _("One is held under another customer number")
    ALL_HELD = "all_held", _("All are held at the moment")
    NOT_QUALIFIED = "not_qualified", _("Not qualified")
    NOT_IN_USE = "not_in_use", _("Card not activated and used yet")
    CARD_CLOSED = "card_closed", _("Card closed since")
    CONTROL = "control", _("Control group: left out for comparison")
    OVER_BUDGET = "over_budget", _("The budget is used up")
    AT_LIMIT = "at_limit", _("The customer's limit is reached")
    HAD_BEFORE = "had_before", _("Had the campaign's reward before")
    HAD_ELSEWHERE = "had_elsewhere", _("Had the reward of a campaign that rules this one out")
    TAKEN_BACK = "taken_back", _("Taken back")
    EXCHANGED = "exchanged", _("Exchanged for a higher tier")
    EXPIRED = "expired", _("Hold expired")
    NONE = "none", _("No claim")
    BUSY = "busy", _("Try again")
