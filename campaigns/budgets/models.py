"""Books of budgets: limits with what is used of them, and the ledger that it is the sum of."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from campaigns.budgets.enums import EntryKind, LimitKind


class BudgetBook(models.Model):
    """The account of a campaign: the one of what is granted (`run` is null), or that of one run
    that only reckons. Who reserves locks it; limits follow the plan of `version`.

    `refused_at` is when a live run first had to refuse somebody since something was last
    granted or given back, and `refused_kind` the limit that it met.
    """

    campaign = models.ForeignKey("campaigns.Campaign", models.PROTECT, related_name="books")
    run = models.OneToOneField("campaigns.Run", models.PROTECT, null=True, related_name="book")
    version = models.ForeignKey("campaigns.CampaignVersion", models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    refused_at = models.DateTimeField(null=True)
    refused_kind = models.CharField(max_length=8, choices=LimitKind.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="book_one_live", fields=["campaign"], condition=Q(run=None)
            ),
            models.CheckConstraint(
                name="book_refusal_has_kind",
                condition=Q(refused_at=None, refused_kind="")
                | Q(refused_at__isnull=False) & ~Q(refused_kind=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id}/{self.run_id or 'live'}"


class BudgetLimit(models.Model):
    """What may be used at most (CNY; units for a stock), and what is used.

    `key` is the day, the id of the branch or customer, the party or the code of the tier; empty
    for the whole campaign. `planned` is what the plan says, null where it sets no bound. `most` is
    what is in force: a new version may plan less than was used before it, and what was granted
    stays; then nothing more fits. `carried` is what a party bore too little (positive) or too much
    for its share of the cost: parts of a cent, and whole ones where many rewards were taken back,
    until the next grants are split.
    """

    book = models.ForeignKey(BudgetBook, models.PROTECT, related_name="limits", db_index=False)
    kind = models.CharField(_("kind"), max_length=8, choices=LimitKind.choices)
    key = models.CharField(max_length=40, blank=True)
    branch = models.ForeignKey("portal.Branch", models.PROTECT, null=True, related_name="+")
    customer = models.ForeignKey("journeys.Customer", models.PROTECT, null=True, related_name="+")
    planned = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    most = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    used = models.DecimalField(_("used"), max_digits=14, decimal_places=2, default=Decimal(0))
    carried = models.DecimalField(max_digits=18, decimal_places=6, default=Decimal(0))

    class Meta:
        constraints = [
            models.UniqueConstraint(name="limit_once", fields=["book", "kind", "key"]),
            models.CheckConstraint(
                name="limit_holds",
                condition=Q(used__gte=0) & (Q(most=None) | Q(used__lte=F("most"))),
            ),
            models.CheckConstraint(
                name="limit_as_planned",
                condition=Q(planned=None, most=None)
                | Q(planned__isnull=False, most__isnull=False, most__gte=F("planned")),
            ),
            models.CheckConstraint(
                name="limit_names_its_thing",
                condition=(
                    Q(kind=LimitKind.BRANCH, branch__isnull=False)
                    | ~Q(kind=LimitKind.BRANCH) & Q(branch=None)
                )
                & (
                    Q(kind=LimitKind.CUSTOMER, customer__isnull=False)
                    | ~Q(kind=LimitKind.CUSTOMER) & Q(customer=None)
                )
                & (Q(kind=LimitKind.CAMPAIGN, key="") | ~Q(kind=LimitKind.CAMPAIGN) & ~Q(key="")),
            ),
            models.CheckConstraint(
                name="limit_carries_for_parties",
                condition=Q(carried=0) | Q(kind=LimitKind.PARTY),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.book_id} {self.kind} {self.key}: {self.used}"


class BudgetEntry(models.Model):
    """What a party was charged for a grant, or got back; a trigger refuses change.

    `day` is the day of the grant, also where it is given back later; `branch` the customer's at
    that time. `units` moves the stock of the tier, and stands with the first of the parties.
    """

    book = models.ForeignKey(BudgetBook, models.PROTECT, related_name="entries", db_index=False)
    kind = models.CharField(_("kind"), max_length=8, choices=EntryKind.choices)
    grant = models.ForeignKey(
        "campaigns.Grant", models.PROTECT, related_name="entries", db_index=False
    )
    customer = models.ForeignKey("journeys.Customer", models.PROTECT, related_name="+")
    branch = models.ForeignKey("portal.Branch", models.PROTECT, related_name="+", db_index=False)
    day = models.DateField(_("day"))
    tier = models.CharField(_("reward"), max_length=40)
    party = models.CharField(_("borne by"), max_length=40)
    amount = models.DecimalField(_("amount (CNY)"), max_digits=12, decimal_places=2)
    units = models.SmallIntegerField(default=0)
    at = models.DateTimeField(_("booked at"))

    class Meta:
        constraints = [
            models.UniqueConstraint(name="entry_once", fields=["grant", "kind", "party"]),
            models.CheckConstraint(
                name="entry_sign_follows_kind",
                condition=Q(kind=EntryKind.RESERVE, amount__gte=0, units__gte=0)
                | Q(kind=EntryKind.RELEASE, amount__lte=0, units__lte=0),
            ),
            models.CheckConstraint(
                name="entry_moves_something", condition=~Q(amount=0) | ~Q(units=0)
            ),
        ]
        indexes = [
            models.Index(name="entry_of_book", fields=["book", "-id"]),
            models.Index(name="entry_of_day", fields=["book", "day"]),
        ]

    def __str__(self) -> str:
        return f"{self.grant_id} {self.party} {self.amount}"
