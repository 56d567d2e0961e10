"""Calls that are read for their quality: what is drawn, who read it, and what came of a dispute.

Rows are only added (triggers refuse update and delete); a case alone follows its readings, and its
own trigger lets nothing else write it.
"""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from journeys.telemarketing.enums import QualityReason, QualityVerdict
from portal.kit import languages, masking
from portal.kit.personal import said


class QualityPolicy(models.Model):
    """How many calls of a branch's day are read, from a day on; the latest that has come is in
    force for the whole bank."""

    effective_date = models.DateField(_("in force from"))
    random_percent = models.PositiveSmallIntegerField(_("calls drawn at random, of 100"))
    random_least = models.PositiveSmallIntegerField(_("of a branch's day at least"))
    random_most = models.PositiveSmallIntegerField(_("of a branch's day at most"))
    risk_most = models.PositiveSmallIntegerField(_("calls drawn by risk at most"))
    short_seconds = models.PositiveSmallIntegerField(_("seconds below which a call is short"))
    sale_seconds = models.PositiveSmallIntegerField(_("seconds below which a sale is quick"))
    new_days = models.PositiveSmallIntegerField(_("days for which a caller is new"))
    second_percent = models.PositiveSmallIntegerField(_("cases with a second reader, of 100"))
    dispute_days = models.PositiveSmallIntegerField(_("days to dispute a result"))
    source = models.CharField(_("source of the rule"), max_length=200)
    set_by = models.ForeignKey(
        "portal.Staff", models.PROTECT, null=True, related_name="+", db_index=False
    )
    set_at = models.DateTimeField()

    class Meta:
        verbose_name = _("policy of calls that are read")
        verbose_name_plural = _("policies of calls that are read")
        constraints = [
            models.UniqueConstraint(name="quality_policy_once", fields=["effective_date"]),
            models.CheckConstraint(
                name="quality_policy_bounds",
                condition=Q(
                    random_percent__lte=100, random_least__lte=F("random_most"),
                    random_most__lte=500, risk_most__lte=500, short_seconds__lte=600,
                    sale_seconds__lte=3600, new_days__lte=365, second_percent__lte=100,
                    dispute_days__range=(1, 90),
                ) & ~Q(source=""),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.effective_date}"


class QualityForm(models.Model):
    """What is looked at in a call, from a day on: `criteria` is a list of {code, name, name_en,
    weight, grave}, which a trigger checks. Whoever misses a grave one has failed, whatever the
    score."""

    effective_date = models.DateField(_("in force from"))
    criteria = models.JSONField(_("criteria"))
    source = models.CharField(_("source of the rule"), max_length=200)
    set_by = models.ForeignKey(
        "portal.Staff", models.PROTECT, null=True, related_name="+", db_index=False
    )
    set_at = models.DateTimeField()

    class Meta:
        verbose_name = _("form of calls that are read")
        verbose_name_plural = _("forms of calls that are read")
        constraints = [
            models.UniqueConstraint(name="quality_form_once", fields=["effective_date"]),
            models.CheckConstraint(name="quality_form_has_source", condition=~Q(source="")),
        ]

    def __str__(self) -> str:
        return f"{self.effective_date}"

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The criteria, each with its `label` in the reader's language."""
        name = "name_en" if languages.reads_english() else "name"
        return [{**one, "label": one[name]} for one in self.criteria]


class QualityDraw(models.Model):
    """That calls of a branch's day were drawn: from which (`holds`), by which policy, and the seed
    by which anybody can draw them again (`rules.drawn`)."""

    branch = models.ForeignKey("portal.Branch", models.PROTECT, related_name="+", db_index=False)
    called_date = models.DateField(_("calls of"))
    seed = models.CharField(max_length=32)
    policy = models.ForeignKey(QualityPolicy, models.PROTECT, related_name="+", db_index=False)
    form = models.ForeignKey(QualityForm, models.PROTECT, related_name="+", db_index=False)
    holds = models.JSONField()
    calls = models.PositiveIntegerField(_("calls of the day"))
    random = models.PositiveIntegerField(_("drawn at random"))
    by_risk = models.PositiveIntegerField(_("drawn by risk"))
    drawn_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="quality_draw_once", fields=["branch", "called_date"]),
            models.CheckConstraint(
                name="quality_draw_of_the_calls",
                condition=Q(calls__gte=F("random") + F("by_risk")) & Q(calls__gte=1),
            ),
            models.CheckConstraint(
                name="quality_draw_has_seed", condition=Q(seed__regex=r"^[0-9a-f]{32}$")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.branch_id} {self.called_date}"


