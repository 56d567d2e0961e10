"""Calls as the model sees them, its versions, and whose calls it may read personal traits of."""

import datetime as dt
from typing import Any

from django.db.models.functions import Length

from journeys.scoring.enums import CallResult
from journeys.scoring.models import CallModel, PastCall, TraitsChoice
from portal.staff.rules import codes_on

# Those that a model learns from, and those that it is measured on.
LATEST = 21_293
_FIGURES = {
    "since": "since_days", "attempts": "attempts", "earlier": "earlier", "balance": "balance",
    "in_default": "in_default", "has_housing_loan": "has_housing_loan", "has_loan": "has_loan",
    "age": "age",
}  # fmt: skip
_WORDS = ("earlier_result", "channel", "job", "marital", "education")
_READ = ("called_date", "result", *_FIGURES.values(), *_WORDS)


def latest_calls(*, limit: int = LATEST, until: dt.date | None = None) -> Any:
    """This will return the latest calls, in the order of their days; with `until` none of a later
    day."""
    rows = PastCall.objects.order_by("-called_date", "-id")
    if until is not None:
        rows = rows.filter(called_date__lte=until)
    found = list(rows.values_list(*_READ)[:limit])[::-1]
    return calls_of([dict(zip(_READ, row, strict=True)) for row in found])


def latest_results(*, before: dt.date) -> Any:
    """This will return the latest calls before a day with their results and nothing else of them:
    no personal trait is read."""
    import numpy as np

    from journeys.scoring.rules.calls import Calls

    rows = PastCall.objects.filter(called_date__lt=before).order_by("-called_date", "-id")
    found = list(rows.values_list("called_date", "result")[:LATEST])[::-1]
    unknown, wordless = np.full(len(found), np.nan), np.full(len(found), "", dtype=str)
    rest: dict[str, Any] = dict.fromkeys(_FIGURES, unknown) | dict.fromkeys(_WORDS, wordless)
    return Calls(
        day=np.array([day.toordinal() for day, _result in found], dtype=np.int64),
        won=np.array([result == CallResult.SUCCESS for _day, result in found], dtype=float),
        **rest,
    )


def calls_of(rows: list[dict[str, Any]]) -> Any:
    """This will make columns of calls; without a result they are still to be made."""
    import numpy as np

    from journeys.scoring.rules.calls import Calls

    won = {CallResult.SUCCESS: 1.0, CallResult.FAILURE: 0.0, None: float("nan")}
    columns: dict[str, Any] = {
        name: np.array([_figure(row[column]) for row in rows], dtype=float)
        for name, column in _FIGURES.items()
    } | {name: np.array([row[name] for row in rows], dtype=str) for name in _WORDS}
    return Calls(
        day=np.array([row["called_date"].toordinal() for row in rows], dtype=np.int64),
        won=np.array([won[row["result"]] for row in rows], dtype=float),
        **columns,
    )


def _figure(value: Any) -> float:
    return float("nan") if value is None else float(value)


def newest_model(*, with_traits: bool) -> CallModel | None:
    """This will return the newest version, whatever it lacks."""
    return CallModel.objects.filter(with_traits=with_traits).order_by("-id").first()


def versions(*, limit: int = 20) -> list[CallModel]:
    """This will list the newest versions, without what they learned."""
    rows = CallModel.objects.select_related("made_by").defer("learned", "parts")
    return list(rows.order_by("-id")[:limit])


def choice_for(branch: Any) -> TraitsChoice | None:
    """This will return the word that holds for a branch: the latest of the nearest branch at or
    above it that has one. Without any, no personal trait is read."""
    return (
        TraitsChoice.objects.filter(branch__code__in=codes_on(branch.path))
        .select_related("branch", "chosen_by")
        .order_by(Length("branch__path").desc(), "-id")
        .first()
    )


def reads_traits(branch: Any) -> bool:
    """This will tell whether calls of a branch are scored with personal traits."""
    choice = choice_for(branch)
    return choice is not None and choice.with_traits
