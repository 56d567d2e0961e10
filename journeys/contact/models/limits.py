"""Rules with dates: caps, hours, and the calendar of workdays."""

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from journeys.contact.enums import (
    Channel,
    DayKind,
)


class ContactRule(models.Model):
    """Limits in force from a day on. Numbers are data, with their source beside them."""

    effective_date = models.DateField(_("in force from"), unique=True)
    day_cap = models.PositiveSmallIntegerField(_("contacts in 24 hours"))
    month_cap = models.PositiveSmallIntegerField(_("contacts in 30 days"))
    source = models.TextField(_("source of the rule"))

    class Meta:
        verbose_name = _("contact rule")
        verbose_name_plural = _("contact rules")
        constraints = [
            models.CheckConstraint(
                name="contact_rule_caps", condition=Q(day_cap__gte=1, month_cap__gte=F("day_cap"))
            ),
        ]

    def __str__(self) -> str:
        return str(self.effective_date)


class ContactHours(models.Model):
    """Hours of a channel on workdays or rest days, in force from a day on.

    `division_prefix` is how the customer's division code begins, "" for everywhere; the
    longest that fits counts. Without `opens` and `closes` such days are closed; midnight as
    `closes` is the end of the day; only `is_overnight` hours go on past it, into whatever day
    follows. With `is_lifted` a place has no hours of its own any more and follows the wider ones.
    A trigger refuses update and delete.
    """

    effective_date = models.DateField(_("in force from"))
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    division_prefix = models.CharField(
        _("division code begins with"), max_length=12, blank=True, default=""
    )
    day_kind = models.CharField(_("kind of day"), max_length=8, choices=DayKind.choices)
    opens = models.TimeField(_("contact from"), null=True)
    closes = models.TimeField(_("contact until"), null=True)
    is_overnight = models.BooleanField(_("go on past midnight"), default=False)
    is_lifted = models.BooleanField(_("follows the wider place again"), default=False)
    source = models.TextField(_("source of the rule"))

    class Meta:
        verbose_name = _("contact hours")
        verbose_name_plural = _("contact hours")
        constraints = [
            models.UniqueConstraint(
                name="contact_hours_once",
                fields=["channel", "division_prefix", "day_kind", "effective_date"],
            ),
            models.CheckConstraint(
                name="contact_hours_known",
                condition=Q(channel__in=Channel.values, day_kind__in=DayKind.values),
            ),
            models.CheckConstraint(
                name="contact_hours_in_order",
                condition=Q(opens=None, closes=None, is_overnight=False)
                | Q(is_overnight=False, is_lifted=False)
                & Q(opens__isnull=False, closes__isnull=False)
                & (Q(closes__gt=F("opens")) | Q(closes=dt.time(0)))
                | Q(is_overnight=True, is_lifted=False)
                & Q(opens__isnull=False, closes__isnull=False)
                & Q(closes__lt=F("opens"), closes__gt=dt.time(0)),
            ),
            models.CheckConstraint(
                name="contact_hours_place_is_digits",
                condition=Q(division_prefix__regex=r"^[0-9]*$"),
            ),
            models.CheckConstraint(
                name="contact_hours_lifted_of_a_place",
                condition=Q(is_lifted=False) | ~Q(division_prefix=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.effective_date} {self.channel}/{self.division_prefix}/{self.day_kind}"

    @property
    def shown_closes(self) -> str:
        """The closing as people write it: midnight as the end of the day."""
        if self.closes is None:
            return ""
        return f"{self.closes:%H:%M}" if self.closes > dt.time(0) else "24:00"


class CalendarYear(models.Model):
    """A year whose rest days and workdays are known. Nothing is planned into another one.
    `is_assumed` marks one that was not published, only supposed."""

    year = models.PositiveSmallIntegerField(_("year"), primary_key=True)
    source = models.TextField(_("source"))
    is_assumed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="calendar_year_in_range", condition=Q(year__gte=2000, year__lte=2199)
            ),
        ]

    def __str__(self) -> str:
        return str(self.year)


class CalendarDay(models.Model):
    """A day that is not what its weekday says: a holiday, or a workday that makes up for one."""

    day = models.DateField(_("day"), primary_key=True)
    is_workday = models.BooleanField()
    name = models.CharField(_("name"), max_length=80)
    source = models.TextField(_("source"))

    class Meta:
        constraints = [
            models.CheckConstraint(name="calendar_day_has_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return str(self.day)
