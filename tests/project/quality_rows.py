"""One good row of each model of the calls that are read, and what its constraints refuse."""

import datetime as dt
from typing import Any

from django.db.models import Model

from journeys.telemarketing.models import LeadHold, QualityCase, QualityDraw
from portal.kit import clock
from tests.factories import portal, quality
from tests.project.making import BUILDERS, DAY, INSTANT, insert, lazy, number, row_of

_POLICY, _FORM = "journeys.QualityPolicy", "journeys.QualityForm"
_DRAW, _CASE = "journeys.QualityDraw", "journeys.QualityCase"
_REVIEW, _DISPUTE = "journeys.QualityReview", "journeys.QualityDispute"
_DECISION = "journeys.QualityDecision"
_LATER = INSTANT + dt.timedelta(days=1)


def _own_day() -> dt.date:
    return dt.date(2002, 1, 1) + dt.timedelta(days=number())


def _policy(**values: Any) -> Model:
    return insert(
        _POLICY, values, effective_date=_own_day, source="Board", set_at=INSTANT, **quality.FIGURES
    )


def _form(**values: Any) -> Model:
    return insert(
        _FORM, values, effective_date=_own_day, criteria=quality.CRITERIA, source="Board",
        set_at=INSTANT,
    )  # fmt: skip


def _draw(**values: Any) -> Model:
    return insert(
        _DRAW, values, branch=portal.BranchFactory, called_date=DAY, seed="0" * 32,
        policy=lazy(_POLICY), form=lazy(_FORM), holds=[1, 2], calls=2, random=1, by_risk=0,
        drawn_at=_LATER,
    )  # fmt: skip


def _hold(caller: Any = None, lead: Any = None) -> LeadHold:
    lead = lead or row_of("journeys.Lead")
    return quality.held(lead, caller or portal.StaffFactory(), INSTANT)


def _case(**values: Any) -> Model:
    """Of the hold that is told, called now where it was not; else of one of its own."""
    given = values.pop("hold", None)
    hold = given() if callable(given) else given or _hold(values.get("caller"))
    if hold.called_at is None:
        LeadHold.objects.filter(pk=hold.pk).update(called_at=hold.taken_at)
        hold.refresh_from_db()
    branch = values.pop("branch", None) or hold.holder.branch
    on = clock.bank_day(hold.called_at)
    draw = QualityDraw.objects.filter(branch=branch, called_date=on).first()
    draw = values.pop("draw", None) or draw or _draw(branch=branch, called_date=on)
    usual = {"caller": hold.holder, "called_at": hold.called_at, "reason": "random"}
    return insert(_CASE, values, draw=draw, hold=hold, branch=branch, **usual)


def _open(case: Any) -> QualityCase:
    """This case; where it was read to its end, another one of the same lead."""
    case = case() if callable(case) else case or row_of(_CASE)
    case.refresh_from_db()
    return row_of(_CASE, hold=_hold(lead=case.hold.lead)) if case.closed_at else case


def _review(**values: Any) -> Model:
    case = _open(values.pop("case", None))
    marks = {one["code"]: "met" for one in case.draw.form.criteria}
    return insert(
        _REVIEW, values, case=case, reader=quality.reader, caller=case.caller, marks=marks,
        at=_LATER,
    )  # fmt: skip


def read_case(**values: Any) -> QualityCase:
    """A case that was read to its end."""
    case: QualityCase = row_of(_CASE, **values)
    for _place in range(case.wants):
        _review(case=case)
    case.refresh_from_db()
    return case


def _dispute(**values: Any) -> Model:
    case = values.pop("case", None)
    case = case() if callable(case) else case or row_of(_CASE)
    case.refresh_from_db()
    if not case.closed_at:
        _review(case=case)
        case.refresh_from_db()
    return insert(_DISPUTE, values, case=case, by=case.caller, words="录音为证", at=case.closed_at)


def _decision(**values: Any) -> Model:
    return insert(
        _DECISION, values, dispute=lazy(_DISPUTE), by=quality.reader, verdict="stands", words="x",
        at=_LATER + dt.timedelta(days=1),
    )  # fmt: skip


BUILDERS.update(
    {
        _POLICY: _policy, _FORM: _form, _DRAW: _draw, _CASE: _case, _REVIEW: _review,
        _DISPUTE: _dispute, _DECISION: _decision,
    }
)  # fmt: skip


def _line(**changes: Any) -> dict[str, Any]:
    return {"criteria": [{**quality.CRITERIA[0], **changes}]}


CHECKS: list[tuple[str, str, dict[str, Any]]] = [
    ("quality_policy_bounds", _POLICY, {"random_percent": 101}),
    ("quality_policy_bounds", _POLICY, {"random_least": 11}),
    ("quality_policy_bounds", _POLICY, {"random_most": 501}),
    ("quality_policy_bounds", _POLICY, {"risk_most": 501}),
    ("quality_policy_bounds", _POLICY, {"short_seconds": 601}),
    ("quality_policy_bounds", _POLICY, {"sale_seconds": 3601}),
    ("quality_policy_bounds", _POLICY, {"new_days": 366}),
    ("quality_policy_bounds", _POLICY, {"second_percent": 101}),
    ("quality_policy_bounds", _POLICY, {"dispute_days": 0}),
    ("quality_policy_bounds", _POLICY, {"dispute_days": 91}),
    ("quality_policy_bounds", _POLICY, {"source": ""}),
    ("quality_form_has_source", _FORM, {"source": ""}),
    ("quality_draw_of_the_calls", _DRAW, {"by_risk": 2}),
    ("quality_draw_of_the_calls", _DRAW, {"calls": 0, "random": 0}),
    ("quality_draw_has_seed", _DRAW, {"seed": "x"}),
    ("quality_case_reason_known", _CASE, {"reason": "moon"}),
    ("quality_case_wants_one_or_two", _CASE, {"wants": 3}),
    ("quality_dispute_has_words", _DISPUTE, {"words": ""}),
    ("quality_decision_has_words", _DECISION, {"words": ""}),
    ("quality_decision_known", _DECISION, {"verdict": "moon"}),
]
# Of these the triggers come first; they are broken with the triggers off.
BEHIND_TRIGGERS = {
    "quality_case_closes_with_the_last", "quality_review_once", "quality_review_by_two",
    "quality_reader_is_not_caller", "quality_review_score_of_100",
}  # fmt: skip
UNIQUES: list[tuple[str, str, list[str], dict[str, Any]]] = [
    ("quality_policy_once", _POLICY, ["effective_date"], {}),
    ("quality_form_once", _FORM, ["effective_date"], {}),
    ("quality_draw_once", _DRAW, ["branch", "called_date"], {}),
    ("quality_case_once", _CASE, ["hold"], {}),
]
ONLY_ADDED_TO = [
    (_POLICY, "source"), (_FORM, "source"), (_DRAW, "seed"), (_REVIEW, "words"),
    (_DISPUTE, "words"), (_DECISION, "words"),
]  # fmt: skip
