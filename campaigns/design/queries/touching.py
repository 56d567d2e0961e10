"""Reading the touch plan of a draft: its picture, its steps in words, and the texts it may send."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from campaigns.conditions import queries as conditions
from campaigns.conditions.rules.names import known_as
from campaigns.design import queries
from campaigns.design.models import Draft
from campaigns.design.rules import known_case, touching
from campaigns.planning.enums import Anchor, Audience, EntryBy
from campaigns.planning.rules import touch_wording
from campaigns.planning.rules.reading import Reading
from campaigns.planning.rules.touches import LONGEST_DAYS, Step, read_touches
from campaigns.texts import rules as texts
from campaigns.touches import queries as touches
from journeys.contact.enums import Channel
from journeys.outreach import queries as outreach
from portal.kit import languages, path

Raw = dict[str, Any]
Grouped = list[tuple[str, Any]]


# --- the steps ----------------------------------------------------------------------------------
@dataclass(frozen=True)
class Line:
    """A step of a draft's touch plan: what it is called, what it does in words, and what it lacks
    where it is not whole."""

    number: int
    label: str
    said: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    step: Step | None = None


def lines_of(plan: Raw) -> list[Line]:
    """This will say each step of a touch plan, as far as it is whole."""
    read = [(raw, *_read(raw)) for raw in touching.steps_of(plan)]
    nodes = [node for _raw, step, _problems in read if step for node in _trees(step)]
    with known_as(conditions.names_of(nodes)):
        return [
            Line(
                number, label_of(raw, number), touch_wording.step_parts(step) if step else [],
                problems, step,
            )
            for number, (raw, step, problems) in enumerate(read)
        ]  # fmt: skip


def _trees(step: Step) -> list[Any]:
    found = [step.needs, step.wait.until if step.wait else None]
    return [node for node in found if node is not None]


def label_of(raw: Raw, number: int) -> str:
    """This will name a step that may have no name yet."""
    names = [raw.get("name"), raw.get("name_en")]
    known = [name for name in (names[::-1] if languages.reads_english() else names) if name]
    return str((known or [raw.get("code") or _("Step {number}").format(number=number + 1)])[0])


def _read(raw: Raw) -> tuple[Step | None, list[str]]:
    """A step by itself; what it lacks in sentences, each with its field, where it is not whole."""
    reading = Reading({"entry": _ANY_ENTRY, "steps": [raw]})
    found = read_touches(reading)
    if reading.problems or found is None:
        return None, [one.removeprefix("steps[0].") for one in reading.problems]
    return found.steps[0], []


_ANY_ENTRY = {"by": EntryBy.AUDIENCE.value, "of": Audience.RULE.value}


# --- the picture --------------------------------------------------------------------------------
def picture_of(plan: Raw, lines: Sequence[Line]) -> Any:
    """This will draw a touch plan from the entry over its steps to the ways out."""
    ways_out = len(touching.exits_of(plan)) + bool(plan.get("goal"))
    stay = plan.get("longest_days") or LONGEST_DAYS
    leaving = [_("After {days} days inside.").format(days=stay)]
    if ways_out:
        leaving = [_("Whoever meets the goal or a way out ({number}).").format(number=ways_out),
                   *leaving]  # fmt: skip
    stops = [
        path.Stop(_("Enters"), _entering(plan.get("entry") or {}), kind=path.EDGE),
        *map(_stop, lines),
        path.Stop(_("Leaves"), leaving, kind=path.EDGE),
    ]
    return path.path_svg(stops, title=_("Touch plan"))


def _entering(entry: Raw) -> list[str]:
    """By what people enter, as far as it is said."""
    labels = {"by": EntryBy, "anchor": Anchor, "of": Audience}
    said = [str(of(entry[name]).label) for name, of in labels.items() if entry.get(name)]
    if entry.get("first_date"):
        said.append(entry["first_date"])
    return [*said, *([_("With a condition")] if entry.get("needs") else [])]


def _stop(line: Line) -> path.Stop:
    step, name = line.step, f"{line.number + 1}. {line.label}"
    if step is None:
        return path.Stop(name, [_("Not whole yet")], kind=path.OPEN)
    said = [touch_wording.when(step), touch_wording.ways(step)]
    if step.needs:
        said.append(_("With a condition"))
    if step.wait:
        said.append(_("Waits {days} days at most").format(days=step.wait.days))
    shares = [path.Share(one.label, one.share) for one in step.variants]
    return path.Stop(name, said, shares)


# --- the texts ----------------------------------------------------------------------------------
def text_choices(channels: Sequence[str]) -> Grouped:
    """This will list the approved texts for a form: those that each of these channels can send
    before those that lack one."""
    written: dict[str, dict[str, set[str]]] = {}
    allowed = set(queries.templates())
    for text in outreach.texts_in_use():
        if text.code in allowed:
            by = written.setdefault(text.code, {})
            by.setdefault(text.channel, set()).add(text.language)
    fits: list[tuple[str, str]] = []
    lacks: list[tuple[str, str]] = []
    for code, by in written.items():
        able = {one for one, spoken in by.items() if outreach.FALLBACK_LANGUAGE in spoken}
        known = [str(Channel(one).label) for one in Channel.values if one in able]
        found = fits if able.issuperset(channels) else lacks
        found.append((code, f"{code} · {', '.join(known)}"))
    groups = [(_("Written for each channel of the step"), fits),
              (_("Lacks a channel of the step"), lacks)]  # fmt: skip
    return [(name, listed) for name, listed in groups if listed]


@dataclass(frozen=True)
class Wording:
    """What a text says by a channel, in a language."""

    channel: str
    language: str
    body: str


def wordings_of(code: str, channels: Sequence[str]) -> list[Wording]:
    """This will return what a text says by the channels of a step, in the bank's languages."""
    found = outreach.templates_of(code=code, channels=channels) if code and channels else []
    return [
        Wording(
            str(Channel(one.channel).label), get_language_info(one.language)["name_local"], one.body
        )
        for one in found
    ]


# --- the known case -----------------------------------------------------------------------------
@dataclass(frozen=True)
class Missing:
    """A text that is not approved, by the channel for which it lacks, and the key under which it is
    written; `text` is its latest version where that was withdrawn."""

    code: str
    channel: str
    key: str
    text: Any = None


@dataclass(frozen=True)
class KnownCase:
    """The known case for a draft: the plan, None where the rule has no window to count down to, and
    the texts that it lacks."""

    plan: Raw | None
    missing: list[Missing]

    @property
    def is_ready(self) -> bool:
        return self.plan is not None and not self.missing


def known_case_of(draft: Draft) -> KnownCase:
    """This will tell whether a draft's touch plan can begin with the known case, and what lacks."""
    raw = draft.content.get("rule")
    window = known_case.window_of(queries.read_part(raw) if raw else None)
    if window is None:
        return KnownCase(None, [])
    missing = [
        _missing(texts.Key(code, channel, outreach.FALLBACK_LANGUAGE))
        for code, channels in known_case.texts_needed(window)
        for channel in outreach.channels_without_text(code=code, channels=channels)
    ]
    return KnownCase(known_case.known_case(window), missing)


def _missing(key: texts.Key) -> Missing:
    text = outreach.latest_version(code=key.code, channel=key.channel, language=key.language)
    return Missing(key.code, str(Channel(key.channel).label), str(key), text)


def inside(draft: Draft) -> int:
    """This will count who is inside the version that a draft edits."""
    return touches.people_of(draft.based_on).get("inside", 0) if draft.based_on else 0
