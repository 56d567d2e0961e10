"""What the practice gateways received: a local mailbox and SMS gateway for demos and tests."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from journeys.contact.enums import Channel
from journeys.outreach import channels


class ReceivedMessage(models.Model):
    """One message as the practice gateway received it; it never reaches a real person.
    Every hand-over is a row, so that a message sent twice shows twice."""

    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    message_key = models.CharField(max_length=120)
    destination = models.CharField(_("to"), max_length=120)
    sender = models.CharField(_("from"), max_length=120)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    body = models.TextField(_("text"))
    received_at = models.DateTimeField(_("received at"))

    class Meta:
        indexes = [
            models.Index(name="received_key", fields=["message_key"]),
            models.Index(name="received_at", fields=["-received_at", "-id"]),
        ]

    def __str__(self) -> str:
        return self.message_key

    @property
    def masked_destination(self) -> str:
        """Where it went, as the page shows it."""
        return channels.kind_of(self.channel).mask(self.destination)
