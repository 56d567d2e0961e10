"""The message texts: their versions, who sends them, and what is on its way to approval."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from campaigns.planning import queries as planning
from campaigns.planning.enums import VersionState
from campaigns.planning.models import CampaignVersion
from campaigns.planning.rules import naming
from campaigns.texts import rules
from campaigns.texts.enums import TextState
from journeys.notices import rules as notices
from journeys.notices.enums import Result
from journeys.outreach import queries as outreach
from portal.approvals import queries as approvals
from portal.approvals.enums import SubmissionState
from portal.audit import queries as audit

# A text of the journeys, a submission of the portal; their models are not ours to name.
Text = Any
Submission = Any
_MOST_SHOWN = 20


def texts(*, words: str = "", channel: str = "", language: str = "", state: str = "") -> Any:
    """This will list the latest version of the message texts, withdrawn or not: those of campaigns,
    and those that tell results of applications; narrowed to a channel, a language, a TextState, and
    to those whose latest version holds all `words` in its code, headline or text."""
    asked = {"channel": channel, "language": language}
    rows = outreach.latest_texts_among(
        words=words.split(), **{name: value for name, value in asked.items() if value}
    )
    if state:
        rows = rows.filter(withdrawal__isnull=state == TextState.SENT)
    return rows


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
    step = {"template": code}
    named = Q(content__template=code)
    for one in (step, {"variants": [step]}):
        named |= Q(content__contains={"touches": {"steps": [one]}})
    rows = CampaignVersion.objects.filter(named, state=VersionState.APPROVED)
    return [
        row
        for row in rows.select_related("campaign").order_by("id")
        if text_id in {one.get("text") for one in planning.approved_messages(row)}
    ]


def waiting_with(text_id: int) -> list[CampaignVersion]:
    """This will list the versions that wait for approval with a wording: another one in its place
    makes what was submitted void."""
    rows = planning.waiting()
    kind, keys = naming.APPROVAL_KIND, [str(row.pk) for row in rows]
    waiting = approvals.latest_about(kind=kind, target_keys=keys)
    return [row for row in rows if text_id in _sent_by(waiting.get(str(row.pk)))]


def _sent_by(submission: Submission | None) -> set[int]:
    """The wordings that were submitted with a version."""
    submitted = submission.snapshot.get("messages", []) if submission else []
    return {one["text"] for one in submitted if "text" in one}


def find_by_key(key: rules.Key) -> Text | None:
    """This will find the latest version of a text; None where none was ever approved."""
    return outreach.latest_version(code=key.code, channel=key.channel, language=key.language)


def _asked_by(key: rules.Key, latest: Text | None) -> tuple[str, str]:
    """Under which kind and key the next wording of a text is submitted."""
    if latest is not None and notices.result_told_by(key.code):
        return notices.APPROVAL_KIND, str(latest.pk)
    return rules.APPROVAL_KIND, str(key)


def on_its_way(key: rules.Key) -> Submission | None:
    """This will return the wording of a text that was submitted last, unless it was approved: it
    waits, or came back and may be mended."""
    kind, asked = _asked_by(key, find_by_key(key))
    found = approvals.latest_about(kind=kind, target_keys=[asked]).get(asked)
    return None if found is None or found.state == SubmissionState.APPROVED else found


def is_waiting(submission: Submission | None) -> bool:
    """This will tell whether a submission waits for approval."""
    return submission is not None and submission.state == SubmissionState.PENDING


def writers_since_approved(key: rules.Key) -> list[Any]:
    """This will list who submitted wordings of a text since one was approved: the next is written
    over the words that came back."""
    found: dict[int, Any] = {}
    for row in approvals.history_of(kind=rules.APPROVAL_KIND, target_key=str(key)):
        if row.state == SubmissionState.APPROVED:
            break
        found[row.maker_id] = row.maker
    return list(found.values())


@dataclass(frozen=True)
class OnItsWay:
    """A wording that waits for approval or came back, and which text it is of."""

    submission: Submission
    key: rules.Key

    @property
    def label(self) -> str:
        return str(self.submission.label)


def all_on_their_way() -> list[OnItsWay]:
    """This will list the wordings of texts of campaigns that wait for approval or came back, the
    latest first, and no more than a page shows."""
    found = []
    for row in approvals.not_settled(kind=rules.APPROVAL_KIND)[:_MOST_SHOWN]:
        key = rules.read_key(row.target_key)
        if key is not None:
            found.append(OnItsWay(row, key))
    return found
