"""The stage of a customer in plain Python, step by step, from that customer's facts."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Facts:
    """What is known of one customer."""

    registered: dt.date
    # filed, state, day of documents or decision, product
    applications: list[tuple[dt.date, str, dt.date | None, str]] = field(default_factory=list)
    # issued, activated, first used, product
    cards: list[tuple[dt.date, dt.date | None, dt.date | None, str]] = field(default_factory=list)
    redeemed: list[dt.date] = field(default_factory=list)


def _first(days: Sequence[dt.date | None]) -> dt.date | None:
    found = [day for day in days if day is not None]
    return min(found) if found else None


def _own_days(facts: Facts) -> list[dt.date | None]:
    return [
        facts.registered,
        _first([row[0] for row in facts.applications]),
        _first([row[0] for row in facts.cards]),
        _first([row[1] for row in facts.cards]),
        _first([row[2] for row in facts.cards]),
        _first(facts.redeemed),
    ]


def days_of(facts: Facts) -> list[dt.date | None]:
    """The days on which the steps were reached: a later step counts for those before it too."""
    own = _own_days(facts)
    return [_first(own[number:]) for number in range(len(own))]


def is_dated(facts: Facts) -> list[bool]:
    """Whether each step has a day of its own: one that no later step had to give."""
    own, reached = _own_days(facts), days_of(facts)
    return [mine is not None and mine == day for mine, day in zip(own, reached, strict=True)]


def took(facts: Facts) -> list[int | None]:
    """The days from each step to the next, None where one of the two is not reached or has no day
    of its own."""
    days, dated = days_of(facts), is_dated(facts)
    return [
        (days[number] - days[number - 1]).days if dated[number] and dated[number - 1] else None
        for number in range(1, len(days))
    ]


def _application_step(facts: Facts) -> tuple[str, dt.date | None]:
    approved = [row[2] for row in facts.applications if row[1] == "approved"]
    if approved:
        return "approved", _first(approved)
    supplemented = [row[2] for row in facts.applications if row[1] == "supplemented"]
    if supplemented:
        return "supplemented", _first(supplemented)
    opened = [row[0] for row in facts.applications if row[1] == "filed"]
    if opened:
        return "filed", min(opened)
    return "ended", max(row[2] for row in facts.applications if row[2] is not None)


def stage_of(facts: Facts) -> tuple[str, str, dt.date | None]:
    """Stage, step, and the day since when."""
    days = days_of(facts)
    if days[5]:
        return "loyalty", "redeemed", days[5]
    for number, step in ((4, "used"), (3, "activated"), (2, "issued")):
        if days[number]:
            return "activation", step, days[number]
    if days[1]:
        return "application", *_application_step(facts)
    return "awareness", "registered", days[0]
