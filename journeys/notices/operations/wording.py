"""The next wording of a text that tells a result: one person writes it, another one approves it."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from journeys.notices import queries, rules
from journeys.outreach import operations as outreach
from portal.approvals import operations as approvals
from portal.approvals import queries as submissions
from portal.approvals import rules as approval_rules
from portal.staff.models import Staff


class WordingRefused(Exception):
    """Raised when a wording needs what no result brings, says what the one before says, or another
    one waits for approval; its text is a sentence for a person."""


@transaction.atomic
def propose_wording(
    *,
    text_id: int,
    subject: str,
    body: str,
    maker: Staff,
    at: dt.datetime,
    excused: Sequence[Staff] = (),
) -> None:
    """This will put the next version of a text of results before another person, who is none of
    those who made an exception of a word in it (`excused`). Raises WordingRefused, outreach's
    BadTemplate, and LookupError for other texts."""
    latest = queries.latest_of(text_id)
    if unknown := rules.unknown_variables(subject, body):
        raise WordingRefused(
            _("No result brings these values: {names}. There are: {known}.").format(
                names=", ".join(unknown), known=", ".join(rules.VARIABLES)
            )
        )
    if latest.says(subject, body) and not latest.is_withdrawn:
        raise WordingRefused(_("It says the same as the version before; nothing was written."))
    try:
        approvals.submit(
            kind=rules.APPROVAL_KIND,
            target_key=str(latest.pk),
            title=_label_in(latest, "zh-hans"),
            title_en=_label_in(latest, "en"),
            summary=f"{subject}\n{body}".strip(),
            snapshot=_snapshot(latest, subject, body),
            maker=maker,
            excused=excused,
            at=at,
        )
    except approvals.AlreadyPending as waiting:
        raise WordingRefused(
            _("Another wording of this text waits for approval. Decide about that one first.")
        ) from waiting


def _snapshot(latest: Any, subject: str, body: str) -> dict[str, Any]:
    return {"instead_of": latest.reference, "subject": subject, "body": body}


def current_hash(target_key: str) -> str:
    """This will return the hash of the wording that waits as the text stands now: another one than
    was submitted where a further version came since."""
    waiting: Any = submissions.pending_snapshot(kind=rules.APPROVAL_KIND, target_key=target_key)
    latest = queries.latest_of(int(target_key))
    return approval_rules.snapshot_hash(_snapshot(latest, waiting["subject"], waiting["body"]))


def carry_wording(target_key: str, checker: Staff, at: dt.datetime) -> None:
    """This will write the version that `checker` approved; it is sent from now on."""
    row = submissions.latest_about(kind=rules.APPROVAL_KIND, target_keys=[target_key])[target_key]
    text = queries.latest_of(int(target_key))
    outreach.add_template(
        code=text.code, channel=text.channel, language=text.language,
        subject=row.snapshot["subject"], body=row.snapshot["body"], actor=row.maker, at=at,
        approved_in=row.pk,
    )  # fmt: skip


def leave_wording(target_key: str, checker: Staff, at: dt.datetime) -> None:
    """This will leave a text as it is whose next wording was not approved."""


def _label_in(text: Any, language: str) -> str:
    """Those who decide read it in languages of their own."""
    with translation.override(language):
        return str(text.label)
