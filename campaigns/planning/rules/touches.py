"""What a plan says to people, and when: who enters, the steps, and when somebody leaves."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from campaigns.conditions.rules import base, spans, tree
from campaigns.planning.enums import OF_EVENTS, Anchor, Audience, EntryBy, Inside, Reentry, Then
from campaigns.planning.rules.reading import Reading
from campaigns.planning.rules.variants import Variant, read_variants
from journeys.contact.enums import Channel
from portal.kit import languages

_FIELDS = ("entry", "reentry", "goal", "exits", "inside", "longest_days", "steps")
_ENTRY = ("by", "anchor", "within_days", "of", "first_date", "every_days", "needs")
_REENTRY = ("mode", "days", "times")
_STEP = ("code", "name", "name_en", "anchor", "on_date", "offset_days", "at", "needs", "wait",
         "channels", "template", "variants", "valid_days", "priority")  # fmt: skip
_WAIT = ("until", "days", "then", "otherwise")
LONGEST_DAYS, WITHIN_DAYS, VALID_DAYS, PRIORITY = 400, 3, 3, 50
_MOST_DAYS = 1_100
_MOST_EXITS = 10
CHANNELS = tuple(Channel.values)


@dataclass(frozen=True)
class Entry:
    """Who enters, and when. By an event: whoever it comes for, no more than `within_days` ago. By
    audience: `of` a run, or each day of those who hold a card of the campaign. By schedule: these
    too, on `first_date` and every `every_days` days after it. `needs` must hold in each case."""

    by: str
    anchor: str = ""
    within_days: int = WITHIN_DAYS
    of: str = ""
    first_date: dt.date | None = None
    every_days: int | None = None
    needs: tree.Node | None = None

    def is_day(self, day: dt.date) -> bool:
        """This will tell whether people enter by schedule on a day."""
        if self.first_date is None or day < self.first_date:
            return False
        gone = (day - self.first_date).days
        return gone == 0 if self.every_days is None else gone % self.every_days == 0

    def as_data(self) -> dict[str, Any]:
        is_event = self.by == EntryBy.EVENT
        return {
            "by": self.by,
            **({"anchor": self.anchor, "within_days": self.within_days} if is_event else {}),
            **({"of": self.of} if self.by == EntryBy.AUDIENCE else {}),
            **({"first_date": self.first_date.isoformat()} if self.first_date else {}),
            **({"every_days": self.every_days} if self.every_days else {}),
            **({"needs": tree.as_data(self.needs)} if self.needs else {}),
        }


@dataclass(frozen=True)
class Again:
    """Whether somebody who left enters again: `days` after leaving at the earliest, `times` in all
    at most."""

    mode: str = Reentry.NEVER.value
    days: int | None = None
    times: int | None = None

    @property
    def most(self) -> int | None:
        """How often one person enters at most; None where nothing bounds it."""
        return 1 if self.mode == Reentry.NEVER else self.times

    def as_data(self) -> dict[str, Any]:
        named = {"days": self.days, "times": self.times}
        return {"mode": self.mode} | {name: one for name, one in named.items() if one is not None}


@dataclass(frozen=True)
class Wait:
    """A step that is due waits until a condition comes true, `days` days at most: then it does
    `then`, and where it did not come true `otherwise`."""

    until: tree.Node
    days: int
    then: str
    otherwise: str

    def as_data(self) -> dict[str, Any]:
        return {
            "until": tree.as_data(self.until), "days": self.days, "then": self.then,
            "otherwise": self.otherwise,
        }  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One message of a touch plan, due `offset_days` after its anchor (before it where negative),
    at a time of the bank's day or from its beginning. It goes out where `needs` hold when it is
    due, by the first of `channels` that is possible, while no more than `valid_days` days have
    passed since. Of messages that compete the one of the lower `priority` figure goes first.
    It has one `template`, or two and more `variants`, each with its own."""

    code: str
    name: str
    name_en: str
    anchor: str
    offset_days: int
    channels: tuple[str, ...]
    template: str
    on_date: dt.date | None = None
    at: dt.time | None = None
    needs: tree.Node | None = None
    wait: Wait | None = None
    valid_days: int = VALID_DAYS
    priority: int = PRIORITY
    variants: tuple[Variant, ...] = ()

    @property
    def label(self) -> str:
        return self.name_en if languages.reads_english() else self.name

    @property
    def texts(self) -> dict[str, str]:
        """The code of the text of each variant by the variant's, of its one text by ""."""
        return {one.code: one.template for one in self.variants} or {"": self.template}

    def text_places(self) -> list[tuple[str, str]]:
        """This will list the codes of its texts, each with its place within the step."""
        if not self.variants:
            return [("template", self.template)]
        return [
            (f"variants[{number}].template", one.template)
            for number, one in enumerate(self.variants)
        ]

    def as_data(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "name": self.name,
            "name_en": self.name_en,
            "anchor": self.anchor,
            **({"on_date": self.on_date.isoformat()} if self.on_date else {}),
            "offset_days": self.offset_days,
            **({"at": self.at.strftime("%H:%M")} if self.at else {}),
            **({"needs": tree.as_data(self.needs)} if self.needs else {}),
            **({"wait": self.wait.as_data()} if self.wait else {}),
            "channels": list(self.channels),
            **(
                {"variants": [one.as_data() for one in self.variants]}
                if self.variants
                else {"template": self.template}
            ),
            "valid_days": self.valid_days,
            "priority": self.priority,
        }


