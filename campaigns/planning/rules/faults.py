"""What is wrong with a plan, and what a plan stands among."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from campaigns.planning.rules import wording
from campaigns.planning.rules.plans import Plan
from campaigns.wording.rules import Lexicon


@dataclass(frozen=True)
class Fault:
    """What is wrong with a plan. `place` is as in a file ("rewards.tiers[1].value"); what does not
    block is a warning."""

    place: str
    problem: str
    todo: str
    is_block: bool = True

    @property
    def section(self) -> str:
        """The part of the plan that the place belongs to."""
        return self.place.partition(".")[0].partition("[")[0]

    @property
    def address(self) -> str:
        """Where the place is found on the campaign's page."""
        known = {"rule", "rewards", "text", "template", "touches"}
        return f"#part-{self.section if self.section in known else 'facts'}"

    @property
    def sentence(self) -> str:
        return f"{self.place}: {self.problem} {self.todo}"


@dataclass(frozen=True)
class Other:
    """Another campaign that is not stopped, by its version that is approved or waits for it."""

    code: str
    label: str
    plan: Plan


@dataclass(frozen=True)
class Around:
    """What a plan is held against: the day, the words looked for, the message texts by their name,
    the channels without one, the other campaigns, the own code, the branches at and below each, and
    the names of what the plan calls by codes. Of the texts of steps: those that are missing
    (text, channel), and what each text needs. Of all texts: the SMS whose sender name may not be
    used (text, its label, the name, whether already today or by the last day). `earlier` are the
    plans of the campaign's versions by which something was, or may soon be given; `same` says of
    merchants that were merged which one stands for them, by number; `no_cards`, why the bank may
    issue none."""

    on: dt.date
    words: Lexicon
    messages: tuple[tuple[str, str], ...] = ()
    unwritten: tuple[str, ...] = ()
    others: tuple[Other, ...] = ()
    code: str = ""
    below: Mapping[str, frozenset[str]] = field(default_factory=dict)
    names: wording.Names = field(default_factory=wording.Names)
    unwritten_steps: tuple[tuple[str, str], ...] = ()
    variables: tuple[tuple[str, frozenset[str]], ...] = ()
    earlier: tuple[Plan, ...] = ()
    senders_gone: tuple[tuple[str, str, str, bool], ...] = ()
    same: Mapping[str, str] = field(default_factory=dict)
    no_cards: str = ""
