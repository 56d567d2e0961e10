"""The message texts that are approved with versions."""

import datetime as dt
from typing import Any

from campaigns.planning import queries as planning
from campaigns.planning.enums import VersionState
from campaigns.planning.models import CampaignVersion
from campaigns.wording import queries as words
from campaigns.wording.rules import Finding, check
from journeys.notices import rules as notices
from journeys.notices.enums import Result
from journeys.outreach import queries as outreach

# A text of the journeys; its model is not ours to name.
Text = Any


def texts() -> Any:
    """This will list the latest version of the message texts of campaigns, withdrawn or not. Those
    that tell results of applications are no campaign's."""
    return outreach.latest_texts().exclude(code__in=_of_results())


def _of_results() -> list[str]:
    return [notices.template_of(result) for result in Result.values]


def find_text(text_id: int) -> Text | None:
    """This will find a message text of campaigns."""
    found = outreach.find_text(text_id)
    return None if found is None or found.code in _of_results() else found


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
    rows = CampaignVersion.objects.filter(state=VersionState.APPROVED, content__template=code)
    return [
        row
        for row in rows.select_related("campaign").order_by("id")
        if text_id in {one.get("text") for one in planning.approved_messages(row)}
    ]


def findings_in(found: Text, *, on: dt.date) -> list[Finding]:
    """This will check the words of a message text as of a day."""
    return check(f"{found.subject}\n{found.body}".strip(), words.lexicon(on=on))