@dataclass(frozen=True)
class Touches:
    """A touch plan. Whoever meets the `goal`, or one of the `exits`, leaves it before anything
    more is sent; so does who has been inside for `longest_days` days. `inside` says what becomes of
    those inside an earlier version when this one comes in force."""

    entry: Entry
    steps: tuple[Step, ...]
    again: Again = Again()
    goal: tree.Node | None = None
    exits: tuple[tree.Node, ...] = ()
    inside: str = Inside.MOVE.value
    longest_days: int = LONGEST_DAYS

    def step(self, code: str) -> Step | None:
        """This will find a step by its code."""
        return next((step for step in self.steps if step.code == code), None)

    @property
    def tells_grants(self) -> bool:
        """Whether a step tells of a reward that was granted; the runs then do not."""
        return any(step.anchor == Anchor.GRANT for step in self.steps)

    def trees(self) -> list[tuple[str, tree.Node]]:
        """This will list all trees of conditions with their place."""
        found: list[tuple[str, tree.Node | None]] = [
            ("touches.entry.needs", self.entry.needs),
            ("touches.goal", self.goal),
            *((f"touches.exits[{number}]", node) for number, node in enumerate(self.exits)),
        ]
        for number, step in enumerate(self.steps):
            place = f"touches.steps[{number}]"
            found.append((f"{place}.needs", step.needs))
            found.append((f"{place}.wait.until", step.wait.until if step.wait else None))
        return [(place, node) for place, node in found if node is not None]

    def as_data(self) -> dict[str, Any]:
        """This will write the touch plan as plain JSON values."""
        return {
            "entry": self.entry.as_data(),
            "reentry": self.again.as_data(),
            **({"goal": tree.as_data(self.goal)} if self.goal else {}),
            **({"exits": [tree.as_data(one) for one in self.exits]} if self.exits else {}),
            "inside": self.inside,
            "longest_days": self.longest_days,
            "steps": [step.as_data() for step in self.steps],
        }


def countdown_of(touches: Touches, rule: tree.Node) -> tree.Leaf | None:
    """This will find the condition that is counted down to, of the goal or else of the campaign's
    rule: the first that adds up in a window of days. Its window is the campaign's window."""
    for node in (touches.goal, rule):
        for leaf in tree.leaves(node) if node is not None else ():
            if isinstance(leaf.condition, spans.Windowed):
                return leaf
    return None


# --- reading ----------------------------------------------------------------------------------
def read_touches(reading: Reading | None) -> Touches | None:
    """This will read the part `touches` of a plan; what is wrong is noted in `reading`."""
    if reading is None:
        return None
    reading.only(*_FIELDS)
    entry = reading.part("entry")
    steps = tuple(_step(part) for part in reading.parts("steps"))
    codes = [step.code for step in steps if step.code]
    for code in dict.fromkeys(code for code in codes if codes.count(code) > 1):
        reading.wrong("steps", _("two have the code {code}; give each its own").format(code=code))
    return Touches(
        entry=_entry(entry) if entry else Entry(""),
        steps=steps,
        again=_again(reading.part("reentry", is_needed=False)),
        goal=reading.rule("goal", is_needed=False),
        exits=_exits(reading),
        inside=reading.one_of("inside", Inside.values, is_needed=False) or Inside.MOVE.value,
        longest_days=_whole(reading, "longest_days", 1, LONGEST_DAYS),
    )


def _whole(reading: Reading, name: str, least: int, usual: int, most: int = _MOST_DAYS) -> int:
    found = reading.whole(name, least, most, is_needed=False)
    return usual if found is None else found


