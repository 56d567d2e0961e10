"""Scorecards: measures with weights, which pay follows from, and the rule that weighs them."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from journeys.targets.enums import CardState, MeasureKind
from journeys.targets.rules import measures, paying


class ScorecardRule(models.Model):
    """From a day on: by how many points compliance and risk must each be above every other kind of
    measure; for how many months after its issue a card may take back what it brought, and after how
    many days without use it does; and on which day of the next month a month is closed. Added to
    only."""

    effective_date = models.DateField(_("in force from"), unique=True)
    margin = models.DecimalField(
        _("points by which compliance and risk lead"), max_digits=5, decimal_places=2
    )
    hold_months = models.PositiveSmallIntegerField(_("months in which a card may take back"))
    unused_days = models.PositiveSmallIntegerField(_("days after which a card counts as unused"))
    settle_day = models.PositiveSmallIntegerField(_("day of the next month that closes a month"))
    source = models.TextField(_("source of the rule"))

    class Meta:
        verbose_name = _("rule of scorecards")
        verbose_name_plural = _("rules of scorecards")
        constraints = [
            models.CheckConstraint(
                name="scorecard_rule_bounds",
                condition=Q(
                    margin__gt=0, margin__lte=50, hold_months__range=(1, 36),
                    unused_days__range=(1, 1100), settle_day__range=(1, 28),
                )
                & ~Q(source=""),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.effective_date)

    def clean(self) -> None:
        """What was earned is taken back by the rule that was known then; a trigger holds it."""
        from journeys.targets.models.pay import PayEntry

        if self.effective_date is None:
            return
        booked = PayEntry.objects.filter(pay_month__gte=self.effective_date).order_by("-pay_month")
        last = booked.first()
        if last is not None:
            sentence = _("Pay of %(month)s is booked by the rule before: choose a later day.")
            told = sentence % {"month": f"{last.pay_month:%Y-%m}"}
            raise ValidationError({"effective_date": told})


class Scorecard(models.Model):
    """What the telemarketers of a branch and of those below it are measured by, from a month on,
    until another one begins; a branch with none of its own follows the nearest one above. A point
    is worth `point_value` (CNY). Once submitted it never changes: triggers hold that. They also
    hold, at the end of each transaction, that its weights are what the supervisor asks for."""

    name = models.CharField(_("name"), max_length=80)
    branch = models.ForeignKey("portal.Branch", models.PROTECT, related_name="+")
    owner = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+", db_index=False)
    version = models.PositiveSmallIntegerField(_("version"))
    first_date = models.DateField(_("in force from"))
    point_value = models.DecimalField(_("a point (CNY)"), max_digits=10, decimal_places=2)
    reason = models.CharField(_("reason"), max_length=300)
    state = models.CharField(
        _("state"), max_length=8, choices=CardState.choices, default=CardState.DRAFT
    )
    submission = models.OneToOneField(
        "portal.Submission", models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        constraints = [
            models.UniqueConstraint(name="scorecard_version_once", fields=["branch", "version"]),
            models.UniqueConstraint(
                name="scorecard_one_from_a_day",
                fields=["branch", "first_date"],
                condition=Q(state=CardState.APPROVED),
            ),
            models.CheckConstraint(name="scorecard_said", condition=~Q(name="") & ~Q(reason="")),
            models.CheckConstraint(
                name="scorecard_state_known", condition=Q(state__in=CardState.values)
            ),
            models.CheckConstraint(name="scorecard_from_a_month", condition=Q(first_date__day=1)),
            models.CheckConstraint(
                name="scorecard_point_has_value",
                condition=Q(point_value__gt=0, point_value__lte=10_000),
            ),
            models.CheckConstraint(
                name="scorecard_submitted",
                condition=Q(state=CardState.DRAFT) | Q(submission__isnull=False),
            ),
        ]
        indexes = [models.Index(name="scorecard_newest", fields=["-first_date", "-id"])]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        return f"SC{self.pk:06d}"

    @property
    def is_draft(self) -> bool:
        return self.state == CardState.DRAFT

    @property
    def is_waiting(self) -> bool:
        return self.state == CardState.WAITING

    @property
    def is_approved(self) -> bool:
        return self.state == CardState.APPROVED


class ScorecardMeasure(models.Model):
    """A measure of a scorecard. `kind` is that of the measure on the day of writing. What is below
    `floor` (% of the goal) counts as nothing, above `cap` as the cap; `unknown` counts where
    nothing is known of the measure. `goal` is that of a month, where no approved target says
    another."""

    scorecard = models.ForeignKey(Scorecard, models.PROTECT, related_name="measures")
    measure = models.CharField(_("measure"), max_length=40)
    kind = models.CharField(max_length=12, choices=MeasureKind.choices)
    weight = models.DecimalField(_("weight (%)"), max_digits=5, decimal_places=2)
    goal = models.DecimalField(_("goal of a month"), max_digits=14, decimal_places=2)
    floor = models.PositiveSmallIntegerField(_("counts from (% of the goal)"), default=0)
    cap = models.PositiveSmallIntegerField(_("counts up to (% of the goal)"), default=120)
    unknown = models.PositiveSmallIntegerField(_("where nothing is known (%)"), default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="scorecard_measure_once", fields=["scorecard", "measure"]
            ),
            models.CheckConstraint(
                name="scorecard_measure_known",
                condition=Q(kind__in=MeasureKind.values) & ~Q(measure=""),
            ),
            models.CheckConstraint(
                name="scorecard_measure_bounds",
                condition=Q(
                    weight__gt=0, weight__lte=100, goal__gte=0, floor__lte=100,
                    cap__range=(100, 300), unknown__lte=100,
                ),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.scorecard_id} {self.measure}"

    @property
    def of_measure(self) -> measures.Measure | None:
        """Its measure, None where the book has it no more."""
        return measures.find_measure(self.measure)

    @property
    def name(self) -> str:
        found = self.of_measure
        return str(found.name) if found else self.measure

    @property
    def line(self) -> paying.Line:
        """What pay is worked out from."""
        found = self.of_measure
        return paying.Line(
            code=self.measure, name=self.name, weight=self.weight, goal=self.goal,
            floor=Decimal(self.floor), cap=Decimal(self.cap), unknown=Decimal(self.unknown),
            is_less_better=bool(found and found.is_less_better),
        )  # fmt: skip
