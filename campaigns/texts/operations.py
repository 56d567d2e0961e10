"""Message texts: a wording is put before another person, and becomes the next version once that one
approves it; one that must not go out is withdrawn; one that is being written is sent to oneself."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from campaigns.planning import operations as planning
from campaigns.planning.rules import drift
from campaigns.texts import queries, rules
from campaigns.texts.queries import deciding
from campaigns.texts.rules import Fault, Key, variables
from campaigns.wording import queries as words
from journeys.contact.enums import Channel
from journeys.notices import operations as notices
from journeys.outreach import operations as outreach
from portal.approvals import operations as approvals
from portal.approvals import queries as submissions
from portal.kit import clock
from portal.staff.enums import Permission
from portal.staff.models import Staff


class TextNotFit(Exception):
    """Raised when a wording must not be submitted as it stands; `faults` say why and what to
    do."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(fault.sentence for fault in faults))
        self.faults = faults


class TextRefused(Exception):
    """Raised when a wording says what the one before says, or another one of the text waits; its
    text is a sentence for a person."""


@transaction.atomic
def propose_text(*, key: Key, subject: str, body: str, maker: Staff, at: dt.datetime) -> None:
    """This will put the next wording of a text, or the first, before another person. Who wrote what
    came back since the last approval decides nothing of it either. Raises planning's NotAllowed,
    TextNotFit and TextRefused."""
    planning.require(maker, Permission.EDIT_CAMPAIGNS)
    examined = queries.examine(key, subject=subject, body=body, on=clock.bank_day(at))
    if not examined.is_fit:
        raise TextNotFit([one for one in examined.faults if one.is_block])
    latest = queries.find_by_key(key)
    if latest is not None and latest.says(subject, body) and not latest.is_withdrawn:
        raise TextRefused(_("It says the same as the version before; nothing was written."))
    excused = words.excused_by([f"{subject}\n{body}"], on=clock.bank_day(at))
    if key.is_of_result:
        _propose_result(latest, subject, body, maker, excused, at)
        return
    try:
        approvals.submit(
            kind=rules.APPROVAL_KIND,
            target_key=str(key),
            title=_title(key, "zh-hans"),
            title_en=_title(key, "en"),
            summary=f"{subject}\n{body}".strip(),
            snapshot=deciding.snapshot_of(key, subject=subject, body=body),
            maker=maker,
            co_authors=[one for one in queries.writers_since_approved(key) if one.pk != maker.pk],
            excused=excused,
            at=at,
        )
    except approvals.AlreadyPending as waiting:
        raise TextRefused(
            _("Another wording of this text waits for approval. Decide about that one first.")
        ) from waiting


def _propose_result(
    latest: Any, subject: str, body: str, maker: Staff, excused: Sequence[Staff], at: dt.datetime
) -> None:
    if latest is None:
        raise TextRefused(
            _("The texts that tell results come with the portal; this one does not exist.")
        )
    try:
        notices.propose_wording(
            text_id=latest.pk, subject=subject, body=body, maker=maker, excused=excused, at=at
        )
    except notices.WordingRefused as refused:
        raise TextRefused(str(refused)) from refused


def _title(key: Key, language: str) -> str:
    """Those who decide read it in languages of their own."""
    with translation.override(language):
        return _("Text {code}: {channel}, {language}").format(
            code=key.code,
            channel=Channel(key.channel).label,
            language=get_language_info(key.language)["name_local"],
        )


def carry_text(target_key: str, checker: Staff, at: dt.datetime) -> None:
    """This will write the version that `checker` approved. It goes out with the campaigns that are
    approved from now on. Those that were approved before send no other words than their own: their
    touch plans go on with these, their next live run asks for a new approval."""
    row = submissions.latest_about(kind=rules.APPROVAL_KIND, target_keys=[target_key])[target_key]
    outreach.add_template(
        code=row.snapshot["code"], channel=row.snapshot["channel"],
        language=row.snapshot["language"], subject=row.snapshot["subject"],
        body=row.snapshot["body"], actor=row.maker, at=at, approved_in=row.pk,
    )  # fmt: skip


def leave_text(target_key: str, checker: Staff | None, at: dt.datetime) -> None:
    """This will leave a text as it is whose next wording was not approved."""


@transaction.atomic
def withdraw_text(*, text_id: int, reason: str, actor: Staff, at: dt.datetime) -> int:
    """This will withdraw a message text at once, and return how many waiting messages were
    cancelled. The approval of each version that was approved with it is void: its live run that is
    going on ends at the next part, and none begins before it is approved again.

    Raises planning's NotAllowed and outreach's TextNotWithdrawable.
    """
    planning.require(actor, Permission.WITHDRAW_TEXTS)
    # Approvals before messages, in the order in which a veto takes them.
    for version in queries.approved_with(text_id):
        lost = [drift.Drift(drift.WITHDRAWN, approved=queries.reference_of(text_id))]
        planning.void_approval(version_id=version.pk, drifts=lost, at=at)
    return outreach.withdraw_text(template_id=text_id, reason=reason, actor=actor, at=at)


def send_test(*, key: Key, subject: str, body: str, actor: Staff, at: dt.datetime) -> Any:
    """This will send a wording, approved or not, to the own address of `actor`, with invented
    values: nothing of a customer leaves the house by it. Raises planning's NotAllowed, TextNotFit
    where it cannot be filled in, and outreach's NotTested."""
    planning.require(actor, Permission.EDIT_CAMPAIGNS)
    examined = queries.examine(key, subject=subject, body=body, on=clock.bank_day(at))
    if examined.longest is None:
        raise TextNotFit([one for one in examined.faults if one.is_block])
    return outreach.send_test(
        code=key.code, channel=key.channel, language=key.language, subject=subject, body=body,
        values=variables.examples(is_result=key.is_of_result), actor=actor, at=at,
    )  # fmt: skip
