"""A touch plan in sentences, in the active language: for those who write, check and approve it."""

from django.utils.translation import gettext as _

from campaigns.conditions.rules import tree, wording
from campaigns.conditions.rules.names import listed as joined
from campaigns.planning.enums import Anchor, Audience, EntryBy, Inside, Reentry, Then
from campaigns.planning.rules.touches import Entry, Step, Touches
from journeys.contact.enums import Channel


def sentences(touches: Touches) -> list[tuple[str, str]]:
    """This will say what a touch plan does, a line each with its label. Names of codes in
    conditions are those that are known to them when this is called."""
    lines = [
        (_("Touch plan: who enters"), f"{_entry(touches.entry)} {again(touches)}"),
        *((_("Touch plan: step"), step_text(step)) for step in touches.steps),
    ]
    if touches.goal:
        lines.append((_("Touch plan: goal"), said(touches.goal)))
    lines += [(_("Touch plan: ends"), said(node)) for node in touches.exits]
    lines.append(
        (
            _("Touch plan: ends"),
            _("After {days} days inside.").format(days=touches.longest_days),
        )
    )
    lines.append((_("Touch plan: those inside"), inside(touches)))
    return lines


def said(node: tree.Node) -> str:
    """This will say a tree of conditions in one line."""
    return " ".join(wording.lines_of(wording.clause_of(node)))


def _entry(entry: Entry) -> str:
    if entry.by == EntryBy.EVENT:
        text = _("Whoever it comes for: {event}, no more than {days} days ago.").format(
            event=Anchor(entry.anchor).label, days=entry.within_days
        )
    elif entry.by == EntryBy.AUDIENCE:
        text = f"{Audience(entry.of).label}."
    elif entry.every_days:
        text = _("On {day}, and every {days} days from then.").format(
            day=entry.first_date, days=entry.every_days
        )
    else:
        text = _("On {day}.").format(day=entry.first_date)
    return f"{text} {said(entry.needs)}" if entry.needs else text


def again(touches: Touches) -> str:
    """This will say whether somebody enters again."""
    rule = touches.again
    if rule.mode == Reentry.NEVER:
        return _("Each person once.")
    text = _("Again after leaving.")
    if rule.days is not None:
        text = _("Again {days} days after leaving, at the earliest.").format(days=rule.days)
    if rule.times is None:
        return text
    return f"{text} " + _("{times} times at most.").format(times=rule.times)


def inside(touches: Touches) -> str:
    """This will say what becomes of those inside an earlier version."""
    return str(Inside(touches.inside).label)


def step_text(step: Step) -> str:
    """This will say one step in a line."""
    first, *more = step_parts(step)
    return " ".join([_("{step}: {when}").format(step=step.label, when=first), *more])


def step_parts(step: Step) -> list[str]:
    """This will say of one step when it is due, what it sends, and what it asks and waits for."""
    parts = [when(step), _told(step, ways(step))]
    if step.needs:
        parts.append(_("Where: {condition}").format(condition=said(step.needs)))
    if step.wait:
        parts.append(_wait(step))
    return parts


def ways(step: Step) -> str:
    """This will say by which channels a step goes, in their order."""
    return " → ".join(str(Channel(one).label) for one in step.channels)


def _told(step: Step, channels: str) -> str:
    if not step.variants:
        return _("by {channels}, text {code}.").format(channels=channels, code=step.template)
    ways = joined(
        _("{name} {share}% (text {code})").format(
            name=one.label, share=one.share, code=one.template
        )
        for one in step.variants
    )
    return _("by {channels}, in variants: {ways}.").format(channels=channels, ways=ways)


def when(step: Step) -> str:
    """This will say when a step is due."""
    anchor = str(step.on_date) if step.on_date else str(Anchor(step.anchor).label)
    if step.offset_days == 0:
        text = _("{anchor}, the same day").format(anchor=anchor)
    elif step.offset_days > 0:
        text = _("{anchor}, {days} days after").format(anchor=anchor, days=step.offset_days)
    else:
        text = _("{anchor}, {days} days before").format(anchor=anchor, days=-step.offset_days)
    if step.at is None:
        return text
    return _("{day}, {time}").format(day=text, time=f"{step.at:%H:%M}")


def _wait(step: Step) -> str:
    wait = step.wait
    if wait is None:
        return ""
    return _("It waits {days} days at most for: {condition} Then: {then}; otherwise: {otherwise}.")\
        .format(
            days=wait.days, condition=said(wait.until), then=Then(wait.then).label,
            otherwise=Then(wait.otherwise).label,
        )  # fmt: skip
