"""Drafts: campaigns that people are still writing."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from portal.kit import languages


class Draft(models.Model):
    """A campaign in the making. `content` is a plan as a version keeps it, as far as it is written;
    `revision` grows by one with each change, so that nobody overwrites what was not seen.

    `based_on` is the version that an edit began from, which settles the campaign; without it the
    draft becomes a campaign of its own with `code`. `seen_number` is the newest version of the
    campaign that its author knew: of one that came since, the author is told before it is saved.
    """

    code = models.CharField(max_length=40, blank=True)
    based_on = models.ForeignKey(
        "campaigns.CampaignVersion", models.PROTECT, null=True, related_name="drafts"
    )
    seen_number = models.PositiveIntegerField(null=True)
    owner = models.ForeignKey("portal.Staff", models.PROTECT, related_name="campaign_drafts")
    content = models.JSONField()
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="draft_revision_from_one", condition=Q(revision__gte=1)),
            models.CheckConstraint(
                name="draft_edit_has_code", condition=Q(based_on=None) | ~Q(code="")
            ),
            models.CheckConstraint(
                name="draft_edit_has_seen",
                condition=Q(based_on=None, seen_number=None)
                | Q(based_on__isnull=False, seen_number__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        is_english = languages.reads_english()
        names = [self.content.get("name", ""), self.content.get("name_en", "")]
        known = [name for name in (reversed(names) if is_english else names) if name]
        return known[0] if known else self.code or _("Campaign without a name")


class DraftWriter(models.Model):
    """Somebody who wrote in a draft, or in a version that it began from and that nobody had
    approved: an author of what becomes of it."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="writers")
    staff = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+")
    wrote_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="draft_writer_once", fields=["draft", "staff"])]

    def __str__(self) -> str:
        return f"{self.draft_id}/{self.staff_id}"
