"""Who may be a partner, as a second person decides, and merchants that are the same as others, or
are not."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from merchants.directory.enums import PartnerStep, RequestState
from merchants.directory.models.merchants import Merchant


class PartnerRequest(models.Model):
    """That a merchant is to become a partner, or to be one no longer; one waits at a time."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="partner_requests")
    step = models.CharField(_("what is asked"), max_length=8, choices=PartnerStep.choices)
    reason = models.TextField(_("reason"))
    asked_by = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(
        _("state"), max_length=8, choices=RequestState.choices, default=RequestState.PENDING
    )
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="partner_request_one_pending",
                fields=["merchant"],
                condition=Q(state=RequestState.PENDING),
            ),
            models.CheckConstraint(
                name="partner_request_closed_has_time",
                condition=Q(state=RequestState.PENDING, closed_at=None)
                | Q(
                    state__in=[RequestState.APPROVED, RequestState.RETURNED],
                    closed_at__isnull=False,
                ),
            ),
            models.CheckConstraint(name="partner_request_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="partner_request_step_known", condition=Q(step__in=PartnerStep.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.merchant_id} {self.step}"


class MerchantMerge(models.Model):
    """That one merchant turned out to be another: `moved` names the rows that went over, by kind,
    so that it can be undone. It is undone once."""

    kept = models.ForeignKey(Merchant, models.PROTECT, related_name="merges")
    merged = models.ForeignKey(Merchant, models.PROTECT, related_name="merged_by")
    moved = models.JSONField()
    reason = models.TextField(_("reason"))
    by = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_by = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undo_reason = models.TextField(_("why it was undone"), blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="merchant_merge_one_standing",
                fields=["merged"],
                condition=Q(undone_at=None),
            ),
            models.CheckConstraint(name="merchant_merge_of_two", condition=~Q(kept=F("merged"))),
            models.CheckConstraint(name="merchant_merge_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="merchant_merge_undone_says_all",
                condition=Q(undone_at=None, undone_by=None, undo_reason="")
                | (Q(undone_at__isnull=False, undone_by__isnull=False) & ~Q(undo_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.merged_id} → {self.kept_id}"


class MerchantsApart(models.Model):
    """That somebody looked at two merchants that might be one, and said that they are two: by which
    signs they looked alike then. `phones` names pairs of contact persons with one phone. Added to
    only; what speaks for them being one later, and stands in no row, is shown again."""

    first = models.ForeignKey(Merchant, models.PROTECT, related_name="+")
    second = models.ForeignKey(Merchant, models.PROTECT, related_name="+")
    name_key = models.CharField(max_length=240, blank=True)
    credit_code = models.CharField(max_length=18, blank=True)
    phones = ArrayField(models.CharField(max_length=41), default=list, blank=True)
    reason = models.TextField(_("reason"))
    by = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="merchants_apart_in_order", condition=Q(first__lt=F("second"))
            ),
            models.CheckConstraint(name="merchants_apart_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="merchants_apart_by_a_sign",
                condition=~Q(name_key="") | ~Q(credit_code="") | Q(phones__len__gte=1),
            ),
        ]
        indexes = [models.Index(name="merchants_apart_pair", fields=["first", "second"])]

    def __str__(self) -> str:
        return f"{self.first_id} ≠ {self.second_id}"
