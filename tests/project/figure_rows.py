"""One good row of each model of daily figures, and what its constraints refuse."""

import datetime as dt
from typing import Any

from django.db.models import Model

from journeys.kpis import queries
from journeys.kpis.models import FigureDay, FigureProof
from portal.kit import clock
from portal.models import Staff
from tests.factories import journeys, portal
from tests.project.making import BUILDERS, DAY, INSTANT, insert, lazy, number

_ENTRY, _PROOF, _GAP = "journeys.FigureEntry", "journeys.FigureProof", "journeys.FigureGap"
_MAIL, _RULE, _DAY = "journeys.ReportMail", "journeys.CutoffRule", "journeys.FigureDay"
_LATER = INSTANT + dt.timedelta(days=1)


def figure_day(day: dt.date = DAY) -> FigureDay:
    """The day of figures, made at the first call."""
    cutoff, closed = queries.instants_of(day)
    noted = {"cutoff_at": cutoff, "closed_at": closed}
    return FigureDay.objects.get_or_create(day=day, defaults=noted)[0]


def _rule(**values: Any) -> Model:
    return insert(
        _RULE, values, cutoff_time=dt.time(18), closed_time=dt.time(8), source="Board",
        effective_date=lambda: dt.date(2030, 1, 1) + dt.timedelta(days=number()),
    )  # fmt: skip


def _figure_day(**values: Any) -> Model:
    return insert(
        _DAY, values, day=lambda: dt.date(2030, 1, 1) + dt.timedelta(days=number()),
        cutoff_at=INSTANT, closed_at=_LATER,
    )  # fmt: skip


def _entry(**values: Any) -> Model:
    return insert(
        _ENTRY, values, day=figure_day, branch=portal.BranchFactory,
        product=journeys.ProductFactory, source="unknown", issued=1, known_at=INSTANT,
    )  # fmt: skip


def _proof(**values: Any) -> Model:
    return insert(_PROOF, values, at=INSTANT, days=1, gaps=0, verdict="holds", is_newest=False)


def _gap(**values: Any) -> Model:
    return insert(
        _GAP, values, proof=lazy(_PROOF), day=DAY, branch=portal.BranchFactory,
        product=journeys.ProductFactory, source="unknown", measure="issued", kept=1, counted=2,
    )  # fmt: skip


def _mark(**values: Any) -> Model:
    return insert("journeys.FigureMark", values, day=DAY)


def _mail(**values: Any) -> Model:
    return insert(
        _MAIL, values, day=DAY, staff=portal.StaffFactory, state="sent", tried_at=INSTANT,
        sent_at=INSTANT,
    )  # fmt: skip


def _wish(**values: Any) -> Model:
    return insert(
        "journeys.ReportWish", values, staff=portal.StaffFactory, is_wanted=True,
        changed_at=INSTANT,
    )  # fmt: skip


def one_more_gap(_staff: Staff, _arguments: dict[str, Any]) -> None:
    """A figure that differs by the newest proof, and one proof more."""
    newest = FigureProof.objects.filter(is_newest=True).first()
    newest = newest or _proof(verdict="differs", gaps=1, is_newest=True)
    _gap(proof=newest)
    _proof()


def one_more_line(staff: Staff, _arguments: dict[str, Any]) -> None:
    """Figures of one more branch on the day that a report shows first."""
    day = figure_day(clock.today() - dt.timedelta(days=1))
    _entry(day=day, branch=portal.BranchFactory(parent=staff.branch), known_at=day.cutoff_at)


BUILDERS.update(
    {
        _RULE: _rule, _DAY: _figure_day, _ENTRY: _entry, _PROOF: _proof, _GAP: _gap, _MAIL: _mail,
        "journeys.FigureMark": _mark, "journeys.ReportWish": _wish,
    }
)  # fmt: skip
CHECKS: list[tuple[str, str, dict[str, Any]]] = [
    ("cutoff_rule_has_source", _RULE, {"source": ""}),
    ("figure_day_closes_after_cutoff", _DAY, {"closed_at": INSTANT}),
    ("figure_entry_source_known", _ENTRY, {"source": "moon"}),
    ("figure_entry_says_something", _ENTRY, {"issued": 0}),
    ("figure_proof_verdict_agrees", _PROOF, {"gaps": 1}),
    ("figure_proof_verdict_agrees", _PROOF, {"verdict": "differs"}),
    ("figure_proof_verdict_agrees", _PROOF, {"verdict": "moon"}),
    ("figure_gap_differs", _GAP, {"counted": 1}),
    ("report_mail_sent_has_time", _MAIL, {"sent_at": None}),
    ("report_mail_sent_has_time", _MAIL, {"state": "sending"}),
    ("report_mail_sent_has_time", _MAIL, {"state": "moon"}),
]
_OF_NOBODY = {"team": None, "person": None}
UNIQUES: list[tuple[str, str, list[str], dict[str, Any]]] = [
    (
        "figure_entry_once",
        _ENTRY,
        ["day", "known_at", "branch", "product", "source"],
        _OF_NOBODY,
    ),
    ("figure_proof_one_newest", _PROOF, ["is_newest"], {"is_newest": True}),
    (
        "figure_gap_once",
        _GAP,
        ["proof", "day", "branch", "product", "source", "measure"],
        _OF_NOBODY,
    ),
    ("report_mail_once", _MAIL, ["day", "staff"], {}),
]
