"""Where members of staff have wordings sent to themselves."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from journeys.contact.enums import Channel
from portal.kit.fields import SealedField


class OwnAddress(models.Model):
    """An own test phone, or test device, of somebody of the bank: it receives tests once the code
    that was sent to it was typed in. One of a channel at a time; of one that ended, its mask is
    left."""

    staff = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+", db_index=False)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    address_sealed = SealedField(seal="ownaddress.address")
    address_masked = models.CharField(_("to"), max_length=60)
    # Keyed hashes: nobody can read them here. By that of the address the codes are counted that it
    # was sent, whoever asked for them; it is kept for a day.
    address_hash = models.BinaryField(max_length=16, null=True)
    code_hash = models.BinaryField(max_length=16)
    code_sent_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="own_address_once", fields=["staff", "channel"], condition=Q(ended_at=None)
            ),
            models.CheckConstraint(
                name="own_address_by_sms_or_push", condition=Q(channel__in=["sms", "push"])
            ),
            models.CheckConstraint(
                name="own_address_held_until_its_end",
                condition=Q(ended_at=None, address_sealed__isnull=False)
                | Q(ended_at__isnull=False, address_sealed=None),
            ),
            models.CheckConstraint(
                name="own_address_hash_whole",
                condition=Q(address_hash=None) | Q(Exact(Length("address_hash"), 16)),
            ),
        ]
        indexes = [
            models.Index(name="own_address_codes", fields=["staff", "code_sent_at"]),
            models.Index(
                name="own_address_to",
                fields=["address_hash", "code_sent_at"],
                condition=Q(address_hash__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel}: {self.address_masked}"

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None
