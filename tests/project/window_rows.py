"""One good row of each model of refusals and of windows, and what its constraints refuse."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import Model

from merchants.models import Partnership, RefusalAnswer, RefusalReason, WindowMove
from portal.models import Branch, Staff
from portal.staff.enums import Role
from tests.factories import portal
from tests.project.making import BUILDERS, DAY, INSTANT, code, insert, lazy, row_of

BEFORE, AFTER = DAY - dt.timedelta(days=1), DAY + dt.timedelta(days=1)
_SAID = {"name": code, "name_en": "Name", "text": "文", "text_en": "Text", "added_at": INSTANT}


def root() -> RefusalReason:
    """A root; where a test emptied the tables before, it is made again."""
    found = RefusalReason.objects.filter(parent=None, root="unaware").first()
    return found or RefusalReason.objects.create(root="unaware", **{**_SAID, "name": "缺乏意识"})


def an_answer() -> Any:
    """An answer to that root."""
    found = RefusalAnswer.objects.filter(reason=root(), retired_date=None).first()
    return found or row_of("merchants.RefusalAnswer")


def _reason(**values: Any) -> Model:
    return insert("merchants.RefusalReason", values, parent=root, root="unaware", **_SAID)


def _answer(**values: Any) -> Model:
    return insert("merchants.RefusalAnswer", values, reason=root, kind="talk", **_SAID)


def _refusal(**values: Any) -> Model:
    return insert(
        "merchants.Refusal", values, partnership=lazy("merchants.Partnership"), reason=root,
        words="不需要", said_date=DAY, recorded_by=portal.StaffFactory, recorded_at=INSTANT,
    )  # fmt: skip


def _try(**values: Any) -> Model:
    return insert(
        "merchants.AnswerTry", values, refusal=lazy("merchants.Refusal"),
        answer=an_answer, tried_date=DAY,
        tried_by=portal.StaffFactory, tried_at=INSTANT,
    )  # fmt: skip


def _meeting(**values: Any) -> Model:
    return insert(
        "merchants.Meeting", values, partnership=lazy("merchants.Partnership"), on_date=DAY,
        purpose="谈明年", planned_by=portal.StaffFactory, planned_at=INSTANT,
    )  # fmt: skip


def _person(**values: Any) -> Model:
    meeting = values.pop("meeting", None) or row_of("merchants.Meeting")
    return insert(
        "merchants.MeetingPerson", values, meeting=meeting,
        contact=lambda: row_of(
            "merchants.MerchantContact", merchant=meeting.partnership.merchant
        ),
    )  # fmt: skip


def _note(**values: Any) -> Model:
    # Together: what no move began cannot be committed.
    with transaction.atomic():
        row = insert(
            "merchants.WindowNote", values, partnership=lazy("merchants.Partnership"),
            side="merchant", kind="need", words="淡季客流", written_by=portal.StaffFactory,
            written_at=INSTANT,
        )  # fmt: skip
        _move(note=row)
    row.refresh_from_db()
    return row


def _move(**values: Any) -> Model:
    note = values.pop("note", None) or row_of("merchants.WindowNote")
    last = WindowMove.objects.filter(note=note).order_by("-number").first()
    return insert(
        "merchants.WindowMove", values, note=note, number=last.number + 1 if last else 1,
        from_pane=last.to_pane if last else "", to_pane="open" if last else "theirs", on_date=DAY,
        at=INSTANT, actor=portal.StaffFactory, words="x",
    )  # fmt: skip


def _promise(**values: Any) -> Model:
    return insert(
        "merchants.PartnerPromise", values, partnership=lazy("merchants.Partnership"),
        side="bank", words="送上月数字", made_date=DAY, due_date=DAY,
        noted_by=portal.StaffFactory, noted_at=INSTANT,
    )  # fmt: skip


BUILDERS.update(
    {
        "merchants.RefusalReason": _reason,
        "merchants.RefusalAnswer": _answer,
        "merchants.Refusal": _refusal,
        "merchants.AnswerTry": _try,
        "merchants.Meeting": _meeting,
        "merchants.MeetingPerson": _person,
        "merchants.WindowNote": _note,
        "merchants.WindowMove": _move,
        "merchants.PartnerPromise": _promise,
    }
)


def deepest() -> RefusalReason:
    """A reason below which no other may stand."""
    row = root()
    for _step in range(3):
        row = row_of("merchants.RefusalReason", parent=row)
    return row


def refused(branch: Branch, words: str) -> Partnership:
    """A partnership of a branch that said no, with these words."""
    row: Partnership = row_of("merchants.Partnership", branch=branch)
    row_of("merchants.Refusal", partnership=row, words=words)
    return row


def met_refusal(_staff: Staff, _arguments: dict[str, Any]) -> None:
    """This will add a refusal with an answer that was tried."""
    refusal = row_of("merchants.Refusal", recorded_by=portal.StaffFactory())
    row_of("merchants.AnswerTry", refusal=refusal, tried_by=portal.StaffFactory())


def refused_lead(_staff: Staff, _arguments: dict[str, Any]) -> None:
    """This will add a lead with an open refusal."""
    lead = row_of("merchants.MerchantLead", branch=portal.BranchFactory())
    row_of("merchants.Refusal", partnership=None, lead=lead)


def answered(_staff: Staff, arguments: dict[str, Any]) -> None:
    """This will add an answer to a reason."""
    row_of("merchants.RefusalAnswer", reason_id=arguments["reason_id"])


def tried(_staff: Staff, arguments: dict[str, Any]) -> None:
    """This will add a try at a refusal."""
    row_of(
        "merchants.AnswerTry", refusal_id=arguments["refusal_id"],
        answer=row_of("merchants.RefusalAnswer"), tried_by=portal.StaffFactory(),
    )  # fmt: skip


def in_window(_staff: Staff, arguments: dict[str, Any]) -> None:
    """This will add a line to each list of a window."""
    for kind in ("WindowNote", "Meeting", "PartnerPromise"):
        row_of(f"merchants.{kind}", partnership_id=arguments["partnership_id"])


def met(staff: Staff, _arguments: dict[str, Any]) -> None:
    """This will add a reason that a refusal named."""
    row_of("merchants.Refusal", reason=row_of("merchants.RefusalReason"), recorded_by=staff)


def planned(_staff: Staff, _arguments: dict[str, Any]) -> None:
    """This will add a meeting."""
    row_of("merchants.Meeting")


# Pages with a list: who looks, and what makes one more row.
LISTED: dict[str, tuple[str, Callable[[Staff, dict[str, Any]], None]]] = {
    "merchant_refusal_list": (Role.COMPLIANCE, met_refusal),
    "refusal_leads": (Role.COMPLIANCE, refused_lead),
    "refusal_reasons": (Role.BRANCH_MANAGER, met),
    "refusal_reason": (Role.BRANCH_MANAGER, answered),
    "refusal_page": (Role.COMPLIANCE, tried),
    "window_page": (Role.COMPLIANCE, in_window),
    "meeting_list": (Role.COMPLIANCE, planned),
}

_RETIRED = {"retired_date": DAY, "retired_by": portal.StaffFactory, "retired_why": "x"}
_BY = {"settled_by": portal.StaffFactory, "settled_at": INSTANT}
_TOLD = {"outcome_by": portal.StaffFactory, "outcome_at": INSTANT}
CHECKS: list[tuple[str, str, dict[str, Any]]] = [
    ("refusal_reason_roots_stand", "merchants.RefusalReason", {"parent": None, "depth": 1}),
    ("refusal_reason_not_too_deep", "merchants.RefusalReason", {"parent": deepest}),
    (
        "refusal_reason_root_known",
        "merchants.RefusalReason",
        {"parent": None, "root": "moon"},
    ),
    ("refusal_reason_in_both", "merchants.RefusalReason", {"text_en": ""}),
    ("refusal_reason_retired_whole", "merchants.RefusalReason", {**_RETIRED, "retired_why": ""}),
    ("refusal_reason_retired_whole", "merchants.RefusalReason", {"retired_why": "x"}),
    ("refusal_answer_kind_known", "merchants.RefusalAnswer", {"kind": "song"}),
    ("refusal_answer_in_both", "merchants.RefusalAnswer", {"name_en": ""}),
    ("refusal_answer_retired_whole", "merchants.RefusalAnswer", {**_RETIRED, "retired_by": None}),
    ("refusal_of_one", "merchants.Refusal", {"lead": lazy("merchants.MerchantLead")}),
    ("refusal_of_one", "merchants.Refusal", {"partnership": None}),
    ("refusal_has_words", "merchants.Refusal", {"words": ""}),
    ("refusal_settled_whole", "merchants.Refusal", {"state": "let_be", **_BY}),
    ("refusal_settled_whole", "merchants.Refusal", {"state": "lost"}),
    ("refusal_settled_whole", "merchants.Refusal", {"settled_why": "x"}),
    ("answer_try_settled_whole", "merchants.AnswerTry", {"outcome": "worked", **_TOLD}),
    (
        "answer_try_settled_whole",
        "merchants.AnswerTry",
        {"outcome": "worked", "outcome_date": BEFORE, **_TOLD},
    ),
    ("answer_try_settled_whole", "merchants.AnswerTry", {"note": "x"}),
    ("meeting_has_purpose", "merchants.Meeting", {"purpose": ""}),
    ("meeting_settled_whole", "merchants.Meeting", {"state": "held", **_BY}),
    ("meeting_settled_whole", "merchants.Meeting", {"result": "x"}),
    ("window_note_has_words", "merchants.WindowNote", {"words": ""}),
    ("window_note_known", "merchants.WindowNote", {"side": "moon"}),
    ("window_note_known", "merchants.WindowNote", {"kind": "moon"}),
    ("window_note_pane_is_told", "merchants.WindowNote", {"pane": "open"}),
    ("window_move_allowed", "merchants.WindowMove", {"to_pane": "unknown"}),
    ("window_move_allowed", "merchants.WindowMove", {"to_pane": "ours"}),
    ("window_move_says_what", "merchants.WindowMove", {"words": ""}),
    ("partner_promise_whole", "merchants.PartnerPromise", {"words": ""}),
    ("partner_promise_whole", "merchants.PartnerPromise", {"due_date": BEFORE}),
    ("partner_promise_whole", "merchants.PartnerPromise", {"side": "moon"}),
    ("partner_promise_settled_whole", "merchants.PartnerPromise", {"state": "broken", **_BY}),
    ("partner_promise_settled_whole", "merchants.PartnerPromise", {"state": "kept"}),
]

UNIQUES: list[tuple[str, str, list[str], dict[str, Any]]] = [
    ("refusal_reason_named_once", "merchants.RefusalReason", ["parent", "name"], {}),
    ("refusal_answer_named_once", "merchants.RefusalAnswer", ["reason", "name"], {}),
    ("answer_try_open_once", "merchants.AnswerTry", ["refusal", "answer"], {}),
    ("meeting_person_once", "merchants.MeetingPerson", ["meeting", "contact"], {}),
]

# Said elsewhere than in the table of second rows.
ELSEWHERE = {
    "refusal_reason_root_once",  # the three stand: tests/merchants/refusals
    "window_move_once",  # the trigger says it first: tests/merchants/windows
}
ONLY_ADDED_TO = [("merchants.WindowMove", "words")]
