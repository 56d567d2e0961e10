"""States of a submission and verdicts on it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SubmissionState(models.TextChoices):
    PENDING = "pending", _("Waiting for approval")
    APPROVED = "approved", _("Approved")
    RETURNED = "returned", _("Returned")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    VOIDED = "voided", _("Void: changed since submission")
    VETOED = "vetoed", _("Vetoed")


class Part(models.TextChoices):
    """What part somebody had in what was submitted, beside its author."""

    WROTE = "wrote", _("Wrote in it")
    EXCUSED = "excused", _("Made an exception of a word")


class Verdict(models.TextChoices):
    APPROVE = "approve", _("Approve")
    RETURN = "return", _("Return")
    VETO = "veto", _("Veto")
