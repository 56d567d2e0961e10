"""Card products, applications and cards."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from journeys.cards.enums import DECIDED_STATES, OPEN_STATES, ApplicationState, Awaited
from journeys.cards.rules import Limits
from portal.kit import languages


class CardProduct(models.Model):
    """A card product, the bank's own or a rival's."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80)
    issuer = models.CharField(_("issuer"), max_length=80)
    is_own = models.BooleanField(_("own product"), default=True)
    annual_fee = models.DecimalField(
        _("annual fee (CNY)"), max_digits=10, decimal_places=2, default=0
    )
    is_active = models.BooleanField(_("on offer"), default=True)
    as_of = models.DateTimeField(_("as of"), null=True)
    heard_at = models.DateTimeField(_("received without an instant"), null=True)

    class Meta:
        verbose_name = _("card product")
        verbose_name_plural = _("card products")
        constraints = [
            models.CheckConstraint(name="product_fee_not_negative", condition=Q(annual_fee__gte=0))
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return self.name_en if languages.reads_english() else self.name


# Not decided yet, or approved without a card so far.
ON_THE_CLOCK = Q(state__in=OPEN_STATES) | Q(state=ApplicationState.APPROVED, card_issued_date=None)


class ClockRule(models.Model):
    """The limit from application to issue, in force from a day on, with its source beside it; it
    holds for all applications on the clock. Added to only."""

    effective_date = models.DateField(_("in force from"), unique=True)
    limit_days = models.PositiveSmallIntegerField(_("days from application to issue"))
    near_days = models.PositiveSmallIntegerField(_("days before the limit that warn"))
    source = models.TextField(_("source of the rule"))

    class Meta:
        verbose_name = _("limit of approval")
        verbose_name_plural = _("limits of approval")
        constraints = [
            models.CheckConstraint(
                name="clock_rule_days",
                condition=Q(limit_days__gte=1, limit_days__lte=366, near_days__lt=F("limit_days")),
            ),
            models.CheckConstraint(name="clock_rule_has_source", condition=~Q(source="")),
        ]

    def __str__(self) -> str:
        return str(self.effective_date)

    @property
    def limits(self) -> Limits:
        return Limits(self.limit_days, self.near_days)


class Application(models.Model):
    """A customer's application for a card. `card_issued_date` follows from the cards by the
    imports: the day on which the first card was issued on it."""

    number = models.CharField(_("application number"), max_length=40, unique=True)
    customer = models.ForeignKey("journeys.Customer", models.PROTECT, related_name="applications")
    product = models.ForeignKey(CardProduct, models.PROTECT, related_name="+")
    branch = models.ForeignKey("portal.Branch", models.PROTECT, related_name="+")
    filed_date = models.DateField(_("filed on"))
    state = models.CharField(_("state"), max_length=12, choices=ApplicationState.choices)
    supplemented_date = models.DateField(_("documents in since"), null=True)
    decided_date = models.DateField(_("decided on"), null=True)
    is_fast_track = models.BooleanField(_("fast track"), default=False)
    merchant = models.ForeignKey("merchants.Merchant", models.PROTECT, null=True, related_name="+")
    # Where it was won at a post: that one, and `merchant` is who it stands with.
    post = models.ForeignKey(
        "merchants.Post", models.PROTECT, null=True, related_name="+", db_index=False
    )
    card_issued_date = models.DateField(_("card issued on"), null=True)
    as_of = models.DateTimeField(_("as of"), null=True)
    heard_at = models.DateTimeField(_("received without an instant"), null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="application_decided_has_date",
                condition=Q(state__in=OPEN_STATES, decided_date=None)
                | Q(
                    state__in=DECIDED_STATES,
                    decided_date__isnull=False,
                    decided_date__gte=F("filed_date"),
                ),
            ),
            models.CheckConstraint(
                name="application_supplemented_has_date",
                condition=Q(
                    state=ApplicationState.SUPPLEMENTED,
                    supplemented_date__isnull=False,
                    supplemented_date__gte=F("filed_date"),
                )
                | (~Q(state=ApplicationState.SUPPLEMENTED) & Q(supplemented_date=None))
                | Q(
                    state__in=DECIDED_STATES,
                    supplemented_date__gte=F("filed_date"),
                    supplemented_date__lte=F("decided_date"),
                ),
            ),
            models.CheckConstraint(
                name="application_of_post_has_merchant",
                condition=Q(post=None) | Q(merchant__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                name="application_of_post",
                fields=["post", "filed_date"],
                condition=Q(post__isnull=False),
            ),
            models.Index(
                name="application_on_clock", fields=["filed_date"], condition=ON_THE_CLOCK
            ),
            # What daily figures are counted by (journeys.kpis).
            models.Index(name="application_by_filed", fields=["filed_date"]),
            models.Index(
                name="application_by_decided",
                fields=["decided_date"],
                condition=Q(decided_date__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def awaits(self) -> Awaited:
        """What it waits for, while it is on the clock."""
        is_approved = self.state == ApplicationState.APPROVED
        return Awaited.CARD if is_approved else Awaited(self.state)


class Card(models.Model):
    """A card under the source's reference; the full card number never enters this system.

    A supplementary card names its primary card by the source's reference, which may be known
    before that card is. `primary` follows from it by the import of cards: the card of that
    reference, once it is there as a primary one.
    """

    reference = models.CharField(_("card reference"), max_length=40, unique=True)
    masked_number = models.CharField(_("card number"), max_length=19, blank=True)
    customer = models.ForeignKey("journeys.Customer", models.PROTECT, related_name="cards")
    application = models.ForeignKey(Application, models.PROTECT, null=True, related_name="cards")
    product = models.ForeignKey(CardProduct, models.PROTECT, related_name="+")
    branch = models.ForeignKey("portal.Branch", models.PROTECT, related_name="+")
    is_primary = models.BooleanField(_("primary card"), default=True)
    primary_reference = models.CharField(
        _("reference of the primary card"), max_length=40, blank=True, default="", db_default=""
    )
    primary = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="supplementary", db_index=False
    )
    issued_date = models.DateField(_("issued on"))
    activated_date = models.DateField(_("activated on"), null=True)
    first_used_date = models.DateField(_("first used on"), null=True)
    closed_date = models.DateField(_("closed on"), null=True)
    as_of = models.DateTimeField(_("as of"), null=True)
    heard_at = models.DateTimeField(_("received without an instant"), null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="card_activated_after_issue",
                condition=Q(activated_date=None) | Q(activated_date__gte=F("issued_date")),
            ),
            models.CheckConstraint(
                name="card_closed_after_issue",
                condition=Q(closed_date=None) | Q(closed_date__gte=F("issued_date")),
            ),
            models.CheckConstraint(
                name="card_number_is_masked", condition=~Q(masked_number__regex=r"\d{11,}")
            ),
            models.CheckConstraint(
                name="card_primary_has_no_primary",
                condition=Q(is_primary=False) | Q(primary_reference="", primary=None),
            ),
            models.CheckConstraint(
                name="card_primary_is_named",
                condition=Q(primary=None) | ~Q(primary_reference=""),
            ),
            models.CheckConstraint(
                name="card_is_not_its_own_primary",
                condition=~Q(primary_reference=F("reference")),
            ),
        ]
        indexes = [
            models.Index(name="card_by_customer", fields=["customer", "issued_date"]),
            models.Index(name="card_by_issue", fields=["issued_date"]),
            models.Index(
                name="card_by_activation",
                fields=["activated_date"],
                condition=Q(activated_date__isnull=False),
            ),
            models.Index(
                name="card_by_primary",
                fields=["primary_reference"],
                condition=~Q(primary_reference=""),
            ),
            models.Index(
                name="card_supplementary",
                fields=["primary"],
                condition=Q(primary__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.masked_number or self.reference

    @property
    def is_awaiting_primary(self) -> bool:
        """Whether it names a primary card that has not come in as one."""
        return bool(self.primary_reference) and self.primary_id is None
