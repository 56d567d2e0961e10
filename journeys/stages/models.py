"""Where each customer stands on the journey: derived from applications, cards and points."""

import datetime as dt
from dataclasses import dataclass

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from journeys.stages.enums import JourneyStage, JourneyStep, Reached
from journeys.stages.rules import NO_MONTH


def _at(stage: JourneyStage, *steps: JourneyStep, reached: str, before: str = "") -> Q:
    """Rows at these steps have the day `reached`, and not yet the day `before`."""
    found = Q(stage=stage, step__in=steps, **{f"{reached}__isnull": False})
    return found & Q(**{before: None}) if before else found


@dataclass(frozen=True)
class WayStep:
    """One step of a customer's way; `day` is None where it is not reached or has no day of its
    own, `days` where the way to it is not known."""

    name: str
    is_reached: bool
    day: dt.date | None
    days: int | None
    is_latest: bool


class CustomerStage(models.Model):
    """A customer's stage and step, with the day of every step reached.

    It follows from the facts and is written by `journeys.stages.operations` and by imports alone.
    `undated` has a bit for each step, in order, that is known only because a later one was
    reached: its day is that later one's, and no time is measured from or to it.
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
    undated = models.PositiveSmallIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="stage_undated_before_latest",
                condition=Q(undated=0)
                | Q(undated__lt=2, application_date__isnull=False)
                | Q(undated__lt=4, issued_date__isnull=False)
                | Q(undated__lt=8, activated_date__isnull=False)
                | Q(undated__lt=16, used_date__isnull=False)
                | Q(undated__lt=32, loyalty_date__isnull=False),
            ),
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
                    JourneyStep.FILED, JourneyStep.SUPPLEMENTED, JourneyStep.APPROVED,
                    JourneyStep.ENDED,
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

    # Django's get_.._display translates every choice anew for each row of a list.
    @property
    def stage_label(self) -> str:
        """The stage in words."""
        return str(JourneyStage(self.stage).label)

    @property
    def step_label(self) -> str:
        """The step in words."""
        return str(JourneyStep(self.step).label)

    def _told(self, number: int) -> str | None:
        """What is said in place of a step's day that is not its own."""
        return str(_("day not known")) if self.undated >> number & 1 else None

    told_awareness_date = property(lambda self: self._told(0))
    told_application_date = property(lambda self: self._told(1))
    told_issued_date = property(lambda self: self._told(2))
    told_activated_date = property(lambda self: self._told(3))
    told_used_date = property(lambda self: self._told(4))

    @property
    def way(self) -> list["WayStep"]:
        """All steps in order, each with its day, where it was reached and has one of its own, and
        the days that it took since the step before."""
        reached: list[dt.date | None] = [getattr(self, step.value) for step in Reached]
        days = [None if self.undated >> n & 1 else day for n, day in enumerate(reached)]
        latest = sum(day is not None for day in reached) - 1
        return [
            WayStep(
                name=str(step.label),
                is_reached=number <= latest,
                day=day,
                days=(day - before).days if number and day and before else None,
                is_latest=number == latest,
            )
            for number, (step, before, day) in enumerate(
                zip(Reached, [None, *days], days, strict=False)
            )
        ]


class StageCount(models.Model):
    """How the customers of one group came to one step: the days since the step before, ascending,
    last NULL for those who reached it in a time not known, and for each how many they are. Step 0
    is the entry, which takes no days; steps beyond the last are those of `rules.STANDING`.

    Groups are made at a few levels. `level` is the sum of what is told apart (`rules.LEVELS`):
    branch 1, product 2, month of entry 4. What a level does not tell apart has the key 0, or
    NO_MONTH; so has, of products, nothing applied for yet. Triggers keep the counts with every
    change of CustomerStage, so that a funnel over a million customers reads few rows.
    """

    level = models.PositiveSmallIntegerField()
    branch_key = models.PositiveBigIntegerField()
    product_key = models.PositiveBigIntegerField()
    month = models.DateField()
    step = models.PositiveSmallIntegerField()
    days = ArrayField(models.PositiveIntegerField(null=True))
    customers = ArrayField(models.PositiveIntegerField())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="stage_count_once",
                fields=["level", "branch_key", "product_key", "month", "step"],
            ),
            models.CheckConstraint(
                name="stage_count_is_some",
                condition=Q(step__lte=8, days__len__gte=1, customers__len=F("days__len")),
            ),
            models.CheckConstraint(
                name="stage_count_of_somebody",
                condition=Func(
                    F("customers"), template="(1 <= ALL (%(expressions)s))",
                    output_field=models.BooleanField(),
                ),
            ),
            models.CheckConstraint(
                name="stage_count_keys_follow_level",
                condition=Q(level=0, branch_key=0, product_key=0, month=NO_MONTH)
                | Q(level=1, branch_key__gt=0, product_key=0, month=NO_MONTH)
                | Q(level=2, branch_key=0, month=NO_MONTH)
                | Q(level=3, branch_key__gt=0, month=NO_MONTH)
                | Q(level=4, branch_key=0, product_key=0, month__gt=NO_MONTH)
                | Q(level=6, branch_key=0, month__gt=NO_MONTH),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.level} {self.step}: {sum(self.customers)}"
