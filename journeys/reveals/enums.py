"""What can be revealed of a customer, and for what."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RevealField(models.TextChoices):
    """What is masked on pages and may be shown in full, one at a time."""

    PHONE = "phone", _("Phone")
    ID_NUMBER = "id_number", _("ID number")
    EMAIL = "email", _("E-mail")
    ADDRESS = "address", _("Postal address")
    NAME = "name", _("Full name")


class SearchDoor(models.TextChoices):
    """Where somebody is looked for by a full phone, ID number, e-mail or postal address."""

    CUSTOMERS = "customers", _("List of customers")
    RIGHTS = "rights", _("Everything about a person")


class SearchOutcome(models.TextChoices):
    """What came of such a search."""

    FOUND = "found", _("Somebody was found")
    NOBODY = "nobody", _("Nobody was found")
    REFUSED = "refused", _("Refused: the limit of the day was reached")


class RevealReason(models.TextChoices):
    """What the value is needed for; words say more."""

    CUSTOMER_ASKED = "customer_asked", _("The customer asked for something")
    COMPLAINT = "complaint", _("A complaint or service case")
    CORRECTION = "correction", _("Checking or correcting the data")
    FRAUD = "fraud", _("Suspicion of fraud")
    AUTHORITY = "authority", _("Request of an authority or the supervisor")
    REVIEW = "review", _("Compliance review")
