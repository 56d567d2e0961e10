"""The outbox."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from journeys.contact.enums import Address, Channel, Purpose
from journeys.outreach.enums import Failure, FailureKind, HouseOrigin, MessageState
from journeys.outreach.models.texts import MessageTemplate
from journeys.outreach.rules import PRIORITIES, USUAL_PRIORITY
from portal.kit.registry import Named, registry

_TONES: dict[str, str] = {
    MessageState.QUEUED: "info",
    MessageState.HELD: "warning",
    MessageState.SENDING: "info",
    MessageState.SENT: "success",
    MessageState.IN_DOUBT: "warning",
    MessageState.PARKED: "warning",
    MessageState.FAILED: "danger",
}


def words_of_origin(origin: str) -> str:
    """This will name an origin of messages for the reader: "campaign:x:v1" is "Campaign x, version
    1"."""
    for name_of in registry.origin_names:
        if name := name_of(origin):
            return name
    if origin in HouseOrigin.values:
        return str(HouseOrigin(origin).label)
    kind, _colon, rest = origin.partition(":")
    code, _colon, version = rest.partition(":v")
    if kind != "campaign" or not version:
        return origin
    return gettext("Campaign {code}, version {version}").format(code=code, version=version)


class SentCount(models.Model):
    """How many messages of an origin and text were sent on a day to customers of a branch.

    Counted by `outreach.operations.count_sent`, so that a rate over millions of messages reads few
    rows.
    """

    day = models.DateField()
    origin = models.CharField(max_length=80)
    template = models.ForeignKey(MessageTemplate, models.PROTECT, related_name="+", db_index=False)
    branch = models.ForeignKey("portal.Branch", models.PROTECT, related_name="+", db_index=False)
    messages = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="sent_count_once", fields=["origin", "day", "template", "branch"]
            ),
            models.CheckConstraint(name="sent_count_is_some", condition=Q(messages__gte=1)),
        ]
        indexes = [
            models.Index(name="sent_count_of_text", fields=["template", "day"]),
            models.Index(name="sent_count_day", fields=["day"]),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.origin}: {self.messages}"


class Message(models.Model):
    """One message of the outbox. Its contact was reserved in the transaction that wrote it.

    `dedup_key` makes a second one for the same cause impossible; it is also the idempotency key
    given to the gateway. `lease_until` is set while a worker holds the row. `not_before` is when
    the next step may be taken: the sending, or, in doubt, the question to the gateway. From
    `valid_until` on it is not sent any more. Of `priority`, 0 comes first; those of equal priority
    come as they are due.
    """

    customer = models.ForeignKey(
        "journeys.Customer", models.PROTECT, related_name="messages", db_index=False
    )
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose.choices)
    template = models.ForeignKey(MessageTemplate, models.PROTECT, related_name="+")
    context = models.JSONField(default=dict)
    origin = models.CharField(_("origin"), max_length=80)
    dedup_key = models.CharField(max_length=120)
    # Of a text that is sent in variants, which one this is.
    variant = models.CharField(_("variant"), max_length=40, blank=True, default="", db_default="")
    state = models.CharField(
        _("state"), max_length=10, choices=MessageState.choices, default=MessageState.QUEUED
    )
    priority = models.PositiveSmallIntegerField(
        _("priority"), default=USUAL_PRIORITY, db_default=USUAL_PRIORITY
    )
    queued_at = models.DateTimeField(_("queued at"))
    not_before = models.DateTimeField(_("not before"))
    valid_until = models.DateTimeField(_("not after"), null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    gateway_reference = models.CharField(max_length=120, blank=True)
    failure_kind = models.CharField(max_length=10, choices=FailureKind.choices, blank=True)
    failure = models.CharField(_("failure"), max_length=200, blank=True)
    # What people call the thing that it is sent for, where it was asked.
    named: Named | None = None

    class Meta:
        constraints = [
            models.UniqueConstraint(name="message_once", fields=["customer", "dedup_key"]),
            models.CheckConstraint(
                name="message_sent_has_time",
                condition=(Q(state="sent") & Q(sent_at__isnull=False))
                | (~Q(state="sent") & Q(sent_at=None)),
            ),
            models.CheckConstraint(
                name="message_sending_has_lease",
                condition=(Q(state="sending") & Q(lease_until__isnull=False))
                | (~Q(state="sending") & Q(lease_until=None)),
            ),
            models.CheckConstraint(
                name="message_priority_in_range", condition=Q(priority__lt=PRIORITIES)
            ),
            models.CheckConstraint(
                name="message_state_known", condition=Q(state__in=MessageState.values)
            ),
            models.CheckConstraint(
                name="message_end_has_reason",
                condition=~Q(state__in=["failed", "cancelled", "parked"]) | ~Q(failure_kind=""),
            ),
        ]
        indexes = [
            models.Index(
                name="message_next",
                fields=["channel", "priority", "not_before", "id"],
                condition=Q(state="queued"),
            ),
            models.Index(
                name="message_leased", fields=["lease_until"], condition=Q(state="sending")
            ),
            models.Index(
                name="message_in_doubt", fields=["not_before"], condition=Q(state="in_doubt")
            ),
            models.Index(
                name="message_trouble",
                fields=["state", "-id"],
                condition=Q(state__in=["in_doubt", "parked", "failed", "cancelled"]),
            ),
            models.Index(name="message_sent_at", fields=["sent_at"], condition=Q(state="sent")),
            models.Index(name="message_origin_state", fields=["origin", "state"]),
        ]

    def __str__(self) -> str:
        return self.dedup_key

    @property
    def failure_words(self) -> str:
        """Why it was not sent, for the reader."""
        code, colon, detail = self.failure.partition(": ")
        words = str(Failure(code).label) if code in Failure.values else code
        return f"{words}{colon}{detail}"

    @property
    def origin_words(self) -> str:
        """What caused it, for the reader."""
        return self.named.label if self.named else words_of_origin(self.origin)

    @property
    def origin_code(self) -> str:
        """By which code others refer to what caused it, beside its name."""
        return self.named.reference if self.named else ""

    @property
    def can_be_settled(self) -> bool:
        """Whether a person must say what becomes of it."""
        return self.state in {MessageState.IN_DOUBT, MessageState.PARKED}

    @property
    def is_waiting(self) -> bool:
        return self.state == MessageState.QUEUED

    @property
    def state_tone(self) -> str:
        """The colour of its badge."""
        return _TONES.get(self.state, "secondary")

    @property
    def masked_destination(self) -> str:
        """Where it goes, as pages show it."""
        address = Channel(self.channel).address
        if address == Address.NUMBER:
            return str(self.customer.number)
        return str(getattr(self.customer, f"{address}_masked"))

    @property
    def is_in_doubt(self) -> bool:
        return self.state == MessageState.IN_DOUBT
