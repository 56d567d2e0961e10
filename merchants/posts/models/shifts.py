"""Shifts at posts: who stands where and when, whether they came, and what they counted."""

import datetime as dt

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Deferrable, F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from merchants.posts.enums import Counted, ShiftState, Standing
from merchants.posts.models.places import Post
from portal.kit import keys

_PLANNED = Q(state=ShiftState.PLANNED)


def _span() -> Func:
    return Func("starts_at", "ends_at", function="tstzrange", output_field=DateTimeRangeField())


class Shift(models.Model):
    """A member of staff on a seat of a post, from `starts_at` to before `ends_at`, all on the day
    `on_date`. Nobody stands at two places at once and no seat is given twice, once a statement is
    over: a file may have shifts change places. Triggers refuse who is not qualified, not of the
    branch or not there, a store that is closed, and a day on which the post does not stand."""

    number = models.CharField(_("number of the shift"), max_length=40, unique=True)
    post = models.ForeignKey(Post, models.PROTECT, related_name="shifts")
    staff = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+")
    seat = models.PositiveSmallIntegerField(_("seat"), default=1)
    on_date = models.DateField(_("day"))
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    state = models.CharField(
        _("state"), max_length=12, choices=ShiftState.choices, default=ShiftState.PLANNED
    )
    # Nobody where a file brought it.
    planned_by = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")
    cancelled_by = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True)
    cancelled_why = models.CharField(_("why it was cancelled"), max_length=300, blank=True)

    class Meta:
        constraints = [
            keys.addressable("shift_number_addressable"),
            models.CheckConstraint(
                name="shift_ends_after_start", condition=Q(ends_at__gt=F("starts_at"))
            ),
            models.CheckConstraint(name="shift_seat", condition=Q(seat__gte=1)),
            models.CheckConstraint(
                name="shift_cancelled_whole",
                condition=Q(
                    state=ShiftState.PLANNED, cancelled_by=None, cancelled_at=None, cancelled_why=""
                )
                | Q(state=ShiftState.CANCELLED, cancelled_at__isnull=False) & ~Q(cancelled_why=""),
            ),
            ExclusionConstraint(
                name="shift_staff_once",
                expressions=[
                    ("staff", RangeOperators.EQUAL),
                    (_span(), RangeOperators.OVERLAPS),
                ],
                condition=_PLANNED,
                deferrable=Deferrable.IMMEDIATE,
            ),
            ExclusionConstraint(
                name="shift_seat_once",
                expressions=[
                    ("post", RangeOperators.EQUAL),
                    ("seat", RangeOperators.EQUAL),
                    (_span(), RangeOperators.OVERLAPS),
                ],
                condition=_PLANNED,
                deferrable=Deferrable.IMMEDIATE,
            ),
        ]
        indexes = [
            models.Index(name="shift_on_day", fields=["on_date", "post"]),
            models.Index(name="shift_of_staff", fields=["staff", "on_date"]),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_planned(self) -> bool:
        return self.state == ShiftState.PLANNED

    @property
    def hours(self) -> str:
        start, end = (timezone.localtime(at) for at in (self.starts_at, self.ends_at))
        return f"{start:%H:%M}–{end:%H:%M}"

    @property
    def came(self) -> "Attendance | None":
        """The check-in; None where there is none."""
        return getattr(self, "attendance", None)

    def standing(self, at: dt.datetime) -> Standing:
        """This will tell what has become of it by an instant."""
        if not self.is_planned:
            return Standing.CANCELLED
        if (came := self.came) is not None:
            if came.out_at is None:
                return Standing.THERE
            return Standing.CLOSED if came.is_closed_by_clock else Standing.DONE
        if at < self.starts_at:
            return Standing.AHEAD
        return Standing.DUE if at < self.ends_at else Standing.MISSED


class Attendance(models.Model):
    """That the person of a shift checked in, and out. Where the check-out was forgotten the clock
    closed it at the planned end, and it says so."""

    shift = models.OneToOneField(Shift, models.PROTECT, primary_key=True)
    in_at = models.DateTimeField(_("checked in at"))
    minutes_late = models.PositiveSmallIntegerField(_("minutes late"), default=0)
    out_at = models.DateTimeField(_("checked out at"), null=True)
    is_closed_by_clock = models.BooleanField(_("check-out forgotten"), default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="attendance_out_after_in",
                condition=Q(out_at=None) | Q(out_at__gte=F("in_at")),
            ),
            models.CheckConstraint(
                name="attendance_closed_has_end",
                condition=Q(is_closed_by_clock=False) | Q(out_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="attendance_open", fields=["in_at"], condition=Q(out_at=None)),
        ]

    def __str__(self) -> str:
        return str(self.shift_id)

    @property
    def is_late(self) -> bool:
        return self.minutes_late > 0


class ShiftTask(models.Model):
    """A task of a shift, as the post had it when the shift was planned."""

    shift = models.ForeignKey(Shift, models.PROTECT, related_name="tasks")
    place = models.PositiveSmallIntegerField()
    words = models.CharField(_("task"), max_length=120)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="shift_task_once", fields=["shift", "place"]),
            models.CheckConstraint(name="shift_task_says", condition=~Q(words="")),
        ]

    def __str__(self) -> str:
        return self.words


class ShiftCount(models.Model):
    """A step of what the person on the post counts, one up or one down: only added to, numbered
    through the shift, never below none."""

    shift = models.ForeignKey(Shift, models.PROTECT, related_name="counts")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=Counted.choices)
    step = models.SmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="shift_count_once", fields=["shift", "number"]),
            models.CheckConstraint(
                name="shift_count_is_a_step",
                condition=Q(step__in=[-1, 1], kind__in=Counted.values),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shift_id}/{self.number}: {self.kind} {self.step}"