def _refuse_idle(reading: Reading, names: Sequence[str]) -> None:
    for name in names:
        if reading.has(name):
            reading.wrong(name, _("has no meaning here"))


def _entry(part: Reading) -> Entry:
    part.only(*_ENTRY)
    by = part.one_of("by", EntryBy.values)
    belong = {
        EntryBy.EVENT.value: ("anchor", "within_days"),
        EntryBy.AUDIENCE.value: ("of",),
        EntryBy.SCHEDULE.value: ("first_date", "every_days"),
    }
    own = belong.get(by, _ENTRY)
    _refuse_idle(part, [name for name in _ENTRY if name not in (*own, "by", "needs")])
    anchors = [one.value for one in OF_EVENTS]
    return Entry(
        by=by,
        anchor=part.one_of("anchor", anchors) if by == EntryBy.EVENT else "",
        within_days=_whole(part, "within_days", 0, WITHIN_DAYS) if by == EntryBy.EVENT else 0,
        of=part.one_of("of", Audience.values) if by == EntryBy.AUDIENCE else "",
        first_date=part.day("first_date") if by == EntryBy.SCHEDULE else None,
        every_days=part.whole("every_days", 1, _MOST_DAYS, is_needed=False),
        needs=part.rule("needs", is_needed=False),
    )


def _again(part: Reading | None) -> Again:
    if part is None:
        return Again()
    part.only(*_REENTRY)
    mode = part.one_of("mode", Reentry.values)
    is_days, is_times = mode == Reentry.AFTER_DAYS, mode == Reentry.TIMES
    if not is_days:
        _refuse_idle(part, ["days"])
    if mode == Reentry.NEVER:
        _refuse_idle(part, ["times"])
    return Again(
        mode=mode,
        days=part.whole("days", 1, _MOST_DAYS, is_needed=is_days),
        times=part.whole("times", 1, 100, is_needed=is_times),
    )


def _exits(reading: Reading) -> tuple[tree.Node, ...]:
    if not reading.has("exits"):
        return ()
    raw = reading.raw["exits"]
    if not isinstance(raw, list) or len(raw) > _MOST_EXITS:
        reading.wrong("exits", _("must be a list of at most {most}").format(most=_MOST_EXITS))
        return ()
    found = []
    for number, one in enumerate(raw):
        try:
            found.append(tree.read_rule(one, reading.at(f"exits[{number}]")))
        except base.RuleWrong as wrong:
            reading.problems.append(f"{wrong.place}: {wrong.problem}")
    return tuple(found)


def _step(part: Reading) -> Step:
    part.only(*_STEP)
    anchor = part.one_of("anchor", Anchor.values)
    is_fixed = anchor == Anchor.FIXED_DATE
    if not is_fixed:
        _refuse_idle(part, ["on_date"])
    wait = part.part("wait", is_needed=False)
    variants = read_variants(part)
    if part.has("variants"):
        _refuse_idle(part, ["template"])
    return Step(
        code=part.slug("code"),
        name=part.words("name", 60),
        name_en=part.words("name_en", 60),
        anchor=anchor,
        offset_days=_whole(part, "offset_days", -_MOST_DAYS, 0),
        channels=part.codes("channels", CHANNELS),
        template="" if part.has("variants") else part.slug("template"),
        variants=variants,
        on_date=part.day("on_date", is_needed=is_fixed) if is_fixed else None,
        at=part.by("at", _read_time, is_needed=False),
        needs=part.rule("needs", is_needed=False),
        wait=_wait(wait) if wait else None,
        valid_days=_whole(part, "valid_days", 0, VALID_DAYS, 60),
        priority=_whole(part, "priority", 0, PRIORITY, 99),
    )


def _wait(part: Reading) -> Wait | None:
    part.only(*_WAIT)
    until = part.rule("until")
    days = part.whole("days", 1, _MOST_DAYS)
    then = part.one_of("then", Then.values, is_needed=False) or Then.SEND.value
    otherwise = part.one_of("otherwise", Then.values, is_needed=False) or Then.SKIP.value
    return Wait(until, days, then, otherwise) if until is not None and days else None


def _read_time(raw: Any, place: str) -> dt.time:
    # 09:30 without quotes is a number of minutes to YAML.
    text = f"{raw // 60:02}:{raw % 60:02}" if type(raw) is int and 0 <= raw < 1440 else raw
    try:
        return dt.datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007  (a time of any day)
    except (TypeError, ValueError) as wrong:
        raise base.RuleWrong(place, _("must be a time such as 09:30")) from wrong
