"""What is wrong with a touch plan: steps that nobody can be sent, waits that cannot end well, days
that are not known or have passed, texts that are missing or cannot be filled in."""

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext as _

from campaigns.conditions.enums import CountedFrom
from campaigns.conditions.rules import spans, tree
from campaigns.planning.enums import KNOWN_AHEAD, Anchor, EntryBy, Then
from campaigns.planning.rules import reasoning, windows
from campaigns.planning.rules.faults import Around, Fault
from campaigns.planning.rules.plans import Plan
from campaigns.planning.rules.reasoning import Placed
from campaigns.planning.rules.touches import Step, Touches, countdown_of
from journeys.contact.enums import Channel

# What the steps of a touch plan bring for their texts; the last two only count down.
COUNTED = ("to_go", "days_left", "deadline")
OF_POINTS = ("points", "expires")
OF_GRANT = ("reward", "reward_en", "amount")
ALWAYS = ("campaign", "campaign_en", "name", "card_tail")
VARIABLES = (*ALWAYS, *OF_GRANT, *COUNTED, *OF_POINTS)


def lint_touches(plan: Plan, around: Around) -> Iterator[Fault]:
    """This will find what is wrong with the touch plan of a plan, and with what its texts need."""
    touches = plan.touches
    needed = dict(around.variables).get(plan.template, frozenset())
    if unknown := sorted(needed - {*ALWAYS, *OF_GRANT}):
        yield _unfilled("template", unknown, _("Use another text for those who qualify."))
    if touches is None:
        return
    yield from _contradicting(touches)
    for number, step in enumerate(touches.steps):
        place = f"touches.steps[{number}]"
        yield from _dead(touches, step, place)
        yield from _waits(plan, touches, step, place)
        yield from _days(plan, touches, step, place, around.on)
        yield from _told_once(touches, step, place)
        yield from _after_window(plan, touches, step, place, around)
        yield from _texts(plan, touches, step, place, around)


# --- steps nobody comes to --------------------------------------------------------------------
def _contradicting(touches: Touches) -> Iterator[Fault]:
    for place, node in touches.trees():
        if pair := reasoning.contradiction(Placed(node, place)):
            yield Fault(
                pair[0].place,
                _("It contradicts {place}: nobody can ever meet both.").format(place=pair[1].place),
                _("Take one of them out."),
            )


def _ends(touches: Touches) -> list[tuple[str, tree.Node]]:
    """By what people leave, and where it is said."""
    goal = [("touches.goal", touches.goal)] if touches.goal else []
    return goal + [(f"touches.exits[{n}]", node) for n, node in enumerate(touches.exits)]


def _dead(touches: Touches, step: Step, place: str) -> Iterator[Fault]:
    for at, end in _ends(touches):
        if step.needs is not None and reasoning.node_implies(step.needs, end):
            yield Fault(
                f"{place}.needs",
                _("Whoever meets it has left by {place}: nobody is ever sent this step.").format(
                    place=at
                ),
                _("Ask something else, or take the step out."),
            )
    wait = step.wait
    if wait and Then.SEND not in (wait.then, wait.otherwise):
        yield Fault(
            f"{place}.wait",
            _("It sends neither when the wait ends well nor when its days are over."),
            _("Send in one of the two cases."),
        )


def _waits(plan: Plan, touches: Touches, step: Step, place: str) -> Iterator[Fault]:
    wait = step.wait
    if wait is None:
        return
    sends = wait.then == Then.SEND
    for at, end in _ends(touches):
        if sends and reasoning.node_implies(wait.until, end):
            yield Fault(
                f"{place}.wait.until",
                _("Whoever meets it leaves by {place}: the wait never ends well.").format(place=at),
                _("Wait for something else, or change what ends the touch plan."),
            )
    until = Placed(wait.until, f"{place}.wait.until")
    if sends and step.needs is not None:
        needs = Placed(step.needs, f"{place}.needs")
        if pair := reasoning.contradiction(until, needs):
            yield Fault(
                pair[0].place,
                _("It contradicts {place}: the step is never sent after the wait.").format(
                    place=pair[1].place
                ),
                _("Wait for something else, or ask something else."),
            )
    for literal in reasoning.needed(until)[0]:
        if literal.holds and (problem := windows.closed(literal.condition.as_data(), plan)):
            yield Fault(literal.place, problem, _("Change the window, or the days of the plan."))


# --- days -------------------------------------------------------------------------------------
def _days(plan: Plan, touches: Touches, step: Step, place: str, on: dt.date) -> Iterator[Fault]:
    if step.anchor == Anchor.WINDOW_END and countdown_of(touches, plan.rule) is None:
        yield Fault(
            f"{place}.anchor",
            _("The campaign has no window: neither goal nor rule adds up over a span of days."),
            _("Count from another day, or add such a condition."),
        )
    if step.offset_days < 0 and step.anchor not in KNOWN_AHEAD:
        yield Fault(
            f"{place}.offset_days",
            _("That day is only known once it has come: nothing can be sent before it."),
            _("Give 0 days or more, or count from a day that is known ahead."),
        )
    if step.on_date is not None:
        due = step.on_date + dt.timedelta(days=step.offset_days)
        if due + dt.timedelta(days=step.valid_days) < on:
            yield Fault(
                f"{place}.on_date",
                _("The day has passed ({day}).").format(day=due),
                _("Give a later day."),
            )
    if step.wait and step.wait.days > touches.longest_days:
        yield Fault(
            f"{place}.wait.days",
            _("It waits longer than anybody stays in the touch plan ({days} days).").format(
                days=touches.longest_days
            ),
            _("Wait for fewer days, or raise longest_days."),
        )
    if step.anchor == Anchor.ENTRY and step.offset_days > touches.longest_days:
        yield Fault(
            f"{place}.offset_days",
            _("Everybody has left by then: the longest stay is {days} days.").format(
                days=touches.longest_days
            ),
            _("Give fewer days, or raise longest_days."),
        )


