"""Channels, purposes, days and hours, and the answers of the gate."""

import enum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Address(enum.StrEnum):
    """What a person is reached by: the phone, the mail address, or the bank's own number."""

    PHONE = "phone"
    EMAIL = "email"
    NUMBER = "number"


class Channel(models.TextChoices):
    """The one list of channels; how each hands over stands in its folder
    (`journeys.outreach.channels`). Who is reached otherwise than by phone says so below."""

    SMS = "sms", _("SMS")
    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Telephone")
    PUSH = "push", _("Push message")
    ON_SITE = "on_site", _("Message in mobile bank")

    @property
    def address(self) -> Address:
        """What a person must have to be reached."""
        return _REACHED_BY.get(self.value, Address.PHONE)


# The bank's push gateway and its mobile bank know people by their customer number.
_REACHED_BY = {
    Channel.EMAIL.value: Address.EMAIL,
    Channel.PUSH.value: Address.NUMBER,
    Channel.ON_SITE.value: Address.NUMBER,
}


class Purpose(models.TextChoices):
    """What a contact is for."""

    MARKETING = "marketing", _("Marketing")
    SERVICE = "service", _("Service")


class ConsentPurpose(models.TextChoices):
    """What a person is asked to agree to. Marketing is agreed to by channel, the others are not:
    data for a merchant and decisions by machines alone need a consent of their own (Personal
    Information Protection Law, art. 23 and 24)."""

    MARKETING = "marketing", _("Marketing")
    SHARING = "sharing", _("Data shared with a merchant")
    DECISIONS = "decisions", _("Decisions made by machines")


class RefusalSource(models.TextChoices):
    """How the person said it."""

    CALL = "call", _("On the telephone")
    SMS = "sms", _("By SMS")
    EMAIL = "email", _("By e-mail")
    BRANCH = "branch", _("At the branch")
    APP = "app", _("In the mobile app")
    LETTER = "letter", _("By letter")
    REQUEST = "request", _("By a request about the person's data")


class PauseKind(models.TextChoices):
    """What pauses marketing to a person until it is settled, or its time is over."""

    COMPLAINT = "complaint", _("Complaint")
    CASE = "case", _("Service case")
    PEACE = "peace", _("Left in peace after an angry call")


class ControlState(models.TextChoices):
    """What became of a control group that somebody proposed."""

    PROPOSED = "proposed", _("Waits for approval")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Not approved")


class DayKind(models.TextChoices):
    """What a day is by the calendar of the State Council."""

    WORKDAY = "workday", _("Workday")
    REST = "rest", _("Rest day")


class GateAnswer(models.TextChoices):
    """Why a person may, or may not, be contacted. The order is the order of the checks."""

    OPEN = "open", _("May be contacted")
    NO_RULE = "no_rule", _("No contact rule in force")
    ALREADY = "already", _("Already contacted for this")
    DO_NOT_CONTACT = "do_not_contact", _("Never to be contacted")
    COMPLAINT_OPEN = "complaint_open", _("A complaint is open")
    CASE_OPEN = "case_open", _("A service case is open")
    PEACE = "peace", _("Left in peace after an angry call")
    NO_CONSENT = "no_consent", _("No consent for this channel")
    NO_ADDRESS = "no_address", _("No address for this channel")
    CONTROL_GROUP = "control_group", _("In the bank's control group")
    NO_HOURS = "no_hours", _("No contact hours in force for this channel and place")
    NO_CALENDAR = "no_calendar", _("The calendar of the year is missing")
    CAP_REACHED = "cap_reached", _("Contact limit reached")
