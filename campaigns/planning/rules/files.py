"""Reading a campaign from YAML: what is wrong is said in sentences that name the place."""

import datetime as dt
import unicodedata
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from django.utils.translation import gettext as _

from campaigns.conditions.rules import base, tree
from campaigns.planning.enums import Era, Objective
from journeys.contact.enums import Channel
from journeys.stages.enums import JourneyStage
from merchants.directory.enums import Scenario

_MOST_CHARACTERS = 200_000
_FIELDS = (
    "code", "name", "name_en", "objective", "stage", "scenario", "era",
    "products", "issued_from", "issued_to", "rule", "reward", "channels", "template",
)  # fmt: skip
_OPTIONAL = {"scenario"}
_REWARD = ("code", "name", "name_en", "amount")
_MESSAGE_CHANNELS = (Channel.SMS.value, Channel.EMAIL.value)


class CampaignFileWrong(Exception):
    """Raised when a campaign file cannot be used; `problems` are sentences for a person."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Plan:
    """A campaign as a file describes it. `facts` are the fields of Campaign; `content` is what a
    version freezes, the names included: plain JSON values, written one way for equal plans."""

    code: str
    facts: dict[str, str]
    content: dict[str, Any]


class _Loader(yaml.SafeLoader):
    """Reads plain values only, and refuses a field that stands twice."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
        names = [key.value for key, _value in node.value]
        for name in names:
            if names.count(name) > 1:
                raise CampaignFileWrong([_("{field}: stands twice").format(field=name)])
        return super().construct_mapping(node, deep)


def read_plan(text: str) -> Plan:
    """This will read a campaign from YAML text. Raises CampaignFileWrong."""
    raw = _load(text)
    reading = _Reading(raw)
    facts = {
        "name": reading.words("name", 120),
        "name_en": reading.words("name_en", 120),
        "objective": reading.one_of("objective", Objective.values),
        "stage": reading.one_of("stage", JourneyStage.values),
        "scenario": reading.one_of("scenario", ["", *Scenario.values]),
        "era": reading.one_of("era", Era.values),
    }
    issued_from, issued_to = reading.day("issued_from"), reading.day("issued_to")
    content = {
        "campaign": facts,
        "products": reading.list_of_words("products", None),
        "issued_from": issued_from,
        "issued_to": issued_to,
        "rule": reading.rule(),
        "reward": reading.reward(),
        "channels": reading.list_of_words("channels", _MESSAGE_CHANNELS),
        "template": reading.slug("template", raw.get("template")),
    }
    if issued_from and issued_to and issued_from >= issued_to:
        reading.wrong("issued_to", _("must be a later day than issued_from"))
    code = reading.slug("code", raw.get("code"))
    if reading.problems:
        raise CampaignFileWrong(reading.problems)
    return Plan(code, facts, content)


def _load(text: str) -> dict[str, Any]:
    if len(text) > _MOST_CHARACTERS:
        raise CampaignFileWrong([_("The file is too long to be a campaign.")])
    try:
        # A SafeLoader underneath: only plain values are made.
        raw = yaml.load(text, Loader=_Loader)  # noqa: S506
    except (ValueError, RecursionError) as broken:
        # 2026-02-30 without quotes, a number of thousands of digits, thousands of brackets.
        sentence = _(
            "The file holds a day that does not exist, a number too long, or is nested too deep."
        )
        raise CampaignFileWrong([sentence]) from broken
    except yaml.YAMLError as broken:
        mark = getattr(broken, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        sentence = _("The file is not YAML; see line {line}.").format(line=line)
        raise CampaignFileWrong([sentence]) from broken
    if not isinstance(raw, dict):
        raise CampaignFileWrong([_("The file must hold the fields of one campaign.")])
    problems = [
        _("{field}: is not a field of a campaign").format(field=name)
        for name in raw
        if name not in _FIELDS
    ] + [
        _("{field}: is missing").format(field=name)
        for name in _FIELDS
        if name not in raw and name not in _OPTIONAL
    ]
    if problems:
        raise CampaignFileWrong(problems)
    return raw


def _is_clean(text: str) -> bool:
    """Whether a text can be kept and shown: no control characters, no halves of characters."""
    return all(unicodedata.category(sign) not in {"Cc", "Cs"} for sign in text.strip())


class _Reading:
    """Reads the fields one by one and gathers what is wrong with them."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.raw = raw
        self.problems: list[str] = []

    def wrong(self, place: str, problem: str) -> None:
        self.problems.append(f"{place}: {problem}")

    def words(self, place: str, most: int, raw: Any = None) -> str:
        found = self.raw.get(place) if raw is None else raw
        if not isinstance(found, str) or not 0 < len(found.strip()) <= most or not _is_clean(found):
            self.wrong(place, _("must be text of at most {most} characters").format(most=most))
            return ""
        return found.strip()

    def slug(self, place: str, raw: Any) -> str:
        text = raw if isinstance(raw, str) else ""
        plain = text.replace("-", "").replace("_", "")
        if not (plain.isascii() and plain.isalnum() and len(text) <= 40):
            self.wrong(
                place, _("must be of letters, digits, - and _ only, at most {most}").format(most=40)
            )
        return text

    def one_of(self, place: str, choices: list[str]) -> str:
        found = self.raw.get(place, "")
        # 1.0 without quotes is a number in YAML.
        text = str(found) if isinstance(found, float) else found
        if not isinstance(text, str) or text not in choices:
            known = ", ".join(choice for choice in choices if choice)
            self.wrong(place, _("must be one of: {known}").format(known=known))
            return ""
        return text

    def list_of_words(self, place: str, choices: tuple[str, ...] | None) -> list[str]:
        found = self.raw[place]
        fits = isinstance(found, list) and all(
            isinstance(one, str) and one and _is_clean(one) for one in found
        )
        if not fits or not found or len(set(found)) != len(found):
            self.wrong(place, _("must be a list of words, each once"))
            return []
        if choices and not set(found) <= set(choices):
            self.wrong(place, _("must be one of: {known}").format(known=", ".join(choices)))
        return found

    def day(self, place: str) -> str:
        found = self.raw[place]
        try:
            day = found if isinstance(found, dt.date) else dt.date.fromisoformat(str(found))
        except ValueError:
            self.wrong(place, _("must be a day such as 2026-03-31"))
            return ""
        if isinstance(day, dt.datetime):
            self.wrong(place, _("must be a day such as 2026-03-31"))
        return day.isoformat()

    def rule(self) -> dict[str, Any]:
        try:
            return tree.as_data(tree.read_rule(self.raw["rule"]))
        except base.RuleWrong as wrong:
            self.wrong(wrong.place, wrong.problem)
            return {}

    def reward(self) -> dict[str, str]:
        found = self.raw["reward"]
        if not isinstance(found, dict) or set(found) != set(_REWARD):
            known = ", ".join(_REWARD)
            self.wrong("reward", _("must have exactly the fields: {known}").format(known=known))
            return {}
        return {
            "code": self.slug("reward.code", found["code"]),
            "name": self.words("reward.name", 60, found["name"] or 0),
            "name_en": self.words("reward.name_en", 60, found["name_en"] or 0),
            "amount": self._amount("reward.amount", found["amount"]),
        }

    def _amount(self, place: str, raw: Any) -> str:
        try:
            return str(base.read_amount(raw, place))
        except base.RuleWrong as wrong:
            self.wrong(wrong.place, wrong.problem)
            return ""