def _told_once(touches: Touches, step: Step, place: str) -> Iterator[Fault]:
    """Points that expire more than once, where nobody comes in again for the next time."""
    is_once = touches.again.most == 1 or touches.entry.by == EntryBy.EVENT
    if step.anchor == Anchor.POINTS_EXPIRING and is_once:
        yield Fault(
            f"{place}.anchor",
            _(
                "Each person is told of the points that expire first, and not of those that expire "
                "later: a stay tells each step once, and nobody comes in again by the calendar."
            ),
            _(
                "Leave it so where once is meant. Where each expiry is to be told, give it a touch "
                "plan of its own that people enter by a schedule, again after leaving."
            ),
            is_block=False,
        )


def _after_window(
    plan: Plan, touches: Touches, step: Step, place: str, around: Around
) -> Iterator[Fault]:
    """A step after the window has ended; where its text counts down it can never be sent."""
    leaf = countdown_of(touches, plan.rule)
    if leaf is None or not _is_after(leaf.condition, step):
        return
    counts = not _needed_by(around, step).isdisjoint(COUNTED)
    yield Fault(
        f"{place}.offset_days",
        _("It comes after the last day of the window, and counts down to it: it is never sent.")
        if counts
        else _("It comes after the last day of the window: nothing can be done any more."),
        _("Give an earlier day."),
        is_block=counts,
    )


def _is_after(condition: object, step: Step) -> bool:
    if not isinstance(condition, spans.Windowed):
        return False
    if step.anchor == Anchor.WINDOW_END:
        return step.offset_days > 0
    anchors = {CountedFrom.ISSUE.value: Anchor.ISSUE, CountedFrom.ACTIVATION.value:
               Anchor.ACTIVATION}  # fmt: skip
    if condition.counted_from in anchors:
        last = (condition.days or 0) - (not condition.is_last_day_inside)
        return step.anchor == anchors[condition.counted_from] and step.offset_days > last
    if step.on_date is None or condition.last_date is None:
        return False
    last_day = condition.last_date - dt.timedelta(days=not condition.is_last_day_inside)
    return step.on_date + dt.timedelta(days=step.offset_days) > last_day


# --- texts ------------------------------------------------------------------------------------
def _needed_by(around: Around, step: Step) -> frozenset[str]:
    known = dict(around.variables)
    return frozenset[str]().union(*(known.get(code, frozenset()) for code in step.texts.values()))


def _texts(plan: Plan, touches: Touches, step: Step, place: str, around: Around) -> Iterator[Fault]:
    for at, template, channel in _unwritten(step, around):
        yield Fault(
            f"{place}.{at}",
            _("There is no message text {code} in simplified Chinese for: {channel}.").format(
                code=template, channel=Channel(channel).label
            ),
            _("Write one, as a new version where it was withdrawn, or take the channel out."),
        )
    needed, known = _needed_by(around, step), dict(around.variables)
    for at, code in step.text_places():
        if unfilled := sorted(known.get(code, frozenset()) - _filled(plan, touches, step)):
            yield _unfilled(f"{place}.{at}", unfilled)
    of_cards = (Anchor.APPLICATION_FILED, Anchor.APPLICATION_RESULT, Anchor.ENTRY)
    if step.anchor in of_cards and "card_tail" in needed and touches.entry.by == EntryBy.EVENT:
        yield Fault(
            f"{place}.{'variants' if step.variants else 'template'}",
            _("The text names the card, which may not be issued yet; it then is not sent."),
            _("Use a text without card_tail, or count from the issue of the card."),
            is_block=False,
        )


def _unwritten(step: Step, around: Around) -> list[tuple[str, str, str]]:
    """The texts of a step that are not there: place, code and channel."""
    return [
        (at, template, channel)
        for at, template in step.text_places()
        for missing, channel in around.unwritten_steps
        if missing == template and channel in step.channels
    ]


def _filled(plan: Plan, touches: Touches, step: Step) -> set[str]:
    """What a step brings for its text."""
    found = set(ALWAYS)
    if countdown_of(touches, plan.rule) is not None:
        found |= set(COUNTED)
    if step.anchor == Anchor.GRANT:
        found |= set(OF_GRANT)
    if step.anchor == Anchor.POINTS_EXPIRING:
        found |= set(OF_POINTS)
    return found


def _unfilled(place: str, names: list[str], todo: str = "") -> Fault:
    return Fault(
        place,
        _("Nothing fills these in here: {names}.").format(names=", ".join(names)),
        todo or _("Use another text, or count from the day that brings them."),
    )
