"""Member benefits in customers' hands: how often each can still be used, and the ledger of that."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from campaigns.benefits.enums import CHOSEN, UNDOES, EntryKind, Outcome
from portal.kit import masking


class Benefit(models.Model):
    """A grant of a member benefit: `uses` times from `from_date` to before `end_date`.

    `left` is what can still be used. It follows from the entries, and only their trigger moves it.
    """

    grant = models.OneToOneField("campaigns.Grant", models.PROTECT, related_name="benefit")
    campaign = models.ForeignKey("campaigns.Campaign", models.PROTECT, related_name="benefits")
    customer = models.ForeignKey("journeys.Customer", models.PROTECT, related_name="benefits")
    uses = models.PositiveSmallIntegerField(_("uses"))
    left = models.PositiveSmallIntegerField(_("left"))
    from_date = models.DateField(_("granted on"))
    end_date = models.DateField(_("ends before"), null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="benefit_has_uses", condition=Q(uses__gte=1)),
            models.CheckConstraint(
                name="benefit_left_within_uses", condition=Q(left__gte=0, left__lte=F("uses"))
            ),
            models.CheckConstraint(
                name="benefit_ends_after_grant",
                condition=Q(end_date=None) | Q(end_date__gt=F("from_date")),
            ),
        ]
        indexes = [
            # Only what can still expire: the task finds it, however many there were.
            models.Index(
                name="benefit_due", fields=["end_date"],
                condition=Q(left__gt=0, end_date__isnull=False),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.grant_id}: {self.left}/{self.uses}"


class BenefitEntry(models.Model):
    """One step in the life of a benefit; only added. `units` is by how much what is left changed.

    A use says on which day and with whom; `reference` is the partner's own, such as the number of
    a voucher. Each counts once: `round` numbers the uses of one, and the next is taken only after
    the one before was undone. Triggers refuse a use outside the benefit's days, or after it was
    taken back, and keep `Benefit.left`.
    """

    benefit = models.ForeignKey(Benefit, models.PROTECT, related_name="entries")
    customer = models.ForeignKey(
        "journeys.Customer", models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(_("kind"), max_length=9, choices=EntryKind.choices)
    units = models.SmallIntegerField(_("units"))
    undoes = models.OneToOneField("self", models.PROTECT, null=True, related_name="undone_by")
    used_date = models.DateField(_("used on"), null=True)
    merchant = models.ForeignKey(
        "merchants.Merchant", models.PROTECT, null=True, related_name="+", db_index=False
    )
    place = models.CharField(_("place"), max_length=80, blank=True)
    reference = models.CharField(_("voucher"), max_length=40, blank=True)
    round = models.PositiveSmallIntegerField(default=1)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(
        "portal.Staff", models.PROTECT, null=True, related_name="+", db_index=False
    )
    at = models.DateTimeField(_("recorded at"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="benefit_entry_moves_as_its_kind",
                condition=Q(kind__in=list(UNDOES), units__gt=0, undoes__isnull=False)
                | Q(kind__in=list(UNDOES.values()), units__lt=0, undoes=None),
            ),
            models.CheckConstraint(
                name="benefit_entry_use_has_day",
                condition=Q(kind=EntryKind.USE, used_date__isnull=False)
                | ~Q(kind=EntryKind.USE)
                & Q(used_date=None, merchant=None, place="", reference="", round=1),
            ),
            models.CheckConstraint(
                name="benefit_entry_voucher_of_partner",
                condition=Q(reference="") | Q(merchant__isnull=False),
            ),
            models.CheckConstraint(
                name="benefit_entry_has_reason",
                condition=~Q(kind__in=[EntryKind.UNDO, EntryKind.RESTORE]) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="benefit_entry_round_counts",
                condition=Q(round=1) | Q(round__gt=1) & ~Q(reference=""),
            ),
            models.UniqueConstraint(
                name="benefit_voucher_once", fields=["merchant", "reference", "round"],
                condition=~Q(reference=""),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(name="benefit_entry_of_customer", fields=["customer", "-at", "-id"])
        ]

    def __str__(self) -> str:
        return f"{self.benefit_id} {self.kind} {self.units}"

    @property
    def shown_place(self) -> str:
        """Where it was used, without numbers of persons: older files brought them along."""
        return masking.mask_text(self.place)

    @property
    def count(self) -> int:
        """How many uses it is about."""
        return abs(self.units)

    @property
    def can_be_undone(self) -> bool:
        """Whether it is a use that stands."""
        return self.kind == EntryKind.USE and not hasattr(self, "undone_by")


class PartnerUse(models.Model):
    """A use as a partner's file told it, by the partner's own receipt; only added. Its entry bears
    the same merchant and reference."""

    partner = models.CharField(_("merchant number"), max_length=40)
    reference = models.CharField(_("receipt"), max_length=40)
    merchant = models.ForeignKey(
        "merchants.Merchant", models.PROTECT, related_name="+", db_index=False
    )
    benefit = models.ForeignKey(Benefit, models.PROTECT, related_name="partner_uses")
    customer = models.ForeignKey(
        "journeys.Customer", models.PROTECT, related_name="+", db_index=False
    )
    used_date = models.DateField(_("used on"))
    units = models.PositiveSmallIntegerField(_("units"))

    class Meta:
        constraints = [
            models.UniqueConstraint(name="partner_use_once", fields=["partner", "reference"]),
            models.CheckConstraint(name="partner_use_is_some", condition=Q(units__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.partner} {self.reference}"


class BenefitCount(models.Model):
    """What became of the benefits of one reward of a campaign, in uses: the rows of one reward add
    up to it. Triggers write a row for each statement, so that nobody waits for anybody, and a task
    makes one of them. `unused` is what expired is worth (CNY), `version` one that granted it."""

    campaign = models.ForeignKey("campaigns.Campaign", models.PROTECT, related_name="+")
    reward = models.CharField(max_length=40)
    version = models.ForeignKey(
        "campaigns.CampaignVersion", models.PROTECT, related_name="+", null=True, db_index=False
    )
    grants = models.IntegerField(default=0, db_default=0)
    uses = models.IntegerField(default=0, db_default=0)
    used = models.IntegerField(default=0, db_default=0)
    expired = models.IntegerField(default=0, db_default=0)
    taken_back = models.IntegerField(default=0, db_default=0)
    unused = models.DecimalField(max_digits=20, decimal_places=6, default=0, db_default=0)

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.reward}"


class UsedBefore(models.Model):
    """A benefit that was used before it was lost: the rest was taken back, what was used cannot
    be. Somebody decides what becomes of it; until then it stands in a list and on a home page.
    A trigger keeps what was decided."""

    benefit = models.ForeignKey(Benefit, models.PROTECT, related_name="used_before")
    used = models.PositiveSmallIntegerField(_("used"))
    worth = models.DecimalField(_("worth (CNY)"), max_digits=12, decimal_places=2)
    noted_at = models.DateTimeField(_("noted at"))
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome.choices, blank=True)
    words = models.CharField(_("what was agreed"), max_length=200, blank=True)
    settled_by = models.ForeignKey(
        "portal.Staff", models.PROTECT, null=True, related_name="+", db_index=False
    )
    settled_at = models.DateTimeField(_("settled at"), null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="used_before_is_some", condition=Q(used__gte=1, worth__gt=0)
            ),
            models.CheckConstraint(
                name="used_before_settled_whole",
                condition=Q(outcome="", words="", settled_by=None, settled_at=None)
                | Q(outcome=Outcome.UNDONE, settled_at__isnull=False)
                | Q(outcome__in=CHOSEN, settled_by__isnull=False, settled_at__isnull=False)
                & ~Q(words=""),
            ),
            models.UniqueConstraint(
                name="used_before_open_once", fields=["benefit"], condition=Q(outcome="")
            ),
        ]
        indexes = [
            models.Index(name="used_before_open", fields=["-noted_at", "-id"],
                         condition=Q(outcome="")),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.benefit_id}: {self.used}"
