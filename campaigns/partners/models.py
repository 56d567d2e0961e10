"""What joint campaigns brought about at their partners, counted by the clock."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from campaigns.partners.rules import Side

_AMOUNT: dict[str, Any] = {"max_digits": 18, "decimal_places": 2}
_SQUARES: dict[str, Any] = {"max_digits": 30, "decimal_places": 4}


def _side(name: str) -> Q:
    """Who paid is one of the people; nobody paid nothing and squares of it."""
    return Q(**{f"{name}_payers__lte": F(f"{name}_people"), f"{name}_squares__gte": 0}) & (
        Q(**{f"{name}_payers__gt": 0}) | Q(**{f"{name}_amount": 0, f"{name}_squares": 0})
    )


class JointReturn(models.Model):
    """What those for whom a campaign was (`reached`) and those it left out (`held`) paid at a
    partner from `first_date` to before `end_date`: people, payers among them, amount (CNY, net),
    and the sum of the squares of what each paid. Nobody stands here by name."""

    campaign = models.ForeignKey("campaigns.Campaign", models.PROTECT, related_name="+")
    merchant = models.ForeignKey("merchants.Merchant", models.PROTECT, related_name="+")
    first_date = models.DateField(_("from"))
    end_date = models.DateField(_("until before"))
    control_percent = models.PositiveSmallIntegerField(_("control group (%)"))
    reached_people = models.PositiveIntegerField(default=0)
    reached_payers = models.PositiveIntegerField(default=0)
    reached_amount = models.DecimalField(default=0, **_AMOUNT)
    reached_squares = models.DecimalField(default=0, **_SQUARES)
    held_people = models.PositiveIntegerField(default=0)
    held_payers = models.PositiveIntegerField(default=0)
    held_amount = models.DecimalField(default=0, **_AMOUNT)
    held_squares = models.DecimalField(default=0, **_SQUARES)
    counted_at = models.DateTimeField(_("counted at"))

    class Meta:
        constraints = [
            models.UniqueConstraint(name="joint_return_once", fields=["campaign", "merchant"]),
            models.CheckConstraint(
                name="joint_return_is_a_span", condition=Q(end_date__gt=F("first_date"))
            ),
            models.CheckConstraint(
                name="joint_return_share_is_a_share", condition=Q(control_percent__lte=50)
            ),
            models.CheckConstraint(
                name="joint_return_sides", condition=_side("reached") & _side("held")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.merchant_id}"

    @property
    def reached(self) -> Side:
        return Side(
            self.reached_people, self.reached_payers, self.reached_amount, self.reached_squares
        )

    @property
    def held(self) -> Side:
        return Side(self.held_people, self.held_payers, self.held_amount, self.held_squares)
