"""The one contact ledger: consent, refusals, rules with dates, and every contact made."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from journeys.contact.enums import Channel, PauseKind, Purpose
from portal.kit import masking


class Consent(models.Model):
    """A statement of consent or its withdrawal. The latest per purpose and channel holds.
    Added to only: a trigger refuses update and delete."""

    customer = models.ForeignKey(
        "journeys.Customer", models.PROTECT, related_name="consents", db_index=False
    )
    purpose = models.CharField(max_length=12, choices=Purpose.choices)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    is_granted = models.BooleanField()
    text_version = models.CharField(_("text version"), max_length=40)
    evidence = models.CharField(_("evidence"), max_length=200)
    effective_at = models.DateTimeField(_("effective at"))
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        indexes = [
            models.Index(
                name="consent_latest",
                fields=["customer", "purpose", "channel", "-effective_at", "-id"],
                include=["is_granted"],
            ),
        ]

    @property
    def shown_evidence(self) -> str:
        """The evidence as pages show it: people write numbers and addresses into it."""
        return masking.mask_text(self.evidence)


class DoNotContact(models.Model):
    """A person's word never to be contacted for marketing again. Final: never changed."""

    customer = models.OneToOneField(
        "journeys.Customer", models.PROTECT, related_name="do_not_contact"
    )
    at = models.DateTimeField()
    words = models.TextField(_("words"))
    source = models.CharField(_("source"), max_length=40)
    recorded_by = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")

    @property
    def shown_words(self) -> str:
        """The person's words as pages show them, numbers and addresses masked."""
        return masking.mask_text(self.words)


class MarketingPause(models.Model):
    """Marketing to a person rests from `since` on, until what `reference` names is settled.
    A trigger refuses delete, and every change but the one end."""

    customer = models.ForeignKey(
        "journeys.Customer", models.PROTECT, related_name="marketing_pauses", db_index=False
    )
    kind = models.CharField(max_length=12, choices=PauseKind.choices)
    reference = models.CharField(max_length=40)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="pause_ends_after_its_start",
                condition=Q(until=None) | Q(until__gte=F("since")),
            ),
            models.CheckConstraint(name="pause_kind_known", condition=Q(kind__in=PauseKind.values)),
            models.CheckConstraint(name="pause_has_reference", condition=~Q(reference="")),
            models.UniqueConstraint(
                name="pause_open_once", fields=["kind", "reference"], condition=Q(until=None)
            ),
        ]
        indexes = [
            models.Index(name="pause_open", fields=["customer"], condition=Q(until=None)),
        ]


class ContactRule(models.Model):
    """Hours and limits in force from a day on. Numbers are data, with their source beside them."""

    effective_date = models.DateField(_("in force from"), unique=True)
    opens = models.TimeField(_("contact from"))
    closes = models.TimeField(_("contact until"))
    day_cap = models.PositiveSmallIntegerField(_("contacts in 24 hours"))
    month_cap = models.PositiveSmallIntegerField(_("contacts in 30 days"))
    source = models.TextField(_("source of the rule"))

    class Meta:
        verbose_name = _("contact rule")
        verbose_name_plural = _("contact rules")
        constraints = [
            models.CheckConstraint(name="contact_rule_hours", condition=Q(opens__lt=F("closes"))),
            models.CheckConstraint(
                name="contact_rule_caps", condition=Q(day_cap__gte=1, month_cap__gte=F("day_cap"))
            ),
        ]

    def __str__(self) -> str:
        return str(self.effective_date)


class Contact(models.Model):
    """One contact, reserved before it is made. `at` is when it is to reach the person, and in the
    end the instant at which it was handed over.

    `released_at` is set where it reached nobody (called off, or failed for good): such a contact
    counts towards no cap, but its cause stays used up. A trigger refuses every other change.
    """

    customer = models.ForeignKey(
        "journeys.Customer", models.PROTECT, related_name="contacts", db_index=False
    )
    channel = models.CharField(max_length=8, choices=Channel.choices)
    purpose = models.CharField(max_length=12, choices=Purpose.choices)
    at = models.DateTimeField()
    origin = models.CharField(max_length=80)
    dedup_key = models.CharField(max_length=120)
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="contact_once", fields=["customer", "dedup_key"])
        ]
        indexes = [models.Index(name="contact_customer_at", fields=["customer", "at"])]
