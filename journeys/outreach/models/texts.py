"""The texts of messages, their withdrawals, and what was sent to oneself to look at."""

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language_info, gettext
from django.utils.translation import gettext_lazy as _

from journeys.contact.enums import Channel
from journeys.outreach.enums import Result


class MessageTemplate(models.Model):
    """A text for one channel and language. Added to only: a new wording is a new version, and one
    that must not go out any more is withdrawn.

    What somebody wrote is here only once somebody else has approved it: a trigger looks whether
    `approved_in` is an approved submission of these very words by its author. So whatever names a
    version names one that was approved, and no message has to be looked at for it.
    """

    code = models.CharField(_("code"), max_length=40)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    language = models.CharField(_("language"), max_length=10)
    version = models.PositiveIntegerField(_("version"), default=1)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    body = models.TextField(_("text"))
    # None for the texts that the portal brings along.
    author = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")
    approved_in = models.OneToOneField(
        "portal.Submission", models.PROTECT, null=True, related_name="+"
    )

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


class TextTest(models.Model):
    """A wording that somebody of the bank had sent to the own address, to see how it arrives. No
    customer is contacted by it: it is no message of the outbox, and no contact."""

    sent_by = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+")
    code = models.CharField(_("code"), max_length=40)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    language = models.CharField(_("language"), max_length=10)
    # SHA-256 of headline and text, with their gaps: what was looked at, also where it was never
    # approved.
    words_hash = models.CharField(max_length=64)
    destination_masked = models.CharField(_("to"), max_length=120)
    asked_at = models.DateTimeField(_("asked at"))
    # "" until the gateway has answered.
    result = models.CharField(max_length=12, blank=True)
    detail = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="text_test_result_known",
                condition=Q(result__in=["", *(one.value for one in Result)]),
            ),
        ]
        indexes = [models.Index(name="text_test_of", fields=["sent_by", "asked_at"])]

    def __str__(self) -> str:
        return f"{self.code}/{self.channel}/{self.language}"

    @property
    def is_sent(self) -> bool:
        return self.result == Result.SENT
