"""Reading the calls that are read: cases to read, what readers found, disputes, and how far they
agree.

What is read: cases that are open by `quality_case_open`, closed ones of a span by
`quality_case_closed`, a caller's own by `quality_case_of_caller`; reviews by their case."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from journeys.telemarketing import rules
from journeys.telemarketing.enums import QualityMark, QualityVerdict
from journeys.telemarketing.models import (
    QualityCase,
    QualityDispute,
    QualityDraw,
    QualityForm,
    QualityPolicy,
    QualityReview,
)
from portal.kit import shares
from portal.staff.access import Scope
from portal.staff.enums import Role
from portal.staff.models import Staff

# Of fewer calls that were read no rate of a caller is told.
FEWEST_READ = 10


def quality_policy_on(on: dt.date) -> QualityPolicy | None:
    """This will return the policy of calls that are read in force on a day."""
    rows = QualityPolicy.objects.filter(effective_date__lte=on)
    return rows.order_by("-effective_date").first()


def quality_form_on(on: dt.date) -> QualityForm | None:
    """This will return the form in force on a day."""
    return QualityForm.objects.filter(effective_date__lte=on).order_by("-effective_date").first()


def shares_of(policy: QualityPolicy) -> rules.Shares:
    """This will return what a policy says of the draw."""
    return rules.Shares(
        policy.random_percent, policy.random_least, policy.random_most, policy.risk_most,
        policy.second_percent,
    )  # fmt: skip


def drawn_again(draw: QualityDraw) -> set[int]:
    """This will draw the random part of a draw again, from what it kept: the same holds."""
    calls = [rules.DrawnFrom(hold_id) for hold_id in draw.holds]
    found = rules.drawn(calls, seed=draw.seed, shares=shares_of(draw.policy))
    return {one.hold_id for one in found}


def lot_of(case: QualityCase) -> int:
    """This will return the place of a call's lot among those of all calls of its draw, from 1."""
    draw = case.draw
    own = rules.lot(draw.seed, "draw", case.hold_id)
    return 1 + sum(rules.lot(draw.seed, "draw", hold_id) < own for hold_id in draw.holds)


def cases(*, scope: Scope) -> QuerySet[QualityCase]:
    """This will list the cases of a scope; of a telemarketer's the own ones that are closed."""
    rows = QualityCase.objects.select_related("branch", "caller", "draw__form", "draw__policy")
    if scope.own_staff_id is not None:
        rows = rows.filter(caller=scope.own_staff_id, closed_at__isnull=False)
    else:
        rows = rows.filter(scope.branches())
    return rows.order_by("called_at", "pk")


def cases_to_read(*, scope: Scope, reader: Staff) -> QuerySet[QualityCase]:
    """This will list the open cases of a scope that somebody may read, the earliest first: none of
    the own calls, none read before, and as the second reader none of the own branch's callers."""
    mine = QualityReview.objects.filter(case=OuterRef("pk"), reader=reader)
    rows = cases(scope=scope).filter(~Q(Exists(mine)), closed_at=None).exclude(caller=reader)
    if reader.role == Role.BRANCH_MANAGER:
        rows = rows.exclude(readings=1, branch=reader.branch_id)
    return rows


def open_disputes(*, reader: Staff) -> QuerySet[QualityDispute]:
    """This will list the disputes that wait for a decision and that somebody may decide: whoever
    read the call may not."""
    read = QualityReview.objects.filter(case=OuterRef("case"), reader=reader)
    rows = QualityDispute.objects.filter(~Q(Exists(read)), decision=None)
    return rows.select_related("case__branch", "case__caller").order_by("at", "pk")


def seen_reviews(case: QualityCase, *, by: Staff) -> list[QualityReview]:
    """This will list what somebody may see of the reviews of a case: the own one, and once all are
    in, all of them. A second reader does not see the first's before."""
    rows = case.reviews.select_related("reader").order_by("number")
    return list(rows if case.closed_at else rows.filter(reader=by))


def dispute_of(case: QualityCase) -> QualityDispute | None:
    """This will return the dispute of a case, with what was decided."""
    rows = QualityDispute.objects.filter(case=case)
    return rows.select_related("by", "decision__by").first()


def disputable_until(case: QualityCase) -> dt.datetime | None:
    """This will return until when the caller may dispute the result of a case."""
    if case.closed_at is None:
        return None
    return case.closed_at + dt.timedelta(days=case.draw.policy.dispute_days)


