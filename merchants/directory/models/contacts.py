"""Persons to talk to at merchants, and who saw what of them in full."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from merchants.directory.enums import ContactField, ContactReason, ContactRole
from merchants.directory.models.merchants import Merchant
from portal.kit import keys
from portal.kit.fields import SealedField, index_field


class MerchantContact(models.Model):
    """A person at a merchant. Name, phone and e-mail are sealed, with a mask beside each; the
    number is that of the source or of the house. Of those who are still there (`left_date` is
    empty) one at most is the main one."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="contacts")
    number = models.CharField(_("contact number"), max_length=40, unique=True)
    role = models.CharField(_("role"), max_length=12, choices=ContactRole.choices)
    name_sealed = SealedField(seal="merchantcontact.name", index="merchantcontact.name", null=False)
    name_index = index_field()
    name_masked = models.CharField(_("name"), max_length=40)
    phone_sealed = SealedField(seal="merchantcontact.phone", index="merchantcontact.phone")
    phone_index = index_field()
    phone_masked = models.CharField(_("phone"), max_length=20, blank=True)
    email_sealed = SealedField(seal="merchantcontact.email", index="merchantcontact.email")
    email_index = index_field()
    email_masked = models.CharField(_("e-mail"), max_length=120, blank=True)
    is_main = models.BooleanField(_("main contact"), default=False)
    left_date = models.DateField(_("left on"), null=True, blank=True)

    class Meta:
        constraints = [
            keys.addressable("merchant_contact_number_addressable"),
            models.CheckConstraint(
                name="merchant_contact_role_known", condition=Q(role__in=ContactRole.values)
            ),
            models.CheckConstraint(
                name="merchant_contact_phone_with_index",
                condition=Q(phone_sealed=None, phone_index=None)
                | Q(phone_sealed__isnull=False, phone_index__isnull=False),
            ),
            models.CheckConstraint(
                name="merchant_contact_email_with_index",
                condition=Q(email_sealed=None, email_index=None)
                | Q(email_sealed__isnull=False, email_index__isnull=False),
            ),
            models.UniqueConstraint(
                name="merchant_contact_one_main",
                fields=["merchant"],
                condition=Q(is_main=True, left_date=None),
            ),
        ]
        indexes = [models.Index(name="merchant_contact_by_phone", fields=["phone_index"])]

    def __str__(self) -> str:
        return f"{self.number} {self.name_masked}"


MOST_PER_DAY = 40


class ContactReveal(models.Model):
    """One value of a contact person that was shown in full to one member of staff, and why; never
    the value itself. The unique number of the day, with its bound, is the limit. A trigger refuses
    update and delete."""

    contact = models.ForeignKey(MerchantContact, models.PROTECT, related_name="reveals")
    actor = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+")
    field = models.CharField(max_length=8, choices=ContactField.choices)
    kind = models.CharField(max_length=12, choices=ContactReason.choices)
    words = models.TextField()
    at = models.DateTimeField()
    on_date = models.DateField()
    number_of_day = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="contact_reveal_number_once", fields=["actor", "on_date", "number_of_day"]
            ),
            models.CheckConstraint(
                name="contact_reveal_within_limit",
                condition=Q(number_of_day__range=(1, MOST_PER_DAY)),
            ),
            models.CheckConstraint(name="contact_reveal_has_words", condition=~Q(words="")),
            models.CheckConstraint(
                name="contact_reveal_field_known", condition=Q(field__in=ContactField.values)
            ),
            models.CheckConstraint(
                name="contact_reveal_kind_known", condition=Q(kind__in=ContactReason.values)
            ),
        ]
        indexes = [models.Index(name="contact_reveal_newest", fields=["-at", "-id"])]

    def __str__(self) -> str:
        return f"{self.field} {self.number_of_day}"
