"""The message texts that are approved with versions."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from campaigns.planning import queries as planning
from campaigns.planning.enums import VersionState
from campaigns.planning.models import CampaignVersion
from campaigns.wording import queries as words
from campaigns.wording.rules import Finding, check
from journeys.notices import rules as notices
from journeys.notices.enums import Result
from journeys.outreach import queries as outreach
from portal.approvals import queries as approvals
from portal.approvals.enums import SubmissionState
from portal.audit import queries as audit

# A text of the journeys, a submission of the portal; their models are not ours to name.
Text = Any
Submission = Any


def texts() -> Any:
    """This will list the latest version of the message texts, withdrawn or not: those of campaigns,
    and those that tell results of applications."""
    return outreach.latest_texts()


def result_of(found: Text) -> str:
    """This will say which result a text tells; "" for texts of campaigns."""
    result = notices.result_told_by(found.code)
    return str(Result(result).label) if result else ""


@dataclass(frozen=True)
class TextVersion:
    """A version of a text, and when it was written, as the audit trail has it. Who wrote it stands
    in the text itself: nobody where it came with the portal."""

    text: Text
    written_at: dt.datetime | None


def versions_of(found: Text) -> list[TextVersion]:
    """This will list the versions of a text, the latest first, with those who wrote them."""
    versions = list(outreach.versions_of_text(found))
    entries = audit.latest_of_each(
        action="template.added",
        kind=found._meta.label_lower,
        keys=[str(one.pk) for one in versions],
    )
    instants = {key: entry.at for key, entry in entries.items()}
    return [TextVersion(one, instants.get(str(one.pk))) for one in versions]


def find_text(text_id: int) -> Text | None:
    """This will find a message text."""
    return outreach.find_text(text_id)


def text(text_id: int) -> Text:
    """This will return a message text. Raises LookupError."""
    found = find_text(text_id)
    if found is None:
        raise LookupError(text_id)
    return found


def reference_of(text_id: int) -> str:
    """This will name a wording as others refer to it."""
    return str(text(text_id).reference)


def latest_of(found: Text) -> Text:
    """This will return the latest version of a text."""
    return outreach.versions_of_text(found)[0]


def approved_with(text_id: int) -> list[CampaignVersion]:
    """This will list the approved versions that were approved with a wording, which their runs
    send, in the order of their ids."""
    code = text(text_id).code
    steps = {"touches": {"steps": [{"template": code}]}}
    rows = CampaignVersion.objects.filter(
        Q(content__template=code) | Q(content__contains=steps), state=VersionState.APPROVED
    )
    return [
        row
        for row in rows.select_related("campaign").order_by("id")
        if text_id in {one.get("text") for one in planning.approved_messages(row)}
    ]


def wording_that_waits(found: Text) -> Submission | None:
    """This will return the submission of the next wording of a text that tells a result, where
    one waits for approval."""
    key = str(latest_of(found).pk)
    rows = approvals.latest_about(kind=notices.APPROVAL_KIND, target_keys=[key])
    return next((row for row in rows.values() if row.state == SubmissionState.PENDING), None)


def findings_in(found: Text, *, on: dt.date) -> list[Finding]:
    """This will check the words of a message text as of a day."""
    return check(f"{found.subject}\n{found.body}".strip(), words.lexicon(on=on))
