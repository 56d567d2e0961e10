"""Who may stand at posts: qualifications with their days, and absences."""

import datetime as dt

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from merchants.posts.enums import AbsenceKind, QualificationKind


def _span() -> Func:
    """The days from the first to the last, both inside."""
    return Func(
        "first_date", "last_date", Value("[]"), function="daterange", output_field=DateRangeField()
    )


class StaffQualification(models.Model):
    """That the bank examined a member of staff, and until when that counts: from `first_date` to
    `last_date`, both inside, and from the day of its withdrawal on no more. Another person records
    it; nothing of it changes but that it is withdrawn, once."""

    staff = models.ForeignKey("portal.Staff", models.PROTECT, related_name="qualifications")
    kind = models.CharField(_("kind"), max_length=12, choices=QualificationKind.choices)
    first_date = models.DateField(_("holds from"))
    last_date = models.DateField(_("last day"))
    source = models.CharField(_("source"), max_length=200)
    recorded_by = models.ForeignKey(
        "portal.Staff", models.PROTECT, null=True, related_name="+", verbose_name=_("recorded by")
    )
    recorded_at = models.DateTimeField()
    withdrawn_date = models.DateField(_("withdrawn from"), null=True)
    withdrawn_by = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")
    withdrawn_why = models.CharField(_("why it was withdrawn"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="qualification_said",
                condition=Q(kind__in=QualificationKind.values) & ~Q(source=""),
            ),
            models.CheckConstraint(
                name="qualification_ends_after_start",
                condition=Q(last_date__gte=F("first_date")),
            ),
            models.CheckConstraint(
                name="qualification_not_by_oneself",
                condition=Q(recorded_by=None) | ~Q(recorded_by=F("staff")),
            ),
            models.CheckConstraint(
                name="qualification_withdrawn_whole",
                condition=Q(withdrawn_date=None, withdrawn_by=None, withdrawn_why="")
                | Q(withdrawn_date__isnull=False, withdrawn_by__isnull=False)
                & ~Q(withdrawn_why=""),
            ),
            ExclusionConstraint(
                name="qualification_no_overlap",
                expressions=[
                    ("staff", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    (_span(), RangeOperators.OVERLAPS),
                ],
                condition=Q(withdrawn_date=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.kind}"

    def holds_on(self, on: dt.date) -> bool:
        """This will tell whether it counts on a day."""
        is_withdrawn = self.withdrawn_date is not None and self.withdrawn_date <= on
        return self.first_date <= on <= self.last_date and not is_withdrawn


class PostAbsence(models.Model):
    """That a member of staff is not there, from `first_date` to `last_date`, both inside."""

    staff = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=12, choices=AbsenceKind.choices)
    first_date = models.DateField(_("first day"))
    last_date = models.DateField(_("last day"))
    recorded_by = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="post_absence_kind_known", condition=Q(kind__in=AbsenceKind.values)
            ),
            models.CheckConstraint(
                name="post_absence_ends_after_start",
                condition=Q(last_date__gte=F("first_date")),
            ),
            ExclusionConstraint(
                name="post_absence_no_overlap",
                expressions=[
                    ("staff", RangeOperators.EQUAL),
                    (_span(), RangeOperators.OVERLAPS),
                ],
                condition=Q(cancelled_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.first_date}"
