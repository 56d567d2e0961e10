"""What files of lower apps say about campaigns: that the version they name exists."""

from django.utils.translation import gettext_lazy as _

from portal.intake.rules import Check, Reason

UNKNOWN_VERSION = Reason(
    "unknown_version",
    _("There is no campaign version of this name; write the campaign's code and version: CODE/2."),
)

# For complaints whose root cause is a campaign.
KNOWN_CAUSE = Check(
    "cause_reference",
    UNKNOWN_VERSION,
    "SELECT s.row_number, s.cause_reference AS value FROM intake_staging s"
    " WHERE s.cause_kind = 'campaign' AND s.cause_reference IS NOT NULL AND NOT EXISTS ("
    "SELECT FROM campaigns_campaignversion v JOIN campaigns_campaign c ON c.id = v.campaign_id"
    " WHERE c.code || '/' || v.number = s.cause_reference)",
)
