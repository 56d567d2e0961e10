"""A plan: a budget, the partners it may go to, what is known of each, and shares of groups."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from merchants.allocation.enums import Basis, GroupKind, PlanState

_MONEY: dict[str, Any] = {"max_digits": 14, "decimal_places": 2}
_PERCENT: dict[str, Any] = {"max_digits": 5, "decimal_places": 2, "blank": True}
_NOUGHT = Decimal(0)


def _is_percent(name: str, *, most: int = 100) -> Q:
    return Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__gte": 0, f"{name}__lte": most})


class FundPlan(models.Model):
    """A promotion budget (CNY) for the days from `first_date` to `last_date`, which counts too.

    While it is a draft it may change; triggers hold everything of it from its submission on.
    `income_percent` is the bank's income of a turnover, `reach_percent` the share of promotion
    money that reaches customers; None where nobody knows. `gap` is by how much (CNY of turnover) a
    better split than the chosen one could exist at most, None where none was chosen.

    An approved plan is changed by another that `amends` it: once that is approved, the accounts go
    over to it with what was booked on them. No partner gets money from two plans of the same days,
    and nothing is committed after the last one: triggers hold both.
    """

    name = models.CharField(_("name"), max_length=80)
    branch = models.ForeignKey("portal.Branch", models.PROTECT, related_name="+")
    owner = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+")
    first_date = models.DateField(_("first day"))
    last_date = models.DateField(_("last day"))
    budget = models.DecimalField(_("budget (CNY)"), **_MONEY)
    income_percent = models.DecimalField(_("bank's income of turnover (%)"), null=True, **_PERCENT)
    reach_percent = models.DecimalField(
        _("share that reaches customers (%)"), null=True, **_PERCENT
    )
    inputs_source = models.CharField(_("source of these shares"), max_length=300, blank=True)
    state = models.CharField(max_length=8, choices=PlanState.choices, default=PlanState.DRAFT)
    submission = models.OneToOneField(
        "portal.Submission", models.PROTECT, null=True, related_name="+"
    )
    gap = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    made_at = models.DateTimeField(_("made at"))
    amends = models.OneToOneField("self", models.PROTECT, null=True, related_name="amendment")
    amend_reason = models.TextField(_("why it is amended"), blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="fund_plan_amends_with_reason",
                condition=Q(amends=None, amend_reason="")
                | (Q(amends__isnull=False) & ~Q(amend_reason="")),
            ),
            models.CheckConstraint(name="fund_plan_named", condition=~Q(name="")),
            models.CheckConstraint(
                name="fund_plan_days", condition=Q(last_date__gte=F("first_date"))
            ),
            models.CheckConstraint(name="fund_plan_has_money", condition=Q(budget__gt=0)),
            models.CheckConstraint(
                name="fund_plan_percents",
                condition=_is_percent("income_percent") & _is_percent("reach_percent"),
            ),
            models.CheckConstraint(
                name="fund_plan_inputs_have_source",
                condition=Q(income_percent=None, reach_percent=None) | ~Q(inputs_source=""),
            ),
            models.CheckConstraint(
                name="fund_plan_state_known", condition=Q(state__in=PlanState.values)
            ),
            models.CheckConstraint(
                name="fund_plan_submitted",
                condition=Q(state=PlanState.DRAFT)
                | Q(submission__isnull=False, gap__isnull=False, gap__gte=0),
            ),
        ]
        indexes = [models.Index(name="fund_plan_newest", fields=["-first_date", "-id"])]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        return f"FP{self.pk:06d}"

    def is_over(self, on: dt.date) -> bool:
        """This will tell whether its days have passed: nothing more is committed of it."""
        return on > self.last_date

    @property
    def is_draft(self) -> bool:
        return self.state == PlanState.DRAFT

    @property
    def is_approved(self) -> bool:
        return self.state == PlanState.APPROVED

    @property
    def is_amended(self) -> bool:
        return self.state == PlanState.AMENDED


class FundLine(models.Model):
    """A partner of a plan: bounds of its money, what is known of its response, and the money that
    was chosen for it (CNY).

    Responses (`rules.responses`): of a past joint campaign, what was spent and what turnover it
    brought, between `past_low` and `past_high` with 95 %; or `half`, the money that brings half of
    `ceiling`, as a person judges it; or levels from a file. `last_year` is what it had a year
    before, `margin_percent` the merchant's gross margin, `merchant_percent` the merchant's share of
    the promotion's cost.
    """

    plan = models.ForeignKey(FundPlan, models.PROTECT, related_name="lines")
    partnership = models.ForeignKey("merchants.Partnership", models.PROTECT, related_name="funds")
    least = models.DecimalField(_("at least (CNY)"), default=_NOUGHT, **_MONEY)
    most = models.DecimalField(_("at most (CNY)"), **_MONEY)
    step = models.DecimalField(_("in steps of (CNY)"), **_MONEY)
    basis = models.CharField(
        _("response rests on"), max_length=8, choices=Basis.choices, default=Basis.NONE, blank=True
    )
    ceiling = models.DecimalField(_("turnover it could bring at most"), null=True, **_MONEY)
    past_spent = models.DecimalField(_("spent then"), null=True, **_MONEY)
    past_effect = models.DecimalField(_("turnover it brought then"), null=True, **_MONEY)
    past_low = models.DecimalField(_("lower end"), null=True, **_MONEY)
    past_high = models.DecimalField(_("upper end"), null=True, **_MONEY)
    half = models.DecimalField(_("money for half of it"), null=True, **_MONEY)
    source = models.CharField(_("source"), max_length=300, blank=True)
    last_year = models.DecimalField(_("money a year before"), null=True, **_MONEY)
    margin_percent = models.DecimalField(_("merchant's gross margin (%)"), null=True, **_PERCENT)
    merchant_percent = models.DecimalField(
        _("merchant's share of the cost (%)"), null=True, **_PERCENT
    )
    chosen = models.DecimalField(_("chosen (CNY)"), null=True, **_MONEY)

    # The groups it is in, by kind and value, as `queries.lines_of` tells.
    groups: frozenset[tuple[str, str]]

    class Meta:
        constraints = [
            models.UniqueConstraint(name="fund_line_once", fields=["plan", "partnership"]),
            models.CheckConstraint(
                name="fund_line_bounds",
                condition=Q(least__gte=0, most__gt=0, step__gt=0, most__gte=F("least")),
            ),
            models.CheckConstraint(
                name="fund_line_chosen_within",
                condition=Q(chosen=None) | Q(chosen__gte=F("least"), chosen__lte=F("most")),
            ),
            models.CheckConstraint(
                name="fund_line_response_whole",
                condition=Q(
                    basis=Basis.PAST, half=None, past_spent__gt=0, past_effect__gt=0,
                    ceiling__gt=F("past_effect"), past_spent__isnull=False,
                    past_effect__isnull=False, ceiling__isnull=False,
                )
                | Q(basis=Basis.ENTERED, past_spent=None, past_effect=None, past_low=None,
                    ceiling__gt=0, half__gt=0, ceiling__isnull=False, half__isnull=False)
                | Q(basis__in=[Basis.NONE, Basis.LEVELS], past_spent=None, past_effect=None,
                    past_low=None, ceiling=None, half=None),
            ),
            models.CheckConstraint(
                name="fund_line_interval",
                condition=Q(past_low=None, past_high=None)
                | Q(
                    past_low__isnull=False, past_high__isnull=False, past_effect__isnull=False,
                    ceiling__isnull=False, past_low__gt=0, past_low__lte=F("past_effect"),
                    past_high__gte=F("past_effect"), past_high__lt=F("ceiling"),
                ),
            ),
            models.CheckConstraint(
                name="fund_line_has_source",
                condition=Q(basis__in=[Basis.NONE, Basis.LEVELS]) | ~Q(source=""),
            ),
            models.CheckConstraint(
                name="fund_line_percents",
                condition=_is_percent("margin_percent")
                & (Q(merchant_percent=None) | Q(merchant_percent__gte=0, merchant_percent__lt=100))
                & (Q(last_year=None) | Q(last_year__gte=0)),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.plan_id}/{self.partnership_id}"


class FundShare(models.Model):
    """How much of the budget (%) a group of partners gets together, at least and at most."""

    plan = models.ForeignKey(FundPlan, models.PROTECT, related_name="shares")
    kind = models.CharField(_("grouped by"), max_length=12, choices=GroupKind.choices)
    value = models.CharField(_("group"), max_length=40)
    least_percent = models.PositiveSmallIntegerField(_("at least (%)"), default=0)
    most_percent = models.PositiveSmallIntegerField(_("at most (%)"), default=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="fund_share_once", fields=["plan", "kind", "value"]),
            models.CheckConstraint(
                name="fund_share_of_something",
                condition=Q(kind__in=GroupKind.values, most_percent__lte=100)
                & Q(most_percent__gte=F("least_percent"))
                & ~Q(value="")
                & ~Q(least_percent=0, most_percent=100),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.kind} {self.value}"


class ResponseLevel(models.Model):
    """What an amount brings at a partner of a plan, as a file tells it (CNY of turnover)."""

    # The source's keys; the line follows from them when the row comes in.
    plan_code = models.CharField(_("plan"), max_length=12, db_column="plan")
    number = models.CharField(_("merchant number"), max_length=40, db_column="merchant")
    line = models.ForeignKey(FundLine, models.PROTECT, related_name="levels")
    amount = models.DecimalField(_("amount (CNY)"), **_MONEY)
    effect = models.DecimalField(_("turnover it brings"), **_MONEY)
    effect_low = models.DecimalField(_("lower end"), null=True, **_MONEY)
    effect_high = models.DecimalField(_("upper end"), null=True, **_MONEY)
    source = models.CharField(_("source"), max_length=300)
    as_of = models.DateTimeField(_("as of"), null=True)
    heard_at = models.DateTimeField(_("received without an instant"), null=True)
    # Whose file said so last; nobody where the command line did. A trigger keeps the ids of those
    # whose files said it otherwise before.
    by = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")
    by_before = ArrayField(models.BigIntegerField(), default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="response_level_once", fields=["plan_code", "number", "amount"]
            ),
            models.CheckConstraint(
                name="response_level_is_some", condition=Q(amount__gte=0, effect__gte=0)
                & ~Q(source=""),
            ),
            models.CheckConstraint(
                name="response_level_interval",
                condition=Q(effect_low=None, effect_high=None)
                | Q(
                    effect_low__isnull=False, effect_high__isnull=False,
                    effect_low__lte=F("effect"), effect_high__gte=F("effect"),
                ),
            ),
        ]  # fmt: skip
        indexes = [models.Index(name="response_level_of_line", fields=["line", "amount"])]

    def __str__(self) -> str:
        return f"{self.plan_code} {self.number} {self.amount}"
