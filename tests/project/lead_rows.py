"""One good row of each model of leads and their pools, and what its constraints refuse."""

import datetime as dt
from typing import Any

from django.db.models import Model

from journeys.telemarketing import operations
from journeys.telemarketing.enums import MovePath
from journeys.telemarketing.models import Disposition, Lead, LeadMerge
from portal.models import Branch, Staff
from portal.staff.enums import Role
from tests.factories import leads, portal
from tests.project import figure_rows, quality_rows, script_rows, target_rows
from tests.project.making import BUILDERS, INSTANT, code, insert, lazy, number


def _lead(**values: Any) -> Model:
    owner, state = values.pop("owner", None), values.pop("state", "new")
    lead = insert(
        "journeys.Lead", values, number=code, kind="person", name="李华", source="referral",
        lawful_basis="consent", branch=portal.head_office, created_at=INSTANT,
    )  # fmt: skip
    assert isinstance(lead, Lead)
    return leads.moved(lead, owner=owner, state=state)


def owned_lead(staff: Staff) -> Lead:
    """A lead of a branch of its own, of `staff` where that is a telemarketer."""
    is_caller = staff.role == Role.TELEMARKETER
    branch = portal.BranchFactory(parent=staff.branch if is_caller else portal.head_office())
    owner = staff if is_caller else leads.caller(branch)
    lead = _lead(branch=branch, owner=owner)
    assert isinstance(lead, Lead)
    return lead


def _policy(**values: Any) -> Model:
    day = dt.date(2001, 1, 1) + dt.timedelta(days=number())
    return insert(
        "journeys.PoolPolicy", values, effective_date=day, source="Board", set_at=INSTANT,
        **leads.FACTS,
    )  # fmt: skip


def _assignment(**values: Any) -> Model:
    return insert(
        "journeys.LeadAssignment", values, branch=portal.head_office, actor=portal.StaffFactory,
        at=INSTANT, shares=[], asked=2, given=1,
    )  # fmt: skip


def _move(**values: Any) -> Model:
    """A claim; where the lead is told, whatever is told with it."""
    leads.set_policy()
    lead = values.pop("lead", None)
    lead = lead() if callable(lead) else lead or _lead()
    person = portal.StaffFactory(role=Role.TELEMARKETER)
    usual = {"path": "claim", "actor": person, "to_owner": person}
    return insert(
        "journeys.LeadMove", values, lead=lead, at=INSTANT, to_state="new", why="x", **usual
    )


def _hold(**values: Any) -> Model:
    return insert(
        "journeys.LeadHold", values, lead=lazy("journeys.Lead"), holder=portal.StaffFactory,
        taken_at=INSTANT, reasons=[],
    )  # fmt: skip


def _disposition(**values: Any) -> Model:
    """One in a group of its own kind; where it is a group, wherever it is told."""
    group = Disposition.objects.filter(code="of_rows", ended_at=None).first()
    if group is None:
        group = Disposition.objects.create(
            code="of_rows", place=8, name="行", name_en="Rows", source="x", set_at=INSTANT
        )
    return insert(
        "journeys.Disposition", values, code=code, parent=group, place=group.parts.count() + 1,
        name="结果", name_en="Outcome", source="x", set_at=INSTANT,
    )  # fmt: skip


def _call(**values: Any) -> Model:
    """A lead that was called and closed."""
    of_lead = {"lead": values["lead"]} if isinstance(values.get("lead"), Lead) else {}
    hold = values.pop("hold", None) or insert_hold(**of_lead)
    return insert(
        "journeys.LeadCall", values, hold=hold, lead=hold.lead, caller=hold.holder,
        called_at=INSTANT, wrapped_at=INSTANT, disposition=leads.outcome, next_step="lost",
    )  # fmt: skip


def insert_hold(**values: Any) -> Any:
    """A hold that ended with a call."""
    return _hold(called_at=INSTANT, ended_at=INSTANT, end="called", **values)


