"""Flash sales of a reward: numbered units, and the claims of customers to them."""

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from campaigns.flash import rules
from campaigns.flash.enums import STANDING, ClaimShown, ClaimState, SaleState
from campaigns.planning.enums import VersionState

LONGEST_HOLD_SECONDS = 600
_LONGEST_HOLD = dt.timedelta(seconds=LONGEST_HOLD_SECONDS)
_CLAIM_TONES = {
    ClaimShown.HELD: "info",
    ClaimShown.GRANTED: "success",
    ClaimShown.TAKEN_BACK: "danger",
}


class FlashSale(models.Model):
    """Units of one tier of an approved version, released at `opens_at`, first come first served.

    Who may claim are those who qualified in `run`. `epoch` counts how often the gate in Valkey
    was filled from these rows.
    """

    version = models.ForeignKey("campaigns.CampaignVersion", models.PROTECT, related_name="sales")
    run = models.ForeignKey("campaigns.Run", models.PROTECT, related_name="+")
    tier = models.CharField(max_length=40)
    units = models.PositiveIntegerField(_("units"))
    opens_at = models.DateTimeField(_("opens at"))
    closes_at = models.DateTimeField(_("closes at"))
    hold_seconds = models.PositiveSmallIntegerField(_("seconds a hold lasts"))
    epoch = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="flash_sale_has_units", condition=Q(units__gt=0)),
            models.CheckConstraint(
                name="flash_sale_closes_later", condition=Q(closes_at__gt=F("opens_at"))
            ),
            models.CheckConstraint(
                name="flash_sale_holds_seconds",
                condition=Q(hold_seconds__gte=1, hold_seconds__lte=LONGEST_HOLD_SECONDS),
            ),
        ]
        indexes = [models.Index(name="flash_sale_closing", fields=["closes_at"])]

    def __str__(self) -> str:
        return f"{self.version} {self.tier} {self.units}"

    @property
    def ends_at(self) -> dt.datetime:
        """From when on nothing can be granted any more: the last hold is over."""
        return self.closes_at + dt.timedelta(seconds=self.hold_seconds)

    def state_at(self, at: dt.datetime) -> SaleState:
        """This will tell whether units can be claimed at an instant."""
        if self.version.campaign.is_stopped or self.version.state != VersionState.APPROVED:
            return SaleState.STOPPED
        if at < self.opens_at:
            return SaleState.WAITING
        return SaleState.OPEN if at < self.closes_at else SaleState.CLOSED


class FlashUnit(models.Model):
    """One numbered unit of a sale; it is never written again: claims tell who has it."""

    sale = models.ForeignKey(FlashSale, models.PROTECT, related_name="stock", db_index=False)
    number = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="flash_unit_number_once", fields=["sale", "number"])
        ]

    def __str__(self) -> str:
        return f"{self.sale_id}/{self.number}"


class FlashClaim(models.Model):
    """One customer's claim to one unit: held for seconds, then granted or expired for good.

    Of a sale's claims that stand (held or granted), each customer and each unit has one at most.
    The unit is named by sale and number, which the database checks (`flash_claim_of_a_unit`); the
    sale has no key of its own, so that claims do not all lock its one row. Whether what it was
    granted stands is told by the grant's ledger alone (`shown`); a unit whose grant was taken back
    stays with its claim.
    """

    sale = models.ForeignKey(
        FlashSale, models.PROTECT, related_name="claims", db_constraint=False, db_index=False
    )
    number = models.PositiveIntegerField(_("unit"))
    customer = models.ForeignKey("journeys.Customer", models.PROTECT, related_name="+")
    card = models.ForeignKey("journeys.Card", models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=8, choices=ClaimState.choices, default=ClaimState.HELD)
    claimed_at = models.DateTimeField(_("claimed at"))
    held_until = models.DateTimeField(_("held until"))
    settled_at = models.DateTimeField(null=True)
    grant = models.OneToOneField("campaigns.Grant", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="flash_claim_one_each",
                fields=["sale", "customer"],
                condition=Q(state__in=STANDING),
            ),
            models.UniqueConstraint(
                name="flash_claim_unit_once",
                fields=["sale", "number"],
                condition=Q(state__in=STANDING),
            ),
            models.CheckConstraint(
                name="flash_claim_held_for_seconds",
                condition=Q(held_until__gt=F("claimed_at"))
                & Q(held_until__lte=F("claimed_at") + _LONGEST_HOLD),
            ),
            models.CheckConstraint(
                name="flash_claim_state_fits",
                condition=Q(state=ClaimState.HELD, settled_at=None, grant=None)
                | Q(state=ClaimState.GRANTED, settled_at__isnull=False, grant__isnull=False)
                | Q(
                    state=ClaimState.EXPIRED,
                    settled_at__isnull=False,
                    settled_at__gte=F("held_until"),
                    grant=None,
                ),
            ),
        ]
        indexes = [
            models.Index(name="flash_claim_latest", fields=["sale", "-id"]),
            models.Index(
                name="flash_claim_to_expire",
                fields=["sale", "held_until"],
                condition=Q(state=ClaimState.HELD),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sale_id}/{self.number} {self.customer_id}"

    @property
    def reversal(self) -> Any:
        """What took the grant back; None where it stands, or where there is none."""
        return getattr(self.grant, "reversal", None)

    @property
    def shown(self) -> ClaimShown:
        return ClaimShown(rules.shown_of(self.state, self.reversal and self.reversal.kind))

    @property
    def tone(self) -> str:
        return _CLAIM_TONES.get(self.shown, "secondary")

    def told_at(self, at: dt.datetime) -> rules.Told:
        """This will say how the claim stands at an instant."""
        return rules.told_of(
            self.pk,
            self.number,
            self.state,
            self.held_until,
            self.reversal and self.reversal.kind,
            at,
        )
