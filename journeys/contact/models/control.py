"""The bank's control group: a small share of all customers whom no marketing touches."""

import datetime as dt

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Least, Length
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from journeys.contact.enums import ControlState
from journeys.contact.rules import LONGEST_CONTROL, MOST_CONTROL


class ControlGroup(models.Model):
    """The share of all persons, in thousandths, that is left out of marketing from one day until
    just before another; a share of 0 is no group. Who is in it follows from `salt`
    (`journeys.customers.rules.place_sql`).

    One person proposes it and another one approves it; it is never edited: the next one that is
    approved cuts it short (`cut_date`). A trigger refuses everything else.
    """

    starts_date = models.DateField(_("in force from"))
    ends_date = models.DateField(_("until before"))
    cut_date = models.DateField(_("replaced from"), null=True)
    permille = models.PositiveSmallIntegerField(_("share in thousandths"))
    salt = models.BinaryField(max_length=16)
    reason = models.TextField(_("reason"))
    state = models.CharField(
        _("state"), max_length=8, choices=ControlState.choices, default=ControlState.PROPOSED
    )
    proposed_by = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(_("proposed at"))
    settled_by = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(_("decided at"), null=True)

    class Meta:
        verbose_name = _("control group")
        verbose_name_plural = _("control groups")
        constraints = [
            models.CheckConstraint(
                name="control_group_share", condition=Q(permille__lte=MOST_CONTROL)
            ),
            models.CheckConstraint(
                name="control_group_span",
                condition=Q(ends_date__gt=F("starts_date"))
                & Q(ends_date__lte=F("starts_date") + dt.timedelta(days=LONGEST_CONTROL)),
            ),
            models.CheckConstraint(
                name="control_group_cut_within",
                condition=Q(cut_date=None)
                | Q(state=ControlState.APPROVED, cut_date__gte=F("starts_date"))
                & Q(cut_date__lt=F("ends_date")),
            ),
            models.CheckConstraint(
                name="control_group_salted", condition=Q(Exact(Length("salt"), 16))
            ),
            models.CheckConstraint(name="control_group_has_reason", condition=~Q(reason="")),
            # Whoever proposed it may withdraw it, and never approves it.
            models.CheckConstraint(
                name="control_group_settled",
                condition=Q(state=ControlState.PROPOSED, settled_by=None, settled_at=None)
                | Q(state=ControlState.REFUSED, settled_at__isnull=False)
                | Q(state=ControlState.APPROVED, settled_at__isnull=False)
                & Q(settled_by__isnull=False)
                & ~Q(settled_by=F("proposed_by")),
            ),
            models.UniqueConstraint(
                name="control_group_one_proposed",
                fields=["state"],
                condition=Q(state=ControlState.PROPOSED),
            ),
            ExclusionConstraint(
                name="control_group_one_in_force",
                expressions=[
                    (
                        Func(
                            F("starts_date"),
                            Least(F("cut_date"), F("ends_date")),
                            function="daterange",
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(state=ControlState.APPROVED),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_date}/{self.permille}"

    @property
    def until(self) -> dt.date:
        """The first day on which it is in force no more."""
        return self.cut_date or self.ends_date

    @property
    def last_day(self) -> dt.date:
        return self.until - dt.timedelta(days=1)

    @property
    def shown_last_day(self) -> dt.date:
        """The last day; of one that was replaced before it began, the one that it was to have."""
        until = self.until if self.until > self.starts_date else self.ends_date
        return until - dt.timedelta(days=1)

    @property
    def percent(self) -> str:
        """The share as people write it: "2.5%"."""
        return f"{self.permille / 10:g}%"
