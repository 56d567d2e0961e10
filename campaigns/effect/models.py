"""How the effect of campaigns is told: rules, what is fixed for a campaign, who entered, counts by
day of entry, and every look at them."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from campaigns.effect.enums import Conversion, Measure
from campaigns.effect.rules import Terms

_AMOUNT: dict[str, Any] = {"max_digits": 18, "decimal_places": 2, "default": 0}
_SQUARES: dict[str, Any] = {"max_digits": 30, "decimal_places": 4, "default": 0}


class EffectRule(models.Model):
    """From a day on: how long a person is watched, how many are needed on a side, and how sure a
    finding is. What is fixed for a campaign is fixed by the rule in force then. Added to only."""

    effective_date = models.DateField(_("in force from"), unique=True)
    window_days = models.PositiveSmallIntegerField(
        _("days watched after entry"),
        help_text=_("Outcomes count from the day after a person's entry, for so many days."),
    )
    settle_days = models.PositiveSmallIntegerField(
        _("days waited for late facts"),
        help_text=_("So many days after the window a person is counted."),
    )
    fewest = models.PositiveIntegerField(
        _("fewest people on a side"),
        help_text=_("With fewer on one of the sides nothing is said."),
    )
    tuned = models.PositiveIntegerField(
        _("people that intervals are tuned for"),
        help_text=_("Intervals hold at every look, and are the narrowest about this many people"
                    " in the control group."),
    )  # fmt: skip
    error_percent = models.DecimalField(
        _("false alarms at most (%)"), max_digits=4, decimal_places=2,
        help_text=_("Of campaigns without effect, whatever the number of looks."),
    )  # fmt: skip
    power_percent = models.PositiveSmallIntegerField(
        _("power (%)"),
        help_text=_("The smallest lift that is told is found in so many of a hundred campaigns."),
    )
    cap = models.DecimalField(
        _("spending of a person capped at (CNY)"), max_digits=12, decimal_places=2,
        help_text=_("For the check of spending: no single person decides."),
    )  # fmt: skip
    source = models.TextField(_("source of the rule"))

    class Meta:
        verbose_name = _("rule of effects")
        verbose_name_plural = _("rules of effects")
        constraints = [
            models.CheckConstraint(
                name="effect_rule_bounds",
                condition=Q(
                    window_days__range=(7, 366), settle_days__lte=30, fewest__gte=100,
                    tuned__gte=F("fewest"), error_percent__gt=0, error_percent__lte=10,
                    power_percent__range=(50, 99), cap__gt=0,
                )
                & ~Q(source=""),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.effective_date)

    @property
    def terms(self) -> Terms:
        return Terms(
            fewest=self.fewest, tuned=self.tuned, error=float(self.error_percent) / 100,
            power=self.power_percent / 100,
        )  # fmt: skip


class EffectPlan(models.Model):
    """What is fixed for a campaign before the first figure is counted: what counts as converted,
    and the rule with window, fewest people and chance of a false alarm. Added to only, so that
    nobody chooses the measure that came out well."""

    campaign = models.OneToOneField("campaigns.Campaign", models.PROTECT, related_name="effect")
    rule = models.ForeignKey(EffectRule, models.PROTECT, related_name="+", db_index=False)
    conversion = models.CharField(
        _("counts as converted"), max_length=10, choices=Conversion.choices
    )
    first_date = models.DateField(_("first live run"))
    fixed_at = models.DateTimeField(_("fixed at"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="effect_plan_conversion_known", condition=Q(conversion__in=Conversion.values)
            )
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.conversion}"


class EffectIntake(models.Model):
    """A live run whose decisions were taken in, with the control group (%) that it drew. Added to
    only."""

    run = models.OneToOneField("campaigns.Run", models.PROTECT, related_name="+")
    campaign = models.ForeignKey("campaigns.Campaign", models.PROTECT, related_name="+")
    control_percent = models.PositiveSmallIntegerField(_("control group (%)"))
    entered = models.PositiveIntegerField(_("entered"))
    taken_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="effect_intake_share_is_a_share", condition=Q(control_percent__lte=50)
            )
        ]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.entered}"


class EffectEntrant(models.Model):
    """A customer on the side that the first live decision drew, with its day. Whoever was later
    drawn to the other side, as by an ID number that came later, crossed, and counts where the first
    draw put him (intention to treat)."""

    campaign = models.ForeignKey(
        "campaigns.Campaign", models.PROTECT, related_name="+", db_index=False
    )
    customer = models.ForeignKey("journeys.Customer", models.PROTECT, related_name="+")
    is_held = models.BooleanField(_("control group"))
    entered_date = models.DateField(_("entered on"))
    crossed_date = models.DateField(_("crossed on"), null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="effect_entrant_once", fields=["campaign", "customer"]),
            models.CheckConstraint(
                name="effect_entrant_crosses_after",
                condition=Q(crossed_date=None) | Q(crossed_date__gte=F("entered_date")),
            ),
        ]
        indexes = [models.Index(name="effect_entrant_day", fields=["campaign", "entered_date"])]

    def __str__(self) -> str:
        return f"{self.campaign_id}/{self.customer_id}"


class EffectDay(models.Model):
    """Of those who entered a campaign on a day, one side: people, those of them who crossed later,
    what they spent in as many days before as they are watched, and once it is ripe what they did
    in the window: converted, cards in use, and what they spent (CNY, net of refunds), also with
    each person capped, with the sums of squares. `due_date` is when it is counted next; null where
    it was for the last time."""

    campaign = models.ForeignKey(
        "campaigns.Campaign", models.PROTECT, related_name="+", db_index=False
    )
    entered_date = models.DateField(_("entered on"))
    is_held = models.BooleanField(_("control group"))
    control_percent = models.PositiveSmallIntegerField(_("control group (%)"))
    people = models.PositiveIntegerField(default=0)
    crossed = models.PositiveIntegerField(default=0)
    is_ripe = models.BooleanField(default=False)
    converted = models.PositiveIntegerField(default=0)
    active = models.PositiveIntegerField(default=0)
    payers = models.PositiveIntegerField(default=0)
    amount = models.DecimalField(**_AMOUNT)
    squares = models.DecimalField(**_SQUARES)
    capped_amount = models.DecimalField(**_AMOUNT)
    capped_squares = models.DecimalField(**_SQUARES)
    active_before = models.PositiveIntegerField(default=0)
    payers_before = models.PositiveIntegerField(default=0)
    amount_before = models.DecimalField(**_AMOUNT)
    squares_before = models.DecimalField(**_SQUARES)
    due_date = models.DateField(null=True)
    counted_at = models.DateTimeField(_("counted at"), null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="effect_day_once", fields=["campaign", "entered_date", "is_held"]
            ),
            models.CheckConstraint(
                name="effect_day_parts",
                condition=Q(
                    converted__lte=F("people"), active__lte=F("people"), payers__lte=F("people"),
                    active_before__lte=F("people"), payers_before__lte=F("people"),
                    squares__gte=0, capped_squares__gte=0, squares_before__gte=0,
                    control_percent__lte=50,
                ),
            ),
            models.CheckConstraint(
                name="effect_day_ripens",
                condition=Q(is_ripe=True)
                | Q(converted=0, active=0, payers=0, amount=0, squares=0, capped_amount=0,
                    capped_squares=0),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(
                name="effect_day_due", fields=["due_date"], condition=Q(due_date__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.entered_date} {self.is_held}"


class EffectLook(models.Model):
    """What a look on a day found of a measure: both sides, the difference with the interval that
    holds at every look (`low`, `high`) and with the one that it would have as the only look, and
    the lift relative to the control group. Added to only."""

    campaign = models.ForeignKey(
        "campaigns.Campaign", models.PROTECT, related_name="+", db_index=False
    )
    on_date = models.DateField(_("day"))
    measure = models.CharField(_("measure"), max_length=10, choices=Measure.choices)
    reached_people = models.PositiveIntegerField(_("people"))
    held_people = models.PositiveIntegerField(_("control group"))
    reached = models.FloatField(_("for whom it was"))
    held = models.FloatField(_("control group"))
    by = models.FloatField(_("difference"))
    low = models.FloatField(_("lower end"))
    high = models.FloatField(_("upper end"))
    once_low = models.FloatField()
    once_high = models.FloatField()
    relative = models.FloatField(null=True)
    relative_low = models.FloatField(null=True)
    relative_high = models.FloatField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="effect_look_once", fields=["campaign", "measure", "on_date"]
            ),
            models.CheckConstraint(
                name="effect_look_within",
                condition=Q(
                    low__lte=F("once_low"), once_low__lte=F("by"), once_high__gte=F("by"),
                    high__gte=F("once_high"),
                ),
            ),
            models.CheckConstraint(
                name="effect_look_measure_known", condition=Q(measure__in=Measure.values)
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.measure} {self.on_date}"

    @property
    def is_shown(self) -> bool:
        """Whether chance alone does not explain it, at this look and at all others."""
        return self.low > 0 or self.high < 0
