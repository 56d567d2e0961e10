"""Where each customer stands on the journey: derived from applications, cards and points."""

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from journeys.stages.enums import JourneyStage, JourneyStep, Reached


def _at(stage: JourneyStage, *steps: JourneyStep, reached: str, before: str = "") -> Q:
    """Rows at these steps have the day `reached`, and not yet the day `before`."""
    found = Q(stage=stage, step__in=steps, **{f"{reached}__isnull": False})
    return found & Q(**{before: None}) if before else found


class CustomerStage(models.Model):
    """A customer's stage and step, with the day of every step reached.

    It follows from the facts and is written by `journeys.stages.operations` and by imports alone.
    Branch and product (of the first application or card) stand here so that the funnel reads one
    narrow table.
    """

    customer = models.OneToOneField(
        "journeys.Customer", models.CASCADE, primary_key=True, related_name="journey"
    )
    branch = models.ForeignKey("portal.Branch", models.PROTECT, related_name="+")
    product = models.ForeignKey(
        "journeys.CardProduct", models.PROTECT, null=True, related_name="+", db_index=False
    )
    stage = models.CharField(_("stage"), max_length=12, choices=JourneyStage.choices)
    step = models.CharField(_("step"), max_length=12, choices=JourneyStep.choices)
    since_date = models.DateField(_("since"))
    awareness_date = models.DateField()
    application_date = models.DateField(null=True)
    issued_date = models.DateField(null=True)
    activated_date = models.DateField(null=True)
    used_date = models.DateField(null=True)
    loyalty_date = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="stage_days_in_order",
                condition=Q(application_date__gte=F("awareness_date"))
                & Q(issued_date__gte=F("application_date"))
                & Q(activated_date__gte=F("issued_date"))
                & Q(used_date__gte=F("activated_date"))
                & Q(loyalty_date__gte=F("used_date")),
            ),
            models.CheckConstraint(
                name="stage_days_without_gap",
                condition=(Q(loyalty_date=None) | Q(used_date__isnull=False))
                & (Q(used_date=None) | Q(activated_date__isnull=False))
                & (Q(activated_date=None) | Q(issued_date__isnull=False))
                & (Q(issued_date=None) | Q(application_date__isnull=False)),
            ),
            models.CheckConstraint(
                name="stage_step_follows_days",
                condition=_at(
                    JourneyStage.AWARENESS, JourneyStep.REGISTERED,
                    reached="awareness_date", before="application_date",
                )
                | _at(
                    JourneyStage.APPLICATION,
                    JourneyStep.FILED, JourneyStep.APPROVED, JourneyStep.ENDED,
                    reached="application_date", before="issued_date",
                )
                | _at(
                    JourneyStage.ACTIVATION, JourneyStep.ISSUED,
                    reached="issued_date", before="activated_date",
                )
                | _at(
                    JourneyStage.ACTIVATION, JourneyStep.ACTIVATED,
                    reached="activated_date", before="used_date",
                )
                | _at(
                    JourneyStage.ACTIVATION, JourneyStep.USED,
                    reached="used_date", before="loyalty_date",
                )
                | _at(JourneyStage.LOYALTY, JourneyStep.REDEEMED, reached="loyalty_date"),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(name="stage_by_entry", fields=["awareness_date"]),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.step}"

    # Django's own way translates every choice anew for each row of a list.
    def get_stage_display(self) -> str:  # type: ignore[no-redef]
        """The stage in words."""
        return str(JourneyStage(self.stage).label)

    def get_step_display(self) -> str:  # type: ignore[no-redef]
        """The step in words."""
        return str(JourneyStep(self.step).label)

    @property
    def reached(self) -> list[tuple[str, dt.date]]:
        """The steps that were reached, each with its day, in order."""
        days = [(str(step.label), getattr(self, step.value)) for step in Reached]
        return [(name, day) for name, day in days if day is not None]


class StageCount(models.Model):
    """How many customers of a branch, product and month of entry took so many days from the step
    before to this one; step 0 is the entry. Triggers keep it with every change of CustomerStage,
    so that a funnel over a million customers reads few rows.
    """

    branch = models.ForeignKey("portal.Branch", models.PROTECT, related_name="+", db_index=False)
    product = models.ForeignKey(
        "journeys.CardProduct", models.PROTECT, null=True, related_name="+", db_index=False
    )
    month = models.DateField()
    step = models.PositiveSmallIntegerField()
    days = models.PositiveIntegerField()
    customers = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="stage_count_once",
                fields=["branch", "month", "step", "days", "product"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="stage_count_is_some", condition=Q(customers__gte=1, step__lte=5)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.step}: {self.customers}"
