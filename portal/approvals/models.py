"""Maker and checker: what was submitted, by whom, and what others decided."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.approvals.enums import Part, SubmissionState, Verdict
from portal.kit import languages
from portal.kit.registry import registry


class Submission(models.Model):
    """A snapshot that one person submitted and others must approve."""

    kind = models.CharField(max_length=40)
    target_key = models.CharField(max_length=80)
    title = models.CharField(_("title"), max_length=200)
    # Where the thing has a name in English too.
    title_en = models.CharField(_("English title"), max_length=200, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    snapshot = models.JSONField()
    snapshot_hash = models.CharField(max_length=64)
    maker = models.ForeignKey("portal.Staff", models.PROTECT, related_name="submissions")
    # Who wrote the thing, where that may be another person than the one who submits it.
    author = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(_("submitted at"))
    approvals_needed = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(
        max_length=12, choices=SubmissionState.choices, default=SubmissionState.PENDING
    )
    closed_at = models.DateTimeField(null=True)
    void_reason = models.TextField(_("why it is void"), blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="submission_one_pending",
                fields=["kind", "target_key"],
                condition=Q(state=SubmissionState.PENDING),
            ),
            models.CheckConstraint(
                name="submission_needs_a_checker", condition=Q(approvals_needed__gte=1)
            ),
            models.CheckConstraint(
                name="submission_closed_has_time",
                condition=Q(state=SubmissionState.PENDING, closed_at=None)
                | (~Q(state=SubmissionState.PENDING) & Q(closed_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="submission_void_has_reason",
                condition=Q(void_reason="") | Q(state=SubmissionState.VOIDED),
            ),
            # The target of the foreign key that ties a decision's maker to the real maker.
            models.UniqueConstraint(name="submission_with_maker", fields=["id", "maker"]),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def label(self) -> str:
        """Its title in the reader's language."""
        is_english = languages.reads_english()
        return self.title_en if is_english and self.title_en else self.title

    def is_own_of(self, staff: models.Model, *, to_veto: bool = False) -> bool:
        """This will tell whether the person wrote or submitted it, or had a part in it. Who made
        an exception of a word in it wrote nothing: a veto is nothing that speaks for it."""
        return staff.pk in {self.maker_id, self.author_id} or any(
            one.staff_id == staff.pk and not (to_veto and one.part == Part.EXCUSED)
            for one in self.co_authors.all()
        )

    @property
    def kind_words(self) -> str:
        """What is to be approved, for the reader."""
        kind = registry.approval_kinds.get(self.kind)
        return str(kind.label) if kind else self.kind

    @property
    def writers(self) -> list[Any]:
        """Who wrote it, the author first; nobody where that is the maker alone."""
        others = self._of_part(Part.WROTE)
        if self.author is None or (self.author_id == self.maker_id and not others):
            return others
        return [self.author, *others]

    @property
    def excusers(self) -> list[Any]:
        """Who made an exception of a word in it, and did not write in it."""
        return self._of_part(Part.EXCUSED)

    def _of_part(self, part: Part) -> list[Any]:
        return [one.staff for one in self.co_authors.all() if one.part == part]


class SubmissionAuthor(models.Model):
    """Somebody who wrote in what was submitted, beside its author, or made an exception of a word
    in it. None of them may approve or return it, and only the latter may veto it; they are named
    before anybody decides, and stay."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="co_authors")
    staff = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+")
    part = models.CharField(max_length=7, choices=Part.choices, default=Part.WROTE)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="submission_author_once", fields=["submission", "staff"]),
            models.CheckConstraint(
                name="submission_author_part_known", condition=Q(part__in=Part.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission_id}/{self.staff_id}"


class SubmissionDecision(models.Model):
    """One checker's verdict. The database refuses a checker who is the maker or an author. Who
    approved may veto later."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="decisions")
    maker = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+")
    checker = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    reason = models.TextField(_("reason"), blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="decision_once_per_checker",
                fields=["submission", "checker"],
                condition=~Q(verdict=Verdict.VETO),
            ),
            models.UniqueConstraint(
                name="decision_one_veto", fields=["submission"], condition=Q(verdict=Verdict.VETO)
            ),
            models.CheckConstraint(
                name="decision_checker_is_not_maker", condition=~Q(checker=F("maker"))
            ),
            models.CheckConstraint(
                name="decision_return_has_reason",
                condition=Q(verdict=Verdict.APPROVE) | ~Q(reason=""),
            ),
        ]


class ApprovalLevel(models.Model):
    """From a day on, things of a kind that measure `at_least` so much need so many approvals.

    In force are the levels of the latest day that has come; what no level reaches needs one
    approval. Added to only: a trigger refuses update and delete.
    """

    kind = models.CharField(_("kind"), max_length=40)
    effective_date = models.DateField(_("in force from"))
    measure = models.CharField(_("measure"), max_length=20)
    at_least = models.DecimalField(_("from this much on"), max_digits=16, decimal_places=2)
    approvals = models.PositiveSmallIntegerField(_("approvals needed"))
    source = models.TextField(_("source of the rule"))

    class Meta:
        verbose_name = _("approval level")
        verbose_name_plural = _("approval levels")
        constraints = [
            models.UniqueConstraint(
                name="approval_level_once", fields=["kind", "effective_date", "measure", "at_least"]
            ),
            models.CheckConstraint(
                name="approval_level_is_some", condition=Q(approvals__range=(1, 9), at_least__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.measure} {self.at_least}: {self.approvals}"