class QualityCase(models.Model):
    """A call that was drawn, and why. `readings` counts its reviews, and `closed_at` is when the
    last one that it needs came in."""

    draw = models.ForeignKey(QualityDraw, models.PROTECT, related_name="cases")
    hold = models.ForeignKey("journeys.LeadHold", models.PROTECT, related_name="+", db_index=False)
    branch = models.ForeignKey("portal.Branch", models.PROTECT, related_name="+", db_index=False)
    caller = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+", db_index=False)
    called_at = models.DateTimeField(_("called at"))
    reason = models.CharField(_("reason"), max_length=20, choices=QualityReason.choices)
    wants = models.PositiveSmallIntegerField(_("readers it needs"), default=1)
    readings = models.PositiveSmallIntegerField(default=0)
    closed_at = models.DateTimeField(_("read at"), null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="quality_case_once", fields=["hold"]),
            models.CheckConstraint(
                name="quality_case_reason_known", condition=Q(reason__in=QualityReason.values)
            ),
            models.CheckConstraint(
                name="quality_case_wants_one_or_two", condition=Q(wants__range=(1, 2))
            ),
            models.CheckConstraint(
                name="quality_case_closes_with_the_last",
                condition=Q(closed_at=None, readings__lt=F("wants"))
                | Q(closed_at__isnull=False, readings=F("wants")),
            ),
        ]
        indexes = [
            models.Index(
                name="quality_case_open",
                fields=["branch", "called_at"],
                condition=Q(closed_at=None),
            ),
            models.Index(
                name="quality_case_closed",
                fields=["branch", "closed_at"],
                condition=Q(closed_at__isnull=False),
            ),
            models.Index(
                name="quality_case_of_caller",
                fields=["caller", "-closed_at"],
                condition=Q(closed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class QualityReview(models.Model):
    """What one reader found in a call: `marks` by the codes of the draw's form. A trigger fills in
    number, caller, score and whether a grave criterion was missed, and refuses readers who may not
    be."""

    case = models.ForeignKey(QualityCase, models.PROTECT, related_name="reviews", db_index=False)
    number = models.PositiveSmallIntegerField(default=0)
    reader = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+", db_index=False)
    caller = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+", db_index=False)
    marks = models.JSONField(_("marks"))
    score = models.PositiveSmallIntegerField(_("score"), null=True)
    missed_grave = models.BooleanField(default=False)
    words = models.TextField(_("words"), blank=True, default="")
    at = models.DateTimeField(_("read at"))

    class Meta:
        constraints = [
            models.UniqueConstraint(name="quality_review_once", fields=["case", "number"]),
            models.UniqueConstraint(name="quality_review_by_two", fields=["case", "reader"]),
            models.CheckConstraint(
                name="quality_reader_is_not_caller", condition=~Q(reader=F("caller"))
            ),
            models.CheckConstraint(
                name="quality_review_score_of_100", condition=Q(score=None) | Q(score__lte=100)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.number}"

    @property
    def shown_words(self) -> str:
        """The reader's words, numbers and addresses masked."""
        return said(masking.mask_text(self.words))


class QualityDispute(models.Model):
    """That the caller disputes the result of a call, once, in words, within the policy's days."""

    case = models.OneToOneField(QualityCase, models.PROTECT, related_name="dispute")
    by = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+", db_index=False)
    words = models.TextField(_("words"))
    at = models.DateTimeField(_("disputed at"))

    class Meta:
        constraints = [
            models.CheckConstraint(name="quality_dispute_has_words", condition=~Q(words="")),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}"

    @property
    def shown_words(self) -> str:
        """The caller's words, numbers and addresses masked."""
        return said(masking.mask_text(self.words))


class QualityDecision(models.Model):
    """What somebody of compliance who read nothing of it decided about a dispute, once."""

    dispute = models.OneToOneField(QualityDispute, models.PROTECT, related_name="decision")
    by = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+", db_index=False)
    verdict = models.CharField(_("verdict"), max_length=10, choices=QualityVerdict.choices)
    words = models.TextField(_("words"))
    at = models.DateTimeField(_("decided at"))

    class Meta:
        constraints = [
            models.CheckConstraint(name="quality_decision_has_words", condition=~Q(words="")),
            models.CheckConstraint(
                name="quality_decision_known", condition=Q(verdict__in=QualityVerdict.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dispute_id}"

    @property
    def shown_words(self) -> str:
        """The words of who decided, numbers and addresses masked."""
        return said(masking.mask_text(self.words))
