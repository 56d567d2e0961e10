"""Message templates and the outbox."""

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language_info, gettext
from django.utils.translation import gettext_lazy as _

from journeys.contact.enums import Address, Channel, Purpose
from journeys.outreach.enums import (
    AnswerFinding,
    CallCause,
    Failure,
    FailureKind,
    MessageState,
    ReceiptKind,
)
from portal.kit import masking
from portal.kit.registry import registry

_TONES: dict[str, str] = {
    MessageState.QUEUED: "info",
    MessageState.SENDING: "info",
    MessageState.SENT: "success",
    MessageState.IN_DOUBT: "warning",
    MessageState.PARKED: "warning",
    MessageState.FAILED: "danger",
}


class MessageTemplate(models.Model):
    """A text for one channel and language. Added to only: a new wording is a new version, and one
    that must not go out any more is withdrawn."""

    code = models.CharField(_("code"), max_length=40)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    language = models.CharField(_("language"), max_length=10)
    version = models.PositiveIntegerField(_("version"), default=1)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    body = models.TextField(_("text"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="template_version_once", fields=["code", "channel", "language", "version"]
            ),
            models.CheckConstraint(
                name="template_mail_has_subject", condition=~Q(channel="email") | ~Q(subject="")
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """How others refer to this very wording."""
        return f"{self.code}/{self.channel}/{self.language}/{self.version}"

    @property
    def is_withdrawn(self) -> bool:
        """Whether it goes out no more; read the row with its withdrawal."""
        return hasattr(self, "withdrawal")

    def says(self, subject: str, body: str) -> bool:
        """This will tell whether it has these words; an empty line at the end is none."""
        return (self.subject, self.body.strip()) == (subject, body.strip())

    @property
    def label(self) -> str:
        """Its name for people."""
        return gettext("Text {code}: {channel}, {language}, version {version}").format(
            code=self.code,
            channel=self.get_channel_display(),
            language=get_language_info(self.language)["name_local"],
            version=self.version,
        )


class TextWithdrawal(models.Model):
    """That a wording goes out no more, and why. Added to only: the same words come back as a new
    version."""

    template = models.OneToOneField(MessageTemplate, models.PROTECT, related_name="withdrawal")
    reason = models.CharField(_("reason"), max_length=200)
    withdrawn_by = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(_("withdrawn at"))

    class Meta:
        constraints = [
            models.CheckConstraint(name="text_withdrawal_has_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.template_id}: {self.reason}"


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


class Receipt(models.Model):
    """What became of a message after a gateway took it, as the gateway, a mail that came back or
    mobile bank says. Added to only, each kind once for a message: a repeated call adds nothing."""

    message = models.ForeignKey(
        "journeys.Message", models.PROTECT, related_name="receipts", db_index=False
    )
    kind = models.CharField(_("receipt"), max_length=10, choices=ReceiptKind.choices)
    at = models.DateTimeField(_("received at"))
    gateway_reference = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="receipt_once", fields=["message", "kind"]),
            models.CheckConstraint(
                name="receipt_kind_known", condition=Q(kind__in=ReceiptKind.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message_id}: {self.kind}"

    @property
    def tone(self) -> str:
        """The colour of its badge."""
        is_good = self.kind in {ReceiptKind.DELIVERED, ReceiptKind.READ}
        return "success" if is_good else "danger"


class Answer(models.Model):
    """What somebody wrote back to a message, once for each key of the gateway (`reference`).

    `callee` is the hash of the phone by which customers are found (`Customer.callee`), None where
    the sender is no phone or the person was erased; `customer` is the first on file with it. What
    no refusal was made of waits for a person: `settled_at` says when one looked at it."""

    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    reference = models.CharField(max_length=80)
    customer = models.ForeignKey(
        "journeys.Customer", models.PROTECT, null=True, related_name="answers", db_index=False
    )
    callee = models.BinaryField(null=True, max_length=16)
    sender_masked = models.CharField(_("from"), max_length=40)
    words = models.TextField(_("words"), blank=True)
    finding = models.CharField(_("understood as"), max_length=12, choices=AnswerFinding.choices)
    at = models.DateTimeField(_("received at"))
    settled_at = models.DateTimeField(_("settled at"), null=True)
    settled_by = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")
    note = models.CharField(_("what was done"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="answer_once", fields=["channel", "reference"]),
            models.CheckConstraint(
                name="answer_finding_known", condition=Q(finding__in=AnswerFinding.values)
            ),
            models.CheckConstraint(name="answer_has_reference", condition=~Q(reference="")),
            models.CheckConstraint(
                name="answer_settled_with_note",
                condition=Q(settled_at=None, settled_by=None, note="")
                | Q(settled_at__isnull=False, settled_by__isnull=False) & ~Q(note=""),
            ),
        ]
        indexes = [
            models.Index(name="answer_of_customer", fields=["customer", "id"]),
            models.Index(name="answer_latest", fields=["-id"]),
            models.Index(
                name="answer_to_look_at",
                fields=["-id"],
                condition=Q(settled_at=None) & ~Q(finding="refused"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel}: {self.reference}"

    @property
    def is_to_look_at(self) -> bool:
        """Whether a person must still look at it."""
        return self.settled_at is None and self.finding != AnswerFinding.REFUSED

    @property
    def shown_words(self) -> str:
        """The words as pages show them, numbers and addresses masked."""
        return masking.mask_text(self.words)


class BadCall(models.Model):
    """Calls of gateways that were refused, counted by minute: a flood of them is a few rows. Holds
    nothing of what was sent."""

    channel = models.CharField(_("channel"), max_length=8)
    door = models.CharField(_("kind of call"), max_length=10)
    cause = models.CharField(_("cause"), max_length=20, choices=CallCause.choices)
    address = models.GenericIPAddressField(_("from"), null=True)
    minute = models.DateTimeField(_("minute"))
    calls = models.PositiveIntegerField(_("calls"), default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="bad_call_once_a_minute",
                fields=["minute", "channel", "door", "cause", "address"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(name="bad_call_is_some", condition=Q(calls__gte=1)),
            models.CheckConstraint(
                name="bad_call_cause_known", condition=Q(cause__in=CallCause.values)
            ),
        ]
        indexes = [models.Index(name="bad_call_latest", fields=["-minute", "-id"])]

    def __str__(self) -> str:
        return f"{self.minute} {self.channel} {self.door}: {self.cause}"


class Message(models.Model):
    """One message of the outbox. Its contact was reserved in the transaction that wrote it.

    `dedup_key` makes a second one for the same cause impossible; it is also the idempotency key
    given to the gateway. `lease_until` is set while a worker holds the row. `not_before` is when
    the next step may be taken: the sending, or, in doubt, the question to the gateway.
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
    state = models.CharField(
        _("state"), max_length=10, choices=MessageState.choices, default=MessageState.QUEUED
    )
    queued_at = models.DateTimeField(_("queued at"))
    not_before = models.DateTimeField(_("not before"))
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    gateway_reference = models.CharField(max_length=120, blank=True)
    failure_kind = models.CharField(max_length=10, choices=FailureKind.choices, blank=True)
    failure = models.CharField(_("failure"), max_length=200, blank=True)

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
                name="message_state_known", condition=Q(state__in=MessageState.values)
            ),
            models.CheckConstraint(
                name="message_end_has_reason",
                condition=~Q(state__in=["failed", "cancelled", "parked"]) | ~Q(failure_kind=""),
            ),
        ]
        indexes = [
            models.Index(
                name="message_due", fields=["not_before", "id"], condition=Q(state="queued")
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
        """What caused it, for the reader: "campaign:x:v1" is "Campaign x, version 1"."""
        for name_of in registry.origin_names:
            if name := name_of(self.origin):
                return name
        kind, _colon, rest = self.origin.partition(":")
        code, _colon, version = rest.partition(":v")
        if kind != "campaign" or not version:
            return self.origin
        return gettext("Campaign {code}, version {version}").format(code=code, version=version)

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