def _callback(**values: Any) -> Model:
    """What a call promised; "owner" as deputy stands for the owner."""
    lead, call = values.pop("lead", None), values.pop("call", None)
    if call is not None and call.next_step != "callback":
        lead, call = call.lead, None  # another call of that lead promised it
    hold = insert_hold(**({"lead": lead} if lead else {}))
    call = call or _call(hold=hold, next_step="callback", again_at=INSTANT + dt.timedelta(hours=1))
    if values.get("deputy") == "owner":
        values["deputy"] = call.caller
    return insert(
        "journeys.Callback", values, call=call, lead=call.lead, owner=call.caller,
        made_at=INSTANT, promised_at=call.again_at,
    )  # fmt: skip


def _mood_move(**values: Any) -> Model:
    return insert(
        "journeys.MoodMove", values, code=code, mood="calm", place=lambda: 9 + number(),
        name="做法", name_en="Move", words="您好", words_en="Hello", source="x",
    )  # fmt: skip


def _draft(**values: Any) -> Model:
    return insert(
        "journeys.CallDraft", values, hold=lazy("journeys.LeadHold"), said={}, saved_at=INSTANT
    )


def _merge(**values: Any) -> Model:
    merge = insert(
        "journeys.LeadMerge", values, kept=lazy("journeys.Lead"), merged=lazy("journeys.Lead"),
        sign="said", reason="x", by=portal.StaffFactory, at=INSTANT,
    )  # fmt: skip
    assert isinstance(merge, LeadMerge)
    one = operations.Move(merge.merged_id, None, "merged")
    operations.move(moves=[one], path=MovePath.MERGE, actor=None, at=INSTANT)
    return merge


def _pair(**values: Any) -> Model:
    if "first" not in values and isinstance(values.get("second"), Lead):
        values["first"] = values.pop("second")  # the earlier one comes first
    first = values.pop("first", None) or _lead()
    return insert(
        "journeys.LeadPair", values, first=first, second=lazy("journeys.Lead"), found_at=INSTANT
    )


def alike_pair(branch: Branch) -> Model:
    """Two leads of a branch that look alike."""
    first, second = _lead(branch=branch), _lead(branch=branch)
    return _pair(first=first, second=second)


def merged_pair(branch: Branch) -> LeadMerge:
    """Two leads of a branch that were merged."""
    actor = portal.StaffFactory(role=Role.BRANCH_MANAGER, branch=branch)
    kept, merged = _lead(branch=branch), _lead(branch=branch)
    return operations.merge_leads(
        kept_id=kept.pk, merged_id=merged.pk, reason="x", actor=actor, at=INSTANT
    )


def _conversion(**values: Any) -> Model:
    return insert(
        "journeys.LeadConversion", values, lead=lazy("journeys.Lead"),
        application=lazy("journeys.Application"), caller=portal.StaffFactory, called_at=INSTANT,
        noted_at=INSTANT,
    )  # fmt: skip


def _score(**values: Any) -> Model:
    return insert(
        "journeys.LeadScore", values, lead=lazy("journeys.Lead"), points=50, facts={},
        scored_at=INSTANT,
    )  # fmt: skip


def _rest(**values: Any) -> Model:
    return insert("journeys.LeadRest", values, lead=lazy("journeys.Lead"), until=INSTANT)


def _scoring(**values: Any) -> Model:
    return insert("journeys.LeadScoring", values, branch=portal.BranchFactory)


BUILDERS.update(
    {
        "journeys.Disposition": _disposition,
        "journeys.LeadCall": _call,
        "journeys.CallDraft": _draft,
        "journeys.MoodMove": _mood_move,
        "journeys.Callback": _callback,
        "journeys.LeadConversion": _conversion,
        "journeys.LeadMerge": _merge,
        "journeys.LeadPair": _pair,
        "journeys.Lead": _lead,
        "journeys.PoolPolicy": _policy,
        "journeys.LeadAssignment": _assignment,
        "journeys.LeadMove": _move,
        "journeys.LeadHold": _hold,
        "journeys.LeadRest": _rest,
        "journeys.LeadScore": _score,
        "journeys.LeadScoring": _scoring,
    }
)


def _held() -> Model:
    return _lead(owner=portal.StaffFactory(role=Role.TELEMARKETER))


def _earliest() -> Lead:
    return Lead.objects.earliest("pk")


