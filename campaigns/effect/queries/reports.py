"""Effects as plain data, for programs: of campaigns of the portal and of files."""

import math
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils import timezone

from campaigns.effect import rules
from campaigns.effect.enums import Known
from campaigns.effect.queries import words
from campaigns.effect.queries.telling import Effect
from portal.kit import languages


def report_of(effect: Effect) -> dict[str, Any]:
    """This will return all that is known of a campaign's effect, numbers and words."""
    plan, sums = effect.plan, effect.sums
    return {
        "campaign": plan.campaign.code,
        "counted_at": sums.counted_at and timezone.localtime(sums.counted_at).isoformat(),
        "definition": {
            "conversion": plan.conversion, "window_days": plan.rule.window_days,
            "settle_days": plan.rule.settle_days, "first_date": plan.first_date.isoformat(),
            **_terms(plan.rule.terms), "cap": str(plan.rule.cap),
        },
        "arms": {
            side: {"people": one.people, "watched": one.ripe, "waiting": one.waiting,
                   "crossed": one.crossed}
            for side, one in (("treated", sums.reached), ("control", sums.held))
        },
        "split": _split(effect.drawn),
        "before": {str(one): _told(told) for one, told in effect.before.items()},
        "measures": {str(one): _told(told) for one, told in effect.measures.items()},
        "cost": _cost(effect),
        "words": _in_both(lambda: [*words.warnings_of(effect), *words.sentences_of(effect)]),
    }  # fmt: skip


def report_of_file(
    filed: rules.Filed, terms: rules.Terms, *, cap: Decimal, percent: float | None
) -> dict[str, Any]:
    """This will return what a file tells of a campaign that was run elsewhere. With the share of
    its control group (%) the split is held against it."""
    drawn = None
    if percent is not None:
        drawn = rules.drawn(reached=filed.reached, held=filed.held, percent=percent)
    how = {"has_control": bool(filed.held), "is_as_drawn": drawn is None or drawn.is_as_drawn}
    told = {
        one.name: (one.is_share, rules.tell(one.reached, one.held, terms, **how))
        for one in filed.outcomes
    }
    capped = {
        one.name: rules.tell(one.capped[0], one.capped[1], terms, **how)
        for one in filed.outcomes
        if one.capped is not None
    }
    return {
        "campaign": None,
        "definition": {**_terms(terms), "cap": str(cap)},
        "arms": {"treated": {"people": filed.reached}, "control": {"people": filed.held}},
        "split": _split(drawn),
        "measures": {
            name: {
                "kind": "share" if is_share else "amount", **_told(one),
                **({} if is_share else {"capped": _told(capped[name])}),
            }
            for name, (is_share, one) in told.items()
        },
        "bad_rows": [_bad(row) for row in filed.bad],
        "words": _in_both(lambda: [
            words.sentence_of(name, one, terms, is_share=is_share)
            for name, (is_share, one) in told.items()
        ]),
    }  # fmt: skip


def _bad(row: rules.BadRow) -> dict[str, Any]:
    return {
        "line": row.line, "column": row.column, "reason": row.reason.code,
        "words": dict(_each(lambda: row.words)),
    }  # fmt: skip


def _terms(terms: rules.Terms) -> dict[str, Any]:
    return {
        "fewest": terms.fewest, "tuned": terms.tuned, "error": terms.error, "power": terms.power,
    }  # fmt: skip


def _split(drawn: rules.Drawn | None) -> dict[str, Any] | None:
    if drawn is None:
        return None
    return {
        "percent": drawn.percent, "expected": round(drawn.expected, 1),
        "chi_square": _plain(drawn.chi_square), "chance": drawn.chance,
        "as_drawn": drawn.is_as_drawn,
    }  # fmt: skip


def _told(told: rules.Told) -> dict[str, Any]:
    found: dict[str, Any] = {
        "known": str(told.known), "treated_people": told.reached_people,
        "control_people": told.held_people, "treated": told.reached, "control": told.held,
    }  # fmt: skip
    if told.known != Known.COMPARED or told.lift is None:
        return found
    lift = told.lift
    return {
        **found, "lift": lift.by.value, "low": lift.by.low, "high": lift.by.high,
        "once_low": lift.once.low, "once_high": lift.once.high, "finding": str(lift.finding),
        "relative": lift.relative and _range(lift.relative), "findable": told.findable,
    }  # fmt: skip


def _range(one: rules.Range) -> dict[str, float | None]:
    return {"value": one.value, "low": _plain(one.low), "high": _plain(one.high)}


def _plain(value: float) -> float | None:
    """JSON has no word for what has no end."""
    return value if math.isfinite(value) else None


def _cost(effect: Effect) -> dict[str, Any]:
    extra = effect.extra
    found: dict[str, Any] = {"total": str(effect.cost), "extra_active_cards": None}
    if extra is None:
        return found
    return {
        **found, "extra_active_cards": _range(extra.cards),
        "per_extra_active_card": {"value": extra.value, "low": extra.low, "high": extra.high},
    }  # fmt: skip


def _in_both(say: Callable[[], list[str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}

    def told() -> str:
        return "\n".join(say())

    for code, text in _each(told):
        found[code] = text.splitlines()
    return found


def _each(say: Callable[[], str]) -> list[tuple[str, str]]:
    return [(code, text) for code, _name, text in languages.in_each(say)]
