"""Campaigns and their versions."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.planning.enums import ControlBy, Era, Objective, VersionState
from journeys.stages.enums import JourneyStage
from merchants.directory.enums import Scenario
from portal.kit import languages

_TONES = {
    VersionState.DRAFT: "secondary",
    VersionState.SUBMITTED: "warning",
    VersionState.APPROVED: "success",
    VersionState.RETURNED: "danger",
    VersionState.VETOED: "danger",
}


class Campaign(models.Model):
    """A campaign; what it does is in its versions. A stopped campaign grants and sends nothing.
    `control_by` never changes: whoever is left out for comparison stays left out."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=120)
    objective = models.CharField(_("objective"), max_length=10, choices=Objective.choices)
    stage = models.CharField(_("journey stage"), max_length=12, choices=JourneyStage.choices)
    scenario = models.CharField(_("scenario"), max_length=12, choices=Scenario.choices, blank=True)
    era = models.CharField(_("era"), max_length=4, choices=Era.choices)
    owner = models.ForeignKey("portal.Staff", models.PROTECT, related_name="campaigns")
    created_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    control_by = models.CharField(
        _("draw of the control group"), max_length=6, choices=ControlBy.choices,
        default=ControlBy.PERSON, editable=False,
    )  # fmt: skip

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return self.name_en if languages.reads_english() else self.name

    @property
    def is_stopped(self) -> bool:
        return self.stopped_at is not None


class SubmissionRule(models.Model):
    """From a day on: how old the dry run behind a submission may be, and how far audience and cost
    may move from what was approved. Differences up to the slack never count. Added to only."""

    effective_date = models.DateField(_("in force from"), unique=True)
    dry_run_days = models.PositiveSmallIntegerField(
        _("days a dry run is good for"),
        help_text=_("A version is submitted with a dry run as of at most so many days before."),
    )
    audience_percent = models.PositiveSmallIntegerField(
        _("audience may move by (%)"),
        help_text=_("Beyond it the approval is void, and a live run stops before it gives."),
    )
    audience_slack = models.PositiveIntegerField(_("customers that never count"), default=0)
    cost_percent = models.PositiveSmallIntegerField(_("cost may move by (%)"))
    cost_slack = models.DecimalField(
        _("CNY that never count"), max_digits=14, decimal_places=2, default=0
    )
    source = models.TextField(_("source of the rule"))

    class Meta:
        verbose_name = _("rule of submission")
        verbose_name_plural = _("rules of submission")
        constraints = [
            models.CheckConstraint(
                name="submission_rule_bounds",
                condition=Q(
                    dry_run_days__range=(1, 90),
                    audience_percent__lte=100,
                    cost_percent__lte=100,
                    cost_slack__gte=0,
                )
                & ~Q(source=""),
            ),
        ]

    def __str__(self) -> str:
        return str(self.effective_date)


class CampaignVersion(models.Model):
    """What the campaign asks and gives. `content` is frozen by a trigger once it is submitted, and
    no state is reached that the submissions of the version do not bear out.

    `content` holds `products` (codes), `issued_from` and `issued_to` (days of card issue, half
    open), `rule` (tree of conditions), `reward`, `channels` (in order of preference), `template`.
    """

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    state = models.CharField(
        max_length=10, choices=VersionState.choices, default=VersionState.DRAFT
    )
    created_by = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True)
    # A trigger sets it once; from then on no earlier version begins a live run.
    first_approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="version_number_once", fields=["campaign", "number"]),
            models.CheckConstraint(
                name="version_approved_has_time",
                condition=Q(state="approved", approved_at__isnull=False)
                | (~Q(state="approved") & Q(approved_at=None)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign.code} v{self.number}"

    @property
    def may_be_submitted(self) -> bool:
        return self.state in {VersionState.DRAFT, VersionState.RETURNED}

    @property
    def is_waiting(self) -> bool:
        return self.state == VersionState.SUBMITTED

    @property
    def is_approved(self) -> bool:
        return self.state == VersionState.APPROVED

    @property
    def tone(self) -> str:
        return _TONES[VersionState(self.state)]


class VersionAuthor(models.Model):
    """Somebody who wrote in a version, beside the one who made it: none of them may approve it.
    Added to only, and only before it is submitted."""

    version = models.ForeignKey(CampaignVersion, models.PROTECT, related_name="authors")
    staff = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+")
    wrote_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="version_author_once", fields=["version", "staff"])
        ]

    def __str__(self) -> str:
        return f"{self.version_id}/{self.staff_id}"