_MERGE, _PAIR = "journeys.LeadMerge", "journeys.LeadPair"
_MOVE, _POLICY = "journeys.LeadMove", "journeys.PoolPolicy"
_LEAD, _HOLD, _SCORE = "journeys.Lead", "journeys.LeadHold", "journeys.LeadScore"
_CALL, _DISPOSITION = "journeys.LeadCall", "journeys.Disposition"
_CALLBACK = "journeys.Callback"
_COVER = {"path": "cover", "lead": _held, "actor": None}
_MODEL = lazy("journeys.CallModel")
_EARLIER, _LATER = INSTANT - dt.timedelta(hours=1), INSTANT + dt.timedelta(hours=1)
_FREE = {"actor": None, "to_owner": None}
_LATE = {**_FREE, "path": "return", "lead": _held, "at": INSTANT + dt.timedelta(days=15)}
_GROUP = {"parent": None, "place": 7}
_SOLD = "is_reached is_interested is_sale"


def _flags(names: str) -> dict[str, Any]:
    return dict.fromkeys(names.split(), True)


CHECKS: list[tuple[str, str, dict[str, Any]]] = [
    *quality_rows.CHECKS,
    *script_rows.CHECKS,
    *figure_rows.CHECKS,
    *target_rows.CHECKS,
    ("lead_working_has_owner", _MOVE, {**_FREE, "path": "import", "to_state": "working"}),
    ("lead_move_known", _MOVE, {**_FREE, "path": "gift"}),
    ("lead_move_enters", _MOVE, {"path": "assign", "to_owner": None}),
    ("lead_move_leaves", _MOVE, {**_LATE, "to_state": "lost"}),
    ("lead_move_by_its_owner", _MOVE, {"actor": portal.StaffFactory}),
    ("lead_move_by_its_owner", _MOVE, {"actor": None}),
    ("lead_move_ends", _MOVE, {**_FREE, "path": "end"}),
    ("lead_move_ends", _MOVE, {**_FREE, "path": "call_off"}),
    (
        "lead_move_says_why",
        _MOVE,
        {"path": "take_back", "to_owner": None, "lead": _held, "why": ""},
    ),
    (
        "lead_move_says_why",
        _MOVE,
        {**_FREE, "path": "take_back", "lead": _held},
    ),
    ("lead_move_of_assignment", _MOVE, {"assignment": lazy("journeys.LeadAssignment")}),
    ("lead_move_of_assignment", _MOVE, {"line": {}}),
    ("lead_move_protects", _MOVE, {"path": "import", "to_state": "off"}),
    ("lead_assignment_within", "journeys.LeadAssignment", {"given": 3}),
    ("lead_assignment_within", "journeys.LeadAssignment", {"asked": 0, "given": 0}),
    ("pool_policy_lifted_of_a_branch", _POLICY, {"is_lifted": True}),
    ("pool_policy_bounds", _POLICY, {"sight": "moon"}),
    ("pool_policy_bounds", _POLICY, {"claim_cap": 0}),
    ("pool_policy_bounds", _POLICY, {"claim_cap": 2001}),
    ("pool_policy_bounds", _POLICY, {"protection_days": 0}),
    ("pool_policy_bounds", _POLICY, {"protection_days": 61}),
    ("pool_policy_bounds", _POLICY, {"extension_days": 366}),
    ("pool_policy_bounds", _POLICY, {"longest_days": 731}),
    ("pool_policy_bounds", _POLICY, {"cooldown_days": 366}),
    ("pool_policy_bounds", _POLICY, {"source": ""}),
    ("pool_policy_bounds", _POLICY, {"hold_minutes": 1}),
    ("pool_policy_bounds", _POLICY, {"most_attempts": 0}),
    ("pool_policy_bounds", _POLICY, {"again_hours": 721}),
    ("lead_priority_in_bounds", _LEAD, {"priority": 101}),
    ("lead_promise_is_not_before", _LEAD, {"promised_at": INSTANT}),
    ("lead_promise_is_not_before", _LEAD, {"promised_at": INSTANT, "call_from": _LATER}),
    ("lead_called_has_time", _LEAD, {"attempts": 1}),
    ("lead_called_has_time", _LEAD, {"called_at": INSTANT}),
    ("lead_in_hand_is_free_or_own", _LEAD, {"holder": portal.StaffFactory}),
    ("lead_in_hand_is_free_or_own", _LEAD, {"held_until": INSTANT}),
    ("lead_hold_ends_whole", _HOLD, {"ended_at": INSTANT}),
    ("lead_hold_ends_whole", _HOLD, {"end": "called"}),
    ("lead_hold_ends_whole", _HOLD, {"ended_at": _EARLIER, "end": "called"}),
    ("lead_hold_ends_whole", _HOLD, {"ended_at": INSTANT, "end": "moon"}),
    ("lead_hold_called_within", _HOLD, {"called_at": _EARLIER}),
    ("disposition_said", _DISPOSITION, {"code": "No answer"}),
    ("disposition_said", _DISPOSITION, {"place": 0}),
    ("disposition_said", _DISPOSITION, {"place": 10}),
    ("disposition_said", _DISPOSITION, {"name": ""}),
    ("disposition_said", _DISPOSITION, {"name_en": ""}),
    ("disposition_said", _DISPOSITION, {"source": ""}),
    ("disposition_group_says_nothing", _DISPOSITION, {**_GROUP, "is_reached": True}),
    ("disposition_group_says_nothing", _DISPOSITION, {**_GROUP, "recycle_hours": 5}),
    ("disposition_group_says_nothing", _DISPOSITION, {**_GROUP, "most_calls": 5}),
    ("disposition_flags_agree", _DISPOSITION, _flags("is_interested")),
    ("disposition_flags_agree", _DISPOSITION, _flags("is_callback")),
    ("disposition_flags_agree", _DISPOSITION, _flags("is_refused_for_good")),
    ("disposition_flags_agree", _DISPOSITION, _flags("is_reached is_sale")),
    ("disposition_flags_agree", _DISPOSITION, _flags(f"{_SOLD} is_callback")),
    ("disposition_flags_agree", _DISPOSITION, _flags(f"{_SOLD} is_refused_for_good")),
    ("disposition_flags_agree", _DISPOSITION, _flags(f"{_SOLD} is_unworkable")),
    (
        "disposition_flags_agree",
        _DISPOSITION,
        _flags("is_reached is_refused_for_good is_unworkable"),
    ),
    ("disposition_flags_agree", _DISPOSITION, _flags("is_reached is_callback is_unworkable")),
    ("disposition_recycles", _DISPOSITION, {"recycle_hours": 0}),
    ("disposition_recycles", _DISPOSITION, {"recycle_hours": 2161}),
    ("disposition_recycles", _DISPOSITION, {"most_calls": 0}),
    ("disposition_recycles", _DISPOSITION, {"most_calls": 51}),
    ("disposition_recycles", _DISPOSITION, {"is_unworkable": True, "recycle_hours": 5}),
    ("disposition_recycles", _DISPOSITION, {"is_unworkable": True, "rotates_hours": True}),
    ("disposition_ends_after_start", _DISPOSITION, {"ended_at": _EARLIER}),
    ("lead_call_known", _CALL, {"next_step": "moon"}),
    ("lead_call_known", _CALL, {"mood_before": "moon"}),
    ("lead_call_known", _CALL, {"mood_after": "moon"}),
    ("lead_call_wrapped_after", _CALL, {"wrapped_at": _EARLIER}),
    ("lead_call_again_has_time", _CALL, {"again_at": _LATER}),
    ("lead_call_again_has_time", _CALL, {"next_step": "again"}),
    ("lead_call_again_has_time", _CALL, {"next_step": "callback", "again_at": INSTANT}),
    (
        "lead_call_refusal_has_words",
        _CALL,
        {
            "disposition": lambda: leads.outcome("never", is_refused_for_good=True),
            "next_step": "do_not_call",
        },
    ),
    (
        "lead_call_last_is_closed",
        _CALL,
        {"is_last": True, "next_step": "again", "again_at": _LATER},
    ),
    ("lead_call_angry_cools", _CALL, {"mood_after": "angry"}),
    ("lead_call_angry_cools", _CALL, {"mood_after": "angry", "cools_until": INSTANT}),
    ("lead_call_angry_cools", _CALL, {"cools_until": _LATER}),
    ("lead_move_covers", _MOVE, {**_COVER, "why": ""}),
    ("lead_move_covers", _MOVE, {**_COVER, "to_state": "working"}),
    ("lead_call_move_for_a_mood", _CALL, {"mood_move": lazy("journeys.MoodMove")}),
    ("mood_move_said", "journeys.MoodMove", {"mood": "moon"}),
    ("mood_move_said", "journeys.MoodMove", {"name": ""}),
    ("mood_move_said", "journeys.MoodMove", {"name_en": ""}),
    ("mood_move_said", "journeys.MoodMove", {"words": ""}),
    ("mood_move_said", "journeys.MoodMove", {"words_en": ""}),
    ("mood_move_said", "journeys.MoodMove", {"source": ""}),
    ("callback_known", _CALLBACK, {"why": "moon"}),
    ("callback_deputy_is_another", _CALLBACK, {"deputy": "owner"}),
    ("callback_promised_ahead", _CALLBACK, {"made_at": _LATER}),
    ("callback_ends_whole", _CALLBACK, {"ended_at": INSTANT}),
    ("callback_ends_whole", _CALLBACK, {"end": "kept"}),
    ("callback_ends_whole", _CALLBACK, {"ended_at": _EARLIER, "end": "kept"}),
    ("callback_ends_whole", _CALLBACK, {"ended_at": INSTANT, "end": "moon"}),
    ("lead_alike_is_hashed", _LEAD, {"alike": b"x"}),
    ("lead_move_merges", _MOVE, {**_FREE, "path": "import", "to_state": "merged"}),
    ("lead_merge_of_two", _MERGE, {"kept": _earliest, "merged": _earliest}),
    ("lead_merge_says_why", _MERGE, {"by": None}),
    ("lead_merge_says_why", _MERGE, {"reason": ""}),
    ("lead_merge_undone_says_all", _MERGE, {"undo_reason": "x"}),
    ("lead_conversion_caller_called", "journeys.LeadConversion", {"caller": None}),
    ("lead_pair_in_order", _PAIR, {"second": _earliest}),
    ("lead_pair_decided_says_all", _PAIR, {"is_same": True}),
    ("lead_pair_decided_says_all", _PAIR, {"reason": "x"}),
    ("lead_score_is_one", _SCORE, {"points": None}),
    ("lead_score_is_one", _SCORE, {"chance": 0.5, "version": _MODEL}),
    ("lead_score_is_one", _SCORE, {"chance": 0.5, "points": None}),
    ("lead_score_in_bounds", _SCORE, {"points": 101}),
    ("lead_score_in_bounds", _SCORE, {"chance": 1.1, "points": None, "version": _MODEL}),
]
UNIQUES: list[tuple[str, str, list[str], dict[str, Any]]] = [
    *quality_rows.UNIQUES,
    *script_rows.UNIQUES,
    *figure_rows.UNIQUES,
    *target_rows.UNIQUES,
    ("pool_policy_once", _POLICY, ["branch", "effective_date"], {}),
    ("lead_one_in_hand", _LEAD, ["holder"], {"holder": portal.StaffFactory, "held_until": _LATER}),
    ("mood_move_place_once", "journeys.MoodMove", ["mood", "place"], {}),
    ("callback_open_once", _CALLBACK, ["lead"], {}),
    ("disposition_code_once", _DISPOSITION, ["code"], {}),
    ("disposition_key_once", _DISPOSITION, ["parent", "place"], {}),
    ("lead_hold_once", _HOLD, ["lead"], {}),
    ("lead_hold_one_each", _HOLD, ["holder"], {}),
    ("lead_pair_once", _PAIR, ["first", "second"], {}),
    (
        "lead_one_open_of_phone",
        _LEAD,
        ["callee"],
        {"callee": bytes(16), "phone_sealed": b"s", "phone_index": b"i", "is_sole": True},
    ),
]
ELSEWHERE = {
    "lead_move_once",  # the trigger numbers the moves: tests/journeys/telemarketing/test_moving
    "lead_merge_once",  # its trigger says it first: tests/journeys/telemarketing/test_merging
    *target_rows.ELSEWHERE,
    *quality_rows.BEHIND_TRIGGERS,  # tests/journeys/telemarketing/test_quality_guards
}
ONLY_ADDED_TO = [
    (_MOVE, "why"), (_POLICY, "source"), *quality_rows.ONLY_ADDED_TO, *target_rows.ONLY_ADDED_TO,
]  # fmt: skip
