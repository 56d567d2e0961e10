"""The gate's hours and caps once more, in plain Python: instant by instant, rule by rule."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
TINY, DAY = dt.timedelta(microseconds=1), dt.timedelta(days=1)


@dataclass(frozen=True)
class Rule:
    """Hours of one channel, as a row says them."""

    since: dt.date
    prefix: str
    kind: str
    opens: dt.time | None
    closes: dt.time | None
    is_overnight: bool = False
    is_lifted: bool = False


@dataclass(frozen=True)
class Calendar:
    """Known years, and days that are not what their weekday says."""

    years: frozenset[int]
    others: Mapping[dt.date, bool]

    def kind(self, day: dt.date) -> str | None:
        """Workday, rest, or None where the year is not known."""
        if day.year not in self.years:
            return None
        return "workday" if self.others.get(day, day.isoweekday() <= 5) else "rest"


def rule_on(rules: Iterable[Rule], code: str, kind: str, day: dt.date) -> Rule | None:
    """Longest place first; of each place the latest that is in force."""
    for length in range(len(code), -1, -1):
        own = [
            rule
            for rule in rules
            if rule.prefix == code[:length] and rule.kind == kind and rule.since <= day
        ]
        if own:
            latest = max(own, key=lambda rule: rule.since)
            if not latest.is_lifted:
                return latest
    return None


def is_in(rule: Rule, time: dt.time) -> bool:
    """Whether a time of the rule's own day is within its hours."""
    if rule.opens is None or rule.closes is None:
        return False
    if rule.is_overnight or rule.closes == dt.time(0):
        return time >= rule.opens
    return rule.opens <= time < rule.closes


def state_at(rules: Sequence[Rule], calendar: Calendar, code: str, at: dt.datetime) -> str:
    """Open, closed, or why nothing is known."""
    local = at.astimezone(SHANGHAI)
    day, time = local.date(), local.time()
    kind = calendar.kind(day)
    if kind is None:
        return "no_calendar"
    before = calendar.kind(day - DAY)
    night = rule_on(rules, code, before, day - DAY) if before else None
    if night and night.is_overnight and night.closes and time < night.closes:
        return "open"
    rule = rule_on(rules, code, kind, day)
    if rule is None:
        return "no_hours"
    return "open" if is_in(rule, time) else "closed"


def planned(
    rules: Sequence[Rule], calendar: Calendar, code: str, at: dt.datetime
) -> dt.datetime | str:
    """The first open instant: `at` itself, or the next of the half hours at which rules turn."""
    step, last = at, at + 62 * DAY
    while step.astimezone(SHANGHAI).date() <= last.astimezone(SHANGHAI).date():
        state = state_at(rules, calendar, code, step)
        if state != "closed":
            return step if state == "open" else state
        minutes = 30 - step.minute % 30
        step = step.replace(second=0, microsecond=0) + dt.timedelta(minutes=minutes)
    return "no_hours"


def is_full(times: Sequence[dt.datetime], at: dt.datetime, cap: int, hours: int) -> bool:
    """Every window that starts, or just does not reach, any of the instants."""
    span, everything = dt.timedelta(hours=hours), [*times, at]
    starts = [one + shift for one in everything for shift in (dt.timedelta(0), TINY - span)]
    return any(
        start <= at < start + span and sum(start <= one < start + span for one in everything) > cap
        for start in starts
    )
