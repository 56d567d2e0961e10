"""Every contact made, and what holds them back."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q

from journeys.contact.enums import (
    Channel,
    PauseKind,
    Purpose,
)


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
        indexes = [
            models.Index(name="contact_customer_at", fields=["customer", "at"]),
            # Months of all customers together, in a table that grows by the day.
            BrinIndex(name="contact_by_day", fields=["at"], autosummarize=True),
        ]
