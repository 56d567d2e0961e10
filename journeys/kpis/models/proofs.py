"""Whether the figures are what a full recount says."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from journeys.kpis.enums import IssueSource, Measure, Verdict


class FigureProof(models.Model):
    """A full recount of all facts against the figures: how many days it covered, and how many
    figures differ. It repairs nothing."""

    at = models.DateTimeField(_("at"))
    days = models.PositiveIntegerField(_("days"))
    gaps = models.PositiveIntegerField(_("figures that differ"))
    verdict = models.CharField(_("verdict"), max_length=8, choices=Verdict.choices)
    is_newest = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="figure_proof_verdict_agrees",
                condition=Q(verdict=Verdict.HOLDS, gaps=0) | Q(verdict=Verdict.DIFFERS, gaps__gt=0),
            ),
            models.UniqueConstraint(
                name="figure_proof_one_newest", fields=["is_newest"], condition=Q(is_newest=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at} {self.verdict}"

    @property
    def holds(self) -> bool:
        return self.verdict == Verdict.HOLDS


class FigureGap(models.Model):
    """A figure of a proof that differs: what the ledger says (`kept`), and what the facts say
    (`counted`). Never changed."""

    proof = models.ForeignKey(FigureProof, models.PROTECT, related_name="found", db_index=False)
    day = models.DateField(_("day"))
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
    measure = models.CharField(_("figure"), max_length=16, choices=Measure.choices)
    kept = models.IntegerField(_("in the ledger"))
    counted = models.IntegerField(_("by the recount"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="figure_gap_once",
                fields=[
                    "proof", "day", "branch", "team", "person", "product", "source", "measure",
                ],
                nulls_distinct=False,
            ),
            models.CheckConstraint(name="figure_gap_differs", condition=~Q(kept=F("counted"))),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.day} {self.measure}"
