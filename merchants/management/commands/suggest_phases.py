"""`manage.py suggest_phases --on DATE`: which phases evidence speaks for, and what was suggested.

A line for each open partnership and phase that its evidence speaks for: what it rests on (turnover,
offers of rivals, the end of the contract, promises, complaints), the finding where it is of
turnover, and what came of it (`suggestion`: suggested now, open already, or why not). Then the
partners without a partnership, of whom turnover alone is known, with nothing to suggest to
(`suggestion` is null), within `--budget`. Suggestions are made for days
of the current week alone, after those that nobody answered in time expired; of a week that is over
the findings are told.
"""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from merchants.evidence import operations, queries
from merchants.evidence.queries.suggestions import BUDGET
from merchants.evidence.rules import weeks
from merchants.evidence.rules.findings import Finding
from merchants.partnerships.operations import (
    Proposed,
    expire_suggestions,
    suggest_from_evidence,
)
from merchants.partnerships.rules import reasons
from portal.kit import clock

_SHOWN = (
    "on", "since", "since_between", "change", "change_between", "yearly", "false_alarms_a_year",
)  # fmt: skip


class Command(BaseCommand):
    """Judges turnover as of the day where that was not done, suggests what evidence speaks for to
    the managers of partnerships, as the night does, and prints both."""

    help = "Suggest phases of partnerships by the evidence there is, with the reasons in words."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--on", help="day such as 2026-03-31; today where it is left out")
        parser.add_argument("--json", action="store_true", help="print JSON")
        parser.add_argument(
            "--budget", type=int, default=BUDGET,
            help="partners without a partnership, of a kind for each manager",
        )  # fmt: skip
        parser.add_argument(
            "--language", choices=[code for code, _name in settings.LANGUAGES],
            default=settings.LANGUAGE_CODE, help="of the reasons",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        on = _day_of(options["on"])
        if not queries.is_judged(on=on):
            operations.evaluate_turnover(on=on, at=clock.now())
        with translation.override(options["language"]):
            made = []
            if _is_current(on):
                expire_suggestions(on=on, at=clock.now())
                made = suggest_from_evidence(on=on)
            led = {one.merchant_id for one in made}
            rest = queries.suggested_phases(on=on, budget=options["budget"], settled=led)
            found = [_told(one, on) for one in made]
            found += [
                _written(one.number, one.phase, one.finding.reasons, one.finding) for one in rest
            ]
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1))
            return
        for one in found:
            said = one["suggestion"]["text"] if one["suggestion"] else "–"
            self.stdout.write(f"{one['merchant']} → {one['phase']}: {said}")
            for reason in one["reasons"]:
                self.stdout.write(f"  {reason['text']}")


def _day_of(text: str | None) -> dt.date:
    if not text:
        return clock.today()
    try:
        on = dt.date.fromisoformat(text)
    except ValueError as bad:
        raise CommandError(f"{text} is no day; write it as 2026-03-31.", returncode=2) from bad
    if on > clock.today():
        raise CommandError(f"{text} has not come yet.", returncode=2)
    return on


def _is_current(on: dt.date) -> bool:
    return weeks.as_of(on) == weeks.as_of(clock.today())


def _said(one: Proposed) -> dict[str, Any]:
    return {
        "partnership": one.partnership_id,
        "outcome": one.outcome.value,
        "text": str(one.outcome.label),
        "why": list(one.why),
    }


def _told(one: Proposed, on: dt.date) -> dict[str, Any]:
    told = _written(one.number, one.case.to, one.case.reasons, one.finding)
    return {**told, "on": told["on"] or on.isoformat(), "suggestion": _said(one)}


def _written(
    number: str, phase: str, why: Sequence[Mapping[str, Any]], found: Finding | None
) -> dict[str, Any]:
    said = [{"code": reason["code"], "text": reasons.sentence(reason)} for reason in why]
    return {
        "merchant": number, "phase": phase, "rests_on": reasons.rests_on(why), **_shown(found),
        "reasons": said, "suggestion": None,
    }  # fmt: skip


def _shown(found: Finding | None) -> dict[str, Any]:
    """What turnover shows; nothing where the evidence is of other kinds."""
    if found is None:
        return dict.fromkeys(_SHOWN)
    return {
        "on": found.on.isoformat(),
        "since": _iso(found.since),
        "since_between": [_iso(found.since_from), _iso(found.since_to)],
        "change": found.change,
        "change_between": [found.low, found.high],
        "yearly": None if found.yearly is None else str(found.yearly),
        "false_alarms_a_year": found.by_chance,
    }


def _iso(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()
