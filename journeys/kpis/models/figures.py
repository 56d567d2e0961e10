"""The ledger of daily figures: what each day came to, and when that became known."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from journeys.kpis.enums import IssueSource, Measure
from journeys.kpis.rules import Cutoff


class CutoffRule(models.Model):
    """From a day on: when a day's first figures are taken, and when on the next day its report is
    closed. What becomes known later restates it, with a mark. Added to only."""

    effective_date = models.DateField(_("in force from"), unique=True)
    cutoff_time = models.TimeField(_("cut-off of the day"))
    closed_time = models.TimeField(_("closed on the next day at"))
    source = models.TextField(_("source of the rule"))

    class Meta:
        verbose_name = _("cut-off of reports")
        verbose_name_plural = _("cut-offs of reports")
        constraints = [
            models.CheckConstraint(name="cutoff_rule_has_source", condition=~Q(source="")),
        ]

    def __str__(self) -> str:
        return str(self.effective_date)

    @property
    def cutoff(self) -> Cutoff:
        return Cutoff(self.cutoff_time, self.closed_time)


class FigureDay(models.Model):
    """A day with its instants by the rule that was in force then: a later rule moves no report that
    was closed. Noted on the day itself; one of before figures were kept is closed with its first
    count. Never changed."""

    day = models.DateField(_("day"), primary_key=True)
    cutoff_at = models.DateTimeField(_("cut-off"))
    closed_at = models.DateTimeField(_("closed at"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="figure_day_closes_after_cutoff", condition=Q(closed_at__gt=F("cutoff_at"))
            ),
        ]

    def __str__(self) -> str:
        return str(self.day)


class FigureEntry(models.Model):
    """By how much the figures of a day moved, for one branch, team, person, product and source,
    and when that became known (`known_at`). Added to only: the figure as known at an instant is
    the sum of the entries before it, so that no two rows can claim the same time.

    `team` collected the lead of which an application came; `person` called it last before, or
    collected it where nobody called; both are empty where it is not known.
    """

    day = models.ForeignKey(FigureDay, models.PROTECT, related_name="entries", db_index=False)
    branch = models.ForeignKey("portal.Branch", models.PROTECT, related_name="+", db_index=False)
    team = models.ForeignKey(
        "portal.Team", models.PROTECT, null=True, related_name="+", db_index=False
    )
    person = models.ForeignKey(
        "portal.Staff", models.PROTECT, null=True, related_name="+", db_index=False
    )
    product = models.ForeignKey(
        "journeys.CardProduct", models.PROTECT, related_name="+", db_index=False
    )
    source = models.CharField(_("source"), max_length=16, choices=IssueSource.choices)
    filed = models.IntegerField(Measure.FILED.label, default=0)
    approved = models.IntegerField(Measure.APPROVED.label, default=0)
    refused = models.IntegerField(Measure.REFUSED.label, default=0)
    withdrawn = models.IntegerField(Measure.WITHDRAWN.label, default=0)
    issued = models.IntegerField(Measure.ISSUED.label, default=0)
    supplementary = models.IntegerField(Measure.SUPPLEMENTARY.label, default=0)
    activated = models.IntegerField(Measure.ACTIVATED.label, default=0)
    known_at = models.DateTimeField(_("known at"))

    class Meta:
        constraints = [
            # Also what the figures of days are found by.
            models.UniqueConstraint(
                name="figure_entry_once",
                fields=["day", "known_at", "branch", "team", "person", "product", "source"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="figure_entry_source_known", condition=Q(source__in=IssueSource.values)
            ),
            models.CheckConstraint(
                name="figure_entry_says_something",
                condition=~Q(
                    filed=0, approved=0, refused=0, withdrawn=0, issued=0, supplementary=0,
                    activated=0,
                ),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.day_id} {self.branch_id}"


class FigureMark(models.Model):
    """Facts of this day were written. Triggers add marks with the facts; whoever has counted the
    day takes them away."""

    day = models.DateField()

    class Meta:
        indexes = [models.Index(name="figure_mark_of_day", fields=["day"])]

    def __str__(self) -> str:
        return str(self.day)
