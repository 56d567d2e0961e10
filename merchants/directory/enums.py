"""The words of the merchant directory."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Scenario(models.TextChoices):
    """Where a card is used."""

    DINING = "dining", _("Dining")
    GROCERIES = "groceries", _("Groceries")
    TRAVEL = "travel", _("Travel")
    CAR = "car", _("Car")
    HEALTH = "health", _("Health")
    EDUCATION = "education", _("Education")
    ONLINE = "online", _("Online and stay-at-home")
    OTHER = "other", _("Other")


class MerchantSource(models.TextChoices):
    """How the bank came to know a merchant."""

    ACQUIRING = "acquiring", _("Acquiring system")
    MANAGER = "manager", _("Found by a relationship manager")
    LEAD = "lead", _("Lead that was won")
    REFERRAL = "referral", _("Referred by another merchant")
    OTHER = "other", _("Another source")


class CitySize(models.TextChoices):
    """How large a city is, after the classes of the State Council (Guofa [2014] 51) by what the
    last census counted; what no row names is a city of another size."""

    MEGA = "mega", _("Super-large city")
    VERY_LARGE = "very_large", _("Very large city")
    LARGE = "large", _("Large city")
    OTHER = "other", _("Other city")


class StoreState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    OPEN = "open", pgettext_lazy("store", "Open")
    PAUSED = "paused", _("Closed for a time")
    CLOSED = "closed", _("Closed for good")


class ContactRole(models.TextChoices):
    OWNER = "owner", _("Owner or legal representative")
    MANAGER = "manager", _("Manager of the business")
    STORE = "store", _("Manager of a store")
    FINANCE = "finance", _("Finance")
    MARKETING = "marketing", _("Marketing")
    OTHER = "other", _("Other")


class ContactField(models.TextChoices):
    """What of a contact person is masked, and may be shown in full, one at a time."""

    NAME = "name", _("Full name")
    PHONE = "phone", _("Phone")
    EMAIL = "email", _("E-mail")


class ContactReason(models.TextChoices):
    """What the value is needed for; words say more."""

    CALL = "call", _("To call or write to the merchant")
    VISIT = "visit", _("To prepare a visit")
    CORRECTION = "correction", _("Checking or correcting the data")
    REVIEW = "review", _("Compliance review")


class Renewal(models.TextChoices):
    """What becomes of a contract at its end."""

    NONE = "none", _("It ends")
    TALKS = "talks", _("New talks")
    AUTOMATIC = "automatic", _("It goes on unless notice is given")


class ClauseState(models.TextChoices):
    """How far it is agreed that data of customers is given to the merchant. Without a clause,
    nothing is."""

    TALKS = "talks", _("In talks")
    SIGNED = "signed", _("Signed")


class SharingPurpose(models.TextChoices):
    """What for a merchant is given data (Personal Information Protection Law, article 23)."""

    REDEMPTION = "redemption", _("Redeeming offers at the till")
    MEMBERSHIP = "membership", _("Linking the merchant's membership")
    SETTLEMENT = "settlement", _("Settling shared costs")
    SERVICE = "service", _("Handling complaints together")
    FIGURES = "figures", _("Sums without persons, for the merchant")


class PartnerStep(models.TextChoices):
    """What is asked of a second person."""

    ADMIT = "admit", _("Admit as a partner")
    RELEASE = "release", _("End the partnership")


class RequestState(models.TextChoices):
    PENDING = "pending", _("Waits for approval")
    APPROVED = "approved", _("Approved")
    RETURNED = "returned", _("Returned")
