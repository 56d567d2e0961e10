"""Results of applications that customers are told, and from when on."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from journeys.cards.enums import ApplicationState
from journeys.contact.enums import GateAnswer
from journeys.notices import rules
from journeys.notices.enums import Hindrance, NoticeState, Result
from journeys.outreach.enums import MessageState


class NoticeRule(models.Model):
    """How old a result may be when it comes in and still be told, from a day on. Added to only."""

    effective_date = models.DateField(_("in force from"), unique=True)
    days = models.PositiveSmallIntegerField(
        _("days"),
        help_text=_("Results decided at most so many days before the day they came in are told."),
    )
    source = models.TextField(_("reason of the rule"))

    class Meta:
        verbose_name = _("rule for telling results")
        verbose_name_plural = _("rules for telling results")
        constraints = [
            models.CheckConstraint(
                name="notice_rule_days", condition=Q(days__lte=rules.MAX_DAYS) & ~Q(source="")
            ),
        ]

    def __str__(self) -> str:
        return str(self.effective_date)


class ResultNotice(models.Model):
    """One result of an application that its customer is told, once.

    Written by the import that brought the result; `not_before` is when telling may be tried.
    `answer` says why it waits or was not told. A result that holds again after another one went
    out has a row of its own, of the next round. `is_reopened` marks the results from before an
    application was opened again. A trigger refuses delete, and holds what the result is.
    """

    application = models.ForeignKey(
        "journeys.Application", models.PROTECT, related_name="notices", db_index=False
    )
    customer = models.ForeignKey("journeys.Customer", models.PROTECT, related_name="+")
    result = models.CharField(_("result"), max_length=10, choices=Result.choices)
    decided_date = models.DateField(_("decided on"))
    state = models.CharField(
        _("state"), max_length=10, choices=NoticeState.choices, default=NoticeState.DUE
    )
    round_number = models.PositiveSmallIntegerField(default=1)
    noted_at = models.DateTimeField(_("came in at"))
    not_before = models.DateTimeField()
    answer = models.CharField(max_length=16, blank=True)
    told_at = models.DateTimeField(null=True)
    message = models.OneToOneField(
        "journeys.Message", models.PROTECT, null=True, related_name="result_notice"
    )
    is_reopened = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="notice_once",
                fields=["application", "result", "decided_date", "round_number"],
            ),
            models.UniqueConstraint(
                name="notice_due_once",
                fields=["application", "result", "decided_date"],
                condition=Q(state="due"),
            ),
            models.CheckConstraint(
                name="notice_result_known", condition=Q(result__in=Result.values)
            ),
            models.CheckConstraint(
                name="notice_state_known", condition=Q(state__in=NoticeState.values)
            ),
            models.CheckConstraint(
                name="notice_told_has_message",
                condition=Q(state="told", message__isnull=False, told_at__isnull=False)
                | (~Q(state="told") & Q(message=None, told_at=None)),
            ),
            models.CheckConstraint(
                name="notice_not_told_has_answer", condition=~Q(state="not_told") | ~Q(answer="")
            ),
            models.CheckConstraint(
                name="notice_tried_after_it_came", condition=Q(not_before__gte=F("noted_at"))
            ),
        ]
        indexes = [
            models.Index(name="notice_due", fields=["not_before", "id"], condition=Q(state="due")),
            models.Index(name="notice_noted", fields=["-noted_at", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.result}"

    @property
    def is_told(self) -> bool:
        """Whether a message was written; whether it went is the message's."""
        return self.state == NoticeState.TOLD

    @property
    def was_sent(self) -> bool:
        return self.message is not None and self.message.state == MessageState.SENT

    @property
    def waits_to_go(self) -> bool:
        """Whether its message was written and is on its way."""
        going = {MessageState.QUEUED, MessageState.SENDING}
        return self.message is not None and self.message.state in going

    @property
    def is_due(self) -> bool:
        return self.state == NoticeState.DUE

    @property
    def is_superseded(self) -> bool:
        return self.state == NoticeState.SUPERSEDED

    @property
    def answer_words(self) -> str:
        """Why it waits or was not told, for the reader; empty where nothing stands against it."""
        for answers in (Hindrance, GateAnswer):
            if self.answer in answers.values:
                return str(answers(self.answer).label)
        return self.answer

    @property
    def differs_from_application(self) -> bool:
        """Whether the application stands otherwise now than the customer was told."""
        return self.is_told and self.application.state != self.result

    @property
    def application_state_words(self) -> str:
        """How the application stands now."""
        return str(ApplicationState(self.application.state).label)
