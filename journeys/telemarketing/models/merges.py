"""Leads that are of one person or company, or may be."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from journeys.telemarketing.enums import LeadState, MergeSign


class LeadMerge(models.Model):
    """That one lead turned out to be of the person or company of another, which is kept. `by` is
    nobody where the phone alone said so when the lead came; `taken` is what the kept one took over,
    so that it can be undone, once. A trigger fills in how the merged one stood, and lets it go out
    of the pool and come back as it was by its moves alone (`MovePath.MERGE`, `UNMERGE`)."""

    kept = models.ForeignKey("journeys.Lead", models.PROTECT, related_name="merges")
    merged = models.ForeignKey("journeys.Lead", models.PROTECT, related_name="merged_by")
    sign = models.CharField(max_length=8, choices=MergeSign.choices)
    reason = models.CharField(_("reason"), max_length=200, blank=True, default="")
    by = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    taken = models.JSONField(default=dict)
    owner = models.ForeignKey(
        "portal.Staff", models.PROTECT, null=True, related_name="+", db_index=False
    )
    state = models.CharField(max_length=8, choices=LeadState.choices, default=LeadState.NEW)
    protected_until = models.DateTimeField(null=True)
    protected_at_most = models.DateTimeField(null=True)
    undone_by = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undo_reason = models.CharField(_("why it was undone"), max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="lead_merge_once", fields=["merged"], condition=Q(undone_at=None)
            ),
            models.CheckConstraint(name="lead_merge_of_two", condition=~Q(kept=F("merged"))),
            models.CheckConstraint(
                name="lead_merge_says_why",
                condition=Q(by=None, sign=MergeSign.PHONE)
                | Q(by__isnull=False, sign__in=MergeSign.values) & ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="lead_merge_undone_says_all",
                condition=Q(undone_at=None, undone_by=None, undo_reason="")
                | Q(undone_at__isnull=False, undone_by__isnull=False) & ~Q(undo_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.merged_id} → {self.kept_id}"


class LeadPair(models.Model):
    """Two leads that may be of one person or company, found by name and company when the later one
    came, and what somebody decided about them. A trigger refuses delete, and every change but the
    decision."""

    first = models.ForeignKey("journeys.Lead", models.PROTECT, related_name="+", db_index=False)
    second = models.ForeignKey("journeys.Lead", models.PROTECT, related_name="+")
    found_at = models.DateTimeField()
    is_same = models.BooleanField(null=True)
    decided_by = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="lead_pair_once", fields=["first", "second"]),
            models.CheckConstraint(name="lead_pair_in_order", condition=Q(first__lt=F("second"))),
            models.CheckConstraint(
                name="lead_pair_decided_says_all",
                condition=Q(is_same=None, decided_by=None, decided_at=None, reason="")
                | Q(is_same__isnull=False, decided_by__isnull=False, decided_at__isnull=False)
                & ~Q(reason=""),
            ),
        ]
        indexes = [
            models.Index(
                name="lead_pair_waits", fields=["-found_at", "-id"], condition=Q(is_same=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} = {self.second_id}?"
