"""What was agreed with merchants: contracts with their days, and the sharing of data."""

import datetime as dt

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from merchants.directory.enums import ClauseState, Renewal, SharingPurpose
from merchants.directory.models.merchants import Merchant


def _span(first: str, last: str) -> Func:
    """The days from one to the other, both inside; without a last one for good."""
    return Func(first, last, Value("[]"), function="daterange", output_field=DateRangeField())


class MerchantContract(models.Model):
    """A contract with a merchant, from `first_date` to `last_date`, both inside; without a last
    day it holds until notice. No two of a merchant hold on one day."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="contracts")
    number = models.CharField(_("contract number"), max_length=40, unique=True)
    signed_date = models.DateField(_("signed on"))
    first_date = models.DateField(_("holds from"))
    last_date = models.DateField(_("last day"), null=True, blank=True)
    notice_days = models.PositiveSmallIntegerField(_("days of notice"), default=0)
    renewal = models.CharField(
        _("at its end"), max_length=12, choices=Renewal.choices, default=Renewal.TALKS
    )
    renewal_months = models.PositiveSmallIntegerField(
        _("months that it goes on"), null=True, blank=True
    )
    words = models.TextField(_("remarks"), blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="merchant_contract_ends_after_start",
                condition=Q(last_date=None) | Q(last_date__gt=F("first_date")),
            ),
            models.CheckConstraint(
                name="merchant_contract_signed_before_end",
                condition=Q(last_date=None) | Q(signed_date__lte=F("last_date")),
            ),
            models.CheckConstraint(
                name="merchant_contract_notice_short", condition=Q(notice_days__lte=366)
            ),
            models.CheckConstraint(
                name="merchant_contract_renewal_said",
                condition=Q(
                    renewal=Renewal.AUTOMATIC,
                    last_date__isnull=False,
                    renewal_months__isnull=False,
                    renewal_months__range=(1, 60),
                )
                | Q(renewal__in=[Renewal.NONE, Renewal.TALKS], renewal_months=None),
            ),
            ExclusionConstraint(
                name="merchant_contract_no_overlap",
                expressions=[
                    ("merchant", RangeOperators.EQUAL),
                    (_span("first_date", "last_date"), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes = [models.Index(name="merchant_contract_ends", fields=["last_date"])]

    def __str__(self) -> str:
        return self.number

    @property
    def notice_date(self) -> dt.date | None:
        """The last day on which notice can be given."""
        if self.last_date is None:
            return None
        return self.last_date - dt.timedelta(days=self.notice_days)

    def is_in_force(self, on: dt.date) -> bool:
        """This will tell whether it holds on a day."""
        return self.first_date <= on and (self.last_date is None or on <= self.last_date)


class DataClause(models.Model):
    """What was agreed about data of customers that a merchant is given (Personal Information
    Protection Law, article 23): the purposes, the kinds of data, the way of handling. It allows
    nothing without the consent of each customer. No two signed ones of a merchant hold on one day,
    and one at most is in talks."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="clauses")
    state = models.CharField(_("state"), max_length=8, choices=ClauseState.choices)
    purposes = ArrayField(
        models.CharField(max_length=12, choices=SharingPurpose.choices), verbose_name=_("purposes")
    )
    data_kinds = models.CharField(_("kinds of data"), max_length=200, blank=True)
    handling = models.CharField(_("way of handling"), max_length=400, blank=True)
    first_date = models.DateField(_("holds from"), null=True, blank=True)
    last_date = models.DateField(_("last day"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="data_clause_signed_says_all",
                condition=Q(state=ClauseState.TALKS, first_date=None, last_date=None)
                | (
                    Q(state=ClauseState.SIGNED, first_date__isnull=False, last_date__isnull=False)
                    & ~Q(purposes=[])
                    & ~Q(data_kinds="")
                    & ~Q(handling="")
                ),
            ),
            models.CheckConstraint(
                name="data_clause_ends_after_start",
                condition=Q(last_date=None) | Q(last_date__gte=F("first_date")),
            ),
            models.CheckConstraint(
                name="data_clause_purposes_known",
                condition=Q(purposes__contained_by=SharingPurpose.values),
            ),
            models.UniqueConstraint(
                name="data_clause_one_in_talks",
                fields=["merchant"],
                condition=Q(state=ClauseState.TALKS),
            ),
            ExclusionConstraint(
                name="data_clause_no_overlap",
                expressions=[
                    ("merchant", RangeOperators.EQUAL),
                    (_span("first_date", "last_date"), RangeOperators.OVERLAPS),
                ],
                condition=Q(state=ClauseState.SIGNED),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.merchant_id} {self.state}"

    @property
    def purposes_words(self) -> list[str]:
        return [str(SharingPurpose(purpose).label) for purpose in self.purposes]

    def is_in_force(self, on: dt.date) -> bool:
        """This will tell whether data may be shared under it on a day."""
        if self.first_date is None or self.last_date is None:
            return False
        return self.first_date <= on <= self.last_date
