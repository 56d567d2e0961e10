"""What the rewards answer about one who qualifies, by which door something is given, and why it
is taken back."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AwardAnswer(models.TextChoices):
    """Why somebody who qualifies has the reward or not."""

    GRANTED = "granted", _("Gets the reward")
    HAD_BEFORE = "had_before", _("Had it before")
    CONTROL = "control", _("Control group: left out for comparison")
    NOT_IN_USE = "not_in_use", _("Card not activated and used yet")
    CLOSED = "closed", _("Card closed since")
    HAD_ELSEWHERE = "had_elsewhere", _("Had the reward of a campaign that rules this one out")
    SAME_PERSON = "same_person", _("Has it under another customer number")
    OTHER_OF_GROUP = "other_of_group", _("Given to by another campaign of the group")
    TOO_LATE = "too_late", _("Its last day of use is over")
    STOCK_OUT = "stock_out", _("Out of stock")
    OVER_BUDGET_TIER = "over_budget_tier", _("The budget of the reward is used up")
    OVER_BUDGET_TOTAL = "over_budget_total", _("The budget is used up")
    OVER_BUDGET_DAY = "over_budget_day", _("The budget of the day is used up")
    OVER_BUDGET_BRANCH = "over_budget_branch", _("The budget of the branch is used up")
    OVER_BUDGET_CUSTOMER = "over_budget_customer", _("The customer's limit is reached")
    OVER_BUDGET_PARTY = "over_budget_party", _("A party's share is used up")


class GrantDoor(models.TextChoices):
    """By which door a reward was given."""

    RUN = "run", _("Campaign run")
    FLASH = "flash", _("Flash sale")
    LOWER = "lower", _("Lower tier after a refund")


class ReversalKind(models.TextChoices):
    """Why a reward that was granted stands no longer."""

    EXCHANGED = "exchanged", _("Exchanged for a higher tier")
    CONDITION_LOST = "condition_lost", _("A condition holds no longer after a refund")
    LESS_SPENT = "less_spent", _("Less spending to multiply after a refund")
    NOT_BROUGHT = "not_brought", _("Who brought the person was recorded wrongly")
    GIVEN_TWICE = "given_twice", _("Given twice to one person, claimed back")


# Where a condition failed after a refund; and all that takes something back: what is exchanged for
# more is no loss.
BY_REFUND = [ReversalKind.CONDITION_LOST.value, ReversalKind.LESS_SPENT.value]
TAKEN_BACK = [*BY_REFUND, ReversalKind.NOT_BROUGHT.value, ReversalKind.GIVEN_TWICE.value]


class ClawBackState(models.TextChoices):
    """What became of a reward that somebody asked to claim back."""

    ASKED = "asked", _("Waits for approval")
    DONE = "done", _("Claimed back")
    USED = "used", _("Part of it was used: the rest was taken back")
    REFUSED = "refused", _("Not approved")


class LowerAnswer(models.TextChoices):
    """What came of asking for a lower tier, where the rewards were not asked."""

    NOT_REACHED = "not_reached", _("No lower tier is reached")
    VETOED = "vetoed", _("The version was vetoed: nothing is given by it any more")
