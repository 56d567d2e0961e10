"""Calls of a bank, made up, with a result that hangs on what was known before them."""

import datetime as dt
from typing import Any

import numpy as np

from journeys.scoring.models import PastCall
from portal.models import Branch
from tests.journeys.scoring.made_calls import make_calls


def write_calls(branch: Branch, count: int, *, seed: int = 1, **changes: Any) -> list[PastCall]:
    """Writes calls of `made_calls`, 20 a day from 5 January 2026 on."""
    calls = make_calls(count, seed)
    rows = [
        PastCall(
            number=f"{seed}-{place}", branch=branch,
            called_date=dt.date.fromordinal(int(calls.day[place])),
            attempts=int(calls.attempts[place]), earlier=int(calls.earlier[place]),
            since_days=_whole(calls.since[place]),
            earlier_result=str(calls.earlier_result[place]), channel=str(calls.channel[place]),
            result="success" if calls.won[place] else "failure",
            balance=round(float(calls.balance[place]), 2),
            in_default=_answer(calls.in_default[place]),
            has_housing_loan=_answer(calls.has_housing_loan[place]),
            has_loan=_answer(calls.has_loan[place]), age=int(calls.age[place]),
            job=str(calls.job[place]), marital=str(calls.marital[place]),
            education=str(calls.education[place]),
        )
        for place in range(count)
    ]  # fmt: skip
    for row in rows:
        for name, value in changes.items():
            setattr(row, name, value)
    return PastCall.objects.bulk_create(rows)


def _whole(value: float) -> int | None:
    return None if np.isnan(value) else int(value)


def _answer(value: float) -> bool | None:
    return None if np.isnan(value) else bool(value)
