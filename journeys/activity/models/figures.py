"""Figures by day, branch and product: what pages read."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from journeys.activity.enums import CountKind, Proved
from journeys.activity.models.settings import ActiveDefinition, SleepRule


class ActivityCount(models.Model):
    """That the figures of a day, or of the cards issued in a month, were counted, and when; stale
    where facts that came later change them, which the next count makes good."""

    kind = models.CharField(max_length=8, choices=CountKind.choices)
    day = models.DateField()
    is_stale = models.BooleanField(default=False)
    counted_at = models.DateTimeField(null=True)
    # When it was counted once more, after facts that came late.
    again_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="activity_count_once", fields=["kind", "day"]),
            models.CheckConstraint(
                name="activity_count_cohort_is_a_month",
                condition=~Q(kind=CountKind.COHORT) | Q(day__day=1),
            ),
            models.CheckConstraint(
                name="activity_count_is_due_or_done",
                condition=Q(is_stale=True) | Q(counted_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.day}"


class ActivityDay(models.Model):
    """At the end of a day: how many cards a branch has of a product by a definition, and how many
    of them were used in its window. Customers have no product."""

    day = models.DateField(_("day"))
    definition = models.ForeignKey(
        ActiveDefinition, models.PROTECT, related_name="+", db_index=False
    )
    branch = models.ForeignKey("portal.Branch", models.PROTECT, related_name="+", db_index=False)
    product = models.ForeignKey(
        "journeys.CardProduct", models.PROTECT, null=True, related_name="+", db_index=False
    )
    cards = models.PositiveIntegerField(_("issued"))
    used = models.PositiveIntegerField(_("in use"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="activity_day_once", fields=["definition", "day", "branch", "product"],
                nulls_distinct=False, include=["cards", "used"],
            ),
            models.CheckConstraint(name="activity_day_part", condition=Q(cards__gte=F("used"))),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.day} {self.branch_id} {self.product_id}: {self.used} / {self.cards}"


class SleepDay(models.Model):
    """At the end of a day: how many cards a branch has of a product that the limit counts, how many
    of them are asleep, and how many will be within 30, 60 and 90 days if they are not used. Without
    a `rule` the usual limits held."""

    day = models.DateField(_("day"))
    rule = models.ForeignKey(SleepRule, models.PROTECT, null=True, related_name="+", db_index=False)
    branch = models.ForeignKey("portal.Branch", models.PROTECT, related_name="+", db_index=False)
    product = models.ForeignKey(
        "journeys.CardProduct", models.PROTECT, related_name="+", db_index=False
    )
    cards = models.PositiveIntegerField(_("cards"))
    asleep = models.PositiveIntegerField(_("asleep"))
    due_30 = models.PositiveIntegerField()
    due_60 = models.PositiveIntegerField()
    due_90 = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="sleep_day_once", fields=["day", "branch", "product"],
                include=["cards", "asleep"],
            ),
            models.CheckConstraint(
                name="sleep_day_parts",
                condition=Q(
                    cards__gte=F("asleep") + F("due_90"), due_60__lte=F("due_90"),
                    due_30__lte=F("due_60"),
                ),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.day} {self.branch_id} {self.product_id}: {self.asleep} / {self.cards}"


class SleepFlow(models.Model):
    """What became of cards in the `days` before a day: of those due to fall asleep in them, how
    many woke before; of those asleep, how many left sleep (were `roused`). Kept of the latest day
    alone."""

    day = models.DateField()
    days = models.PositiveSmallIntegerField()
    branch = models.ForeignKey("portal.Branch", models.PROTECT, related_name="+", db_index=False)
    product = models.ForeignKey(
        "journeys.CardProduct", models.PROTECT, related_name="+", db_index=False
    )
    due = models.PositiveIntegerField()
    woke = models.PositiveIntegerField()
    asleep = models.PositiveIntegerField()
    roused = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="sleep_flow_once", fields=["day", "days", "branch", "product"]
            ),
            models.CheckConstraint(
                name="sleep_flow_parts", condition=Q(due__gte=F("woke"), asleep__gte=F("roused"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.days}"


class CohortMonth(models.Model):
    """Of the cards that a branch issued of a product in a month: how many were used within 30, 65
    and 90 days after the day of issue, by all that is known."""

    month = models.DateField(_("month of issue"))
    branch = models.ForeignKey("portal.Branch", models.PROTECT, related_name="+", db_index=False)
    product = models.ForeignKey(
        "journeys.CardProduct", models.PROTECT, related_name="+", db_index=False
    )
    cards = models.PositiveIntegerField(_("cards issued"))
    used_30 = models.PositiveIntegerField()
    used_65 = models.PositiveIntegerField()
    used_90 = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="cohort_month_once", fields=["month", "branch", "product"]
            ),
            models.CheckConstraint(
                name="cohort_month_parts",
                condition=Q(
                    cards__gte=F("used_90"), used_90__gte=F("used_65"), used_65__gte=F("used_30")
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.branch_id} {self.product_id}"


class ActivityProof(models.Model):
    """That figures of a day were counted from the transactions themselves, how many rows were
    compared, and what differed. Added to only."""

    day = models.DateField(_("day"))
    about = models.CharField(_("figures"), max_length=8, choices=Proved.choices)
    at = models.DateTimeField(_("compared at"))
    compared = models.PositiveIntegerField(_("rows compared"))
    differing = models.PositiveIntegerField(_("rows that differ"))
    # The first of them: {"branch", "product", "kept", "counted"}.
    differences = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="activity_proof_part", condition=Q(compared__gte=F("differing"))
            ),
        ]
        indexes = [models.Index(name="activity_proof_day", fields=["day", "about"])]

    def __str__(self) -> str:
        return f"{self.day} {self.about}"
