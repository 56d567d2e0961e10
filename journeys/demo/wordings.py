"""A wording of a result that waits for a second person."""

import datetime as dt

from journeys.contact.enums import Channel
from journeys.notices import operations as notices
from journeys.notices import rules
from journeys.notices.enums import Result
from journeys.outreach import queries as texts
from portal.staff.enums import Role
from portal.staff.models import Staff

_ASKED_IN_WRITING = "如需书面说明，可在30日内提出，我行将于15日内答复。"


def propose(*, at: dt.datetime) -> None:
    """This will let the campaign manager propose a further sentence for the text that tells a
    refusal; without a campaign manager nothing is proposed."""
    maker = Staff.objects.filter(role=Role.CAMPAIGN_MANAGER).order_by("username").first()
    found = texts.templates_of(code=rules.template_of(Result.REFUSED), channels=[Channel.SMS])
    for text in found:
        if maker and text.language == texts.FALLBACK_LANGUAGE:
            notices.propose_wording(
                text_id=text.pk, subject=text.subject, body=f"{text.body}{_ASKED_IN_WRITING}",
                maker=maker, at=at,
            )  # fmt: skip
