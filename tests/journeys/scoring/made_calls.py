"""Calls that are made up, with a result that hangs on what is known before them."""

import datetime as dt

import numpy as np

from journeys.scoring.rules.calls import Calls

FIRST = dt.date(2026, 1, 5)


def make_calls(count: int, seed: int = 1, a_day: int = 20) -> Calls:
    """Calls of which an earlier success, a mobile phone and few attempts promise most."""
    rng = np.random.default_rng(seed)
    earlier_result = rng.choice(["", "", "failure", "success"], count)
    earlier = np.where(earlier_result == "", 0, rng.integers(1, 5, count)).astype(float)
    attempts = rng.integers(1, 6, count).astype(float)
    channel = rng.choice(["", "mobile", "landline"], count)
    age = rng.integers(20, 80, count).astype(float)
    hidden = (
        -0.5 + 2 * (earlier_result == "success") + (channel == "mobile") - 0.4 * attempts
        + 1.0 * (age > 65)
    )  # fmt: skip
    return Calls(
        day=FIRST.toordinal() + np.arange(count) // a_day,
        won=(rng.random(count) < 1 / (1 + np.exp(-hidden))).astype(float),
        attempts=attempts,
        since=np.where(earlier > 0, rng.integers(20, 300, count), np.nan),
        earlier=earlier,
        earlier_result=earlier_result,
        channel=channel,
        balance=rng.normal(1000, 2000, count),
        in_default=rng.choice([0.0, 1.0, np.nan], count),
        has_housing_loan=rng.choice([0.0, 1.0], count),
        has_loan=rng.choice([0.0, 1.0], count),
        age=age,
        job=rng.choice(["teacher", "driver", ""], count),
        marital=rng.choice(["married", "single"], count),
        education=rng.choice(["primary", "tertiary"], count),
    )
