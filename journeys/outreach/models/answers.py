"""What comes back: receipts, answers, and calls that were refused."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from journeys.contact.enums import Channel
from journeys.outreach.enums import AnswerFinding, CallCause, ReceiptKind
from portal.kit import masking


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
            models.Index(
                name="answer_of_nobody",
                fields=["callee"],
                condition=Q(customer=None, callee__isnull=False),
            ),
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
