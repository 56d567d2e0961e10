"""A touch plan once more in plain Python, one person after another, from the words of its plan:
what becomes of each step at a row of instants at which somebody looks."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tests.journeys.contact import oracle as hours

DAY = dt.timedelta(days=1)
ZONE = dt.timezone(dt.timedelta(hours=8))
DAY_CAP, MONTH_CAP = 2, 5
RULES = [
    hours.Rule(dt.date(2020, 1, 1), "", kind, dt.time(9), dt.time(20))
    for kind in ("workday", "rest")
]
CALENDAR = hours.Calendar(frozenset(range(2020, 2061)), {})


@dataclass
class Person:
    """What is to become of one person: the days of his card, what he spends on which day, and
    whether he agreed to be told."""

    issued: dt.date
    activated: dt.date | None
    used: dt.date | None
    spent: list[tuple[dt.date, int]]
    agrees: bool

    def holds(self, node: dict[str, Any] | None, on: dt.date) -> bool:
        if node is None:
            return True
        if "not" in node:
            return not self.holds(node["not"], on)
        if "all" in node:
            return all(self.holds(part, on) for part in node["all"])
        if node["kind"] == "activated":
            return self.activated is not None and self.activated <= on
        if node["kind"] == "first_used":
            return self.used is not None and self.used <= on
        last = min(on, self.issued + node["days"] * DAY)
        sums = sum(amount for day, amount in self.spent if self.issued <= day <= last)
        return bool(self.issued <= on) and Decimal(sums) >= Decimal(node["at_least"])

    def changed_on(self, day: dt.date) -> bool:
        """Whether a day of the card came on that day."""
        return day in {self.issued, self.activated, self.used}


@dataclass
class Step:
    planned: dt.datetime | None = None
    due: dt.datetime | None = None
    wait_until: dt.datetime | None = None
    valid: dt.datetime | None = None
    state: str = "waiting"
    answer: str = ""


@dataclass
class Stay:
    occasion: str
    entered: dt.datetime
    steps: dict[str, Step] = field(default_factory=dict)
    state: str = "inside"
    because: str = ""
    left: dt.datetime | None = None


@dataclass
class Told:
    """The life of one person in a plan: his stays, and the instants at which he is contacted."""

    person: Person
    stays: list[Stay] = field(default_factory=list)
    contacts: list[dt.datetime] = field(default_factory=list)


def day_of(at: dt.datetime) -> dt.date:
    return at.astimezone(ZONE).date()


def midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), tzinfo=ZONE)


def end_of(at: dt.datetime, days: int) -> dt.datetime:
    return midnight(day_of(at) + (days + 1) * DAY)


class Oracle:
    """Looks at all people of a plan whenever `look` is called; marks are those of the days since
    the last look."""

    def __init__(self, plan: dict[str, Any], people: list[Person]) -> None:
        self.plan = plan
        self.lives = [Told(person) for person in people]
        self.looked: dt.date | None = None
        self.today = dt.date.min

    def look(self, at: dt.datetime) -> None:
        day, is_first = day_of(at), self.looked != day_of(at)
        self.today = day
        for life in self.lives:
            if life.person.issued > day:
                continue
            if is_first and any(map(life.person.changed_on, _days(self.looked, day))):
                self._follow(life, at)
            if is_first:
                self._gather(life, at)
            self._end(life, at)
            while (due := self._next(life, at)) is not None:
                self._work(life, *due, at)
        self.looked = day

    # --- coming in ------------------------------------------------------------------------------
    def _follow(self, life: Told, at: dt.datetime) -> None:
        stay = self._inside(life)
        if stay is not None:
            if (why := self._reached(life, at)) is not None:
                self._leave(stay, why, at)
            else:
                self._place(life, stay)
                for step in stay.steps.values():
                    is_later = step.due is not None and step.due > at
                    if step.state == "waiting" and step.answer == "awaits" and is_later:
                        step.due = at
        if self.plan["entry"]["by"] == "event":
            self._by_event(life, at)

    def _gather(self, life: Told, at: dt.datetime) -> None:
        entry, day = self.plan["entry"], day_of(at)
        if entry["by"] == "event":
            self._by_event(life, at)
        elif entry["by"] == "audience":
            self._enter(life, f"day:{day}", at)
        else:
            gone = (day - entry["first_date"]).days
            if gone == 0 or (gone > 0 and gone % entry["every_days"] == 0):
                self._enter(life, f"day:{day}", at)

    def _by_event(self, life: Told, at: dt.datetime) -> None:
        entry, person = self.plan["entry"], life.person
        day = {"issue": person.issued, "activation": person.activated}[entry["anchor"]]
        if day is not None and 0 <= (day_of(at) - day).days <= entry["within_days"]:
            self._enter(life, entry["anchor"], at)

    def _enter(self, life: Told, occasion: str, at: dt.datetime) -> None:
        again, before = self.plan["reentry"], life.stays
        if any(stay.occasion == occasion for stay in before) or self._inside(life):
            return
        if not life.person.holds(self.plan["entry"].get("needs"), day_of(at)):
            return
        most = 1 if again["mode"] == "never" else again.get("times")
        if most is not None and len(before) >= most:
            return
        if before and "days" in again and before[-1].left + again["days"] * DAY > at:
            return
        stay = Stay(occasion, at)
        life.stays.append(stay)
        self._place(life, stay)

    def _place(self, life: Told, stay: Stay) -> None:
        person = life.person
        for raw in self.plan["steps"]:
            days = {
                "issue": person.issued, "activation": person.activated, "first_use": person.used,
                "window_end": person.issued + 65 * DAY, "fixed_date": raw.get("on_date"),
                "entry": day_of(stay.entered),
            }  # fmt: skip
            known = days[raw["anchor"]]
            is_own = raw["anchor"] in ("activation", "first_use")
            if known is not None and is_own and known > self.today:
                known = None
            planned = None
            if known is not None:
                clock = dt.time.fromisoformat(raw.get("at") or "00:00")
                planned = dt.datetime.combine(known + raw["offset_days"] * DAY, clock, tzinfo=ZONE)
            if raw["anchor"] == "entry" and not raw.get("at"):
                planned = stay.entered + raw["offset_days"] * DAY
            step = stay.steps.setdefault(raw["code"], Step())
            if step.state == "waiting" and step.planned != planned:
                valid = None
                if planned is not None and "wait" not in raw:
                    valid = end_of(planned, raw["valid_days"])
                stay.steps[raw["code"]] = Step(planned, planned, None, valid)

    # --- going out ------------------------------------------------------------------------------
    def _inside(self, life: Told) -> Stay | None:
        return next((stay for stay in life.stays if stay.state == "inside"), None)

    def _reached(self, life: Told, at: dt.datetime) -> str | None:
        goal = self.plan.get("goal")
        if goal is not None and life.person.holds(goal, day_of(at)):
            return "goal"
        exits = self.plan.get("exits", [])
        return "exit" if any(life.person.holds(one, day_of(at)) for one in exits) else None

    def _leave(self, stay: Stay, why: str, at: dt.datetime) -> None:
        stay.state, stay.because, stay.left = "left", why, at
        for step in stay.steps.values():
            if step.state == "waiting":
                step.state, step.answer = "left", why

    def _end(self, life: Told, at: dt.datetime) -> None:
        stay = self._inside(life)
        if stay is not None and stay.entered + self.plan["longest_days"] * DAY <= at:
            self._leave(stay, "too_long", at)

    # --- steps ----------------------------------------------------------------------------------
    def _next(self, life: Told, at: dt.datetime) -> tuple[Stay, dict[str, Any]] | None:
        stay = self._inside(life)
        if stay is None:
            return None
        due = [
            (step.due, place, raw)
            for place, raw in enumerate(self.plan["steps"])
            if (step := stay.steps[raw["code"]]).state == "waiting"
            and step.due is not None
            and step.due <= at
        ]
        return (stay, min(due, key=lambda one: one[:2])[2]) if due else None

    def _work(self, life: Told, stay: Stay, raw: dict[str, Any], at: dt.datetime) -> None:
        step = stay.steps[raw["code"]]
        if (why := self._reached(life, at)) is not None:
            self._leave(stay, why, at)
            return
        then = "send"
        if "wait" in raw and step.valid is None:
            wait = raw["wait"]
            assert step.planned is not None
            over = step.wait_until or max(step.planned, stay.entered) + wait["days"] * DAY
            has_come = life.person.holds(wait["until"], day_of(at))
            if not has_come and at < over:
                step.due, step.wait_until, step.answer = min(at + DAY, over), over, "awaits"
                return
            then = wait["then"] if has_come else wait["otherwise"]
            if then != "send":
                step.state, step.answer = "skipped", "wait_met" if has_come else "wait_over"
            step.valid = end_of(at, raw["valid_days"])
        if then == "send":
            self._send(life, step, raw, at)
        if then == "leave":
            self._leave(stay, "wait", at)
        if stay.state == "inside" and not any(
            one.state == "waiting" for one in stay.steps.values()
        ):
            stay.state, stay.because, stay.left = "left", "finished", at

    def _send(self, life: Told, step: Step, raw: dict[str, Any], at: dt.datetime) -> None:
        assert step.valid is not None
        step.state = "skipped"
        if at >= step.valid:
            step.answer = "too_late"
        elif not life.person.holds(raw.get("needs"), day_of(at)):
            step.answer = "needs"
        elif not life.person.agrees:
            step.answer = "no_consent"
        else:
            opening = _opening(at)
            if not _is_full(life.contacts, opening):
                if opening < step.valid:
                    step.state, step.answer = "sent", "sent"
                    life.contacts.append(opening)
                else:
                    step.answer = "too_late"
                return
            free = _free(life.contacts, opening)
            step.answer = "cap_reached"
            if free < step.valid:
                step.state, step.due = "waiting", free


def _days(since: dt.date | None, day: dt.date) -> list[dt.date]:
    """The days after the last look up to this one."""
    first = since + DAY if since else day - 400 * DAY
    return [first + number * DAY for number in range((day - first).days + 1)]


def _opening(at: dt.datetime) -> dt.datetime:
    found = hours.planned(RULES, CALENDAR, "", at)
    assert isinstance(found, dt.datetime)
    return found


def _is_full(contacts: list[dt.datetime], at: dt.datetime) -> bool:
    return hours.is_full(contacts, at, DAY_CAP, 24) or hours.is_full(contacts, at, MONTH_CAP, 720)


def _free(contacts: list[dt.datetime], after: dt.datetime) -> dt.datetime:
    ends = [one + dt.timedelta(hours=span) for one in contacts for span in (24, 720)]
    return min(
        opening
        for opening in (_opening(end) for end in ends if end > after)
        if not _is_full(contacts, opening)
    )