def closed_of(*, caller: Staff, since: dt.datetime | None = None) -> QuerySet[QualityCase]:
    """This will list the calls of a person that were read, the latest first."""
    rows = QualityCase.objects.filter(caller=caller, closed_at__isnull=False)
    if since is not None:
        rows = rows.filter(closed_at__gte=since)
    rows = rows.select_related("hold__lead", "dispute__decision", "draw__form", "draw__policy")
    return rows.prefetch_related("reviews").order_by("-closed_at", "-pk")


@dataclass
class Line:
    """What was found of a caller: the calls that count, how many missed something grave, and the
    share that met each criterion of those to which it applies."""

    caller: Staff
    read: int = 0
    grave: int = 0
    scores: list[int] = field(default_factory=list)
    met: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    applied: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def is_told(self) -> bool:
        """Whether enough calls were read to say rates."""
        return self.read >= FEWEST_READ

    @property
    def mean(self) -> float | None:
        """The mean score; None where nothing applied."""
        return sum(self.scores) / len(self.scores) if self.scores else None

    def shares(self, codes: Sequence[str]) -> list[shares.Share]:
        """The share of calls that met each criterion."""
        return [shares.Share(self.met[code], self.applied[code]) for code in codes]


@dataclass(frozen=True)
class Results:
    """What was found of callers, and how far two readers agree in each criterion."""

    form: QualityForm | None
    lines: list[Line]
    agreements: list[tuple[str, rules.Agreement]]


def results(*, scope: Scope, since: dt.datetime, at: dt.datetime, drawn: str = "") -> Results:
    """This will tell what was found in the calls of a scope that were read within a span, by the
    newest of their forms: by caller, in the order of branch and name, of what was drawn for a
    reason or for any. Where two read a call, the second's marks count, who is not their manager;
    what was set aside does not count. Calls at random alone tell of all calls."""
    rows = QualityReview.objects.filter(
        scope.branches("case__branch"), case__closed_at__gte=since, case__closed_at__lte=at
    ).exclude(case__dispute__decision__verdict=QualityVerdict.SET_ASIDE)
    if drawn:
        rows = rows.filter(case__reason=drawn)
    rows = rows.select_related("caller")
    by_case: dict[int, list[QualityReview]] = defaultdict(list)
    for row in rows.order_by("case__branch__path", "caller__name", "caller", "case", "number"):
        by_case[row.case_id].append(row)
    lines: dict[int, Line] = {}
    pairs: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for reviews in by_case.values():
        last = reviews[-1]
        _count(lines.setdefault(last.caller_id, Line(last.caller)), last)
        if len(reviews) == 2:
            for code, mark in reviews[0].marks.items():
                pairs[code].append((mark, last.marks[code]))
    form = _newest_form(scope, since, at)
    agreements = [
        (one["label"], rules.agreement(pairs[one["code"]])) for one in (form.lines if form else [])
    ]
    return Results(form, list(lines.values()), agreements)


def _newest_form(scope: Scope, since: dt.datetime, at: dt.datetime) -> QualityForm | None:
    """The newest form by which a case of the scope was read within a span."""
    draws = QualityDraw.objects.filter(
        scope.branches(), form=OuterRef("pk"), cases__closed_at__gte=since,
        cases__closed_at__lte=at,
    )  # fmt: skip
    return QualityForm.objects.filter(Exists(draws)).order_by("-effective_date").first()


def _count(line: Line, review: QualityReview) -> None:
    line.read += 1
    line.grave += review.missed_grave
    if review.score is not None:
        line.scores.append(review.score)
    for code, mark in review.marks.items():
        if mark != QualityMark.NONE:
            line.applied[code] += 1
            line.met[code] += mark == QualityMark.MET


def marked(
    case: QualityCase, reviews: Sequence[QualityReview]
) -> list[tuple[dict[str, Any], list[tuple[int, str]]]]:
    """This will list the criteria of a case's form, each with the number of each of these reviews
    and its mark in words."""
    return [
        (one, [(row.number, str(QualityMark(row.marks[one["code"]]).label)) for row in reviews])
        for one in case.draw.form.lines
    ]


def score_of(case: QualityCase) -> QualityReview:
    """This will return the review of a closed case that counts: the last one."""
    return max(case.reviews.all(), key=lambda one: one.number)
