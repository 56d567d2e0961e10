"""The values that are filled into message texts: what each is, how long it can be, and an invented
one to look at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from campaigns.planning.rules import touch_linting
from journeys.notices import rules as notices
from journeys.outreach import rules as outreach


@dataclass(frozen=True)
class Variable:
    """A value that texts may name: what it is, the most characters that it has (by the columns and
    forms that it comes from), and an invented one."""

    name: str
    label: Any
    longest: int
    example: str

    @property
    def written(self) -> str:
        """How a text names it."""
        return f"{{{self.name}}}"


_ALL = (
    Variable("campaign", _("Name of the campaign"), 120, "新户首刷礼"),
    Variable("campaign_en", _("English name of the campaign"), 120, "First gift"),
    Variable("name", _("Name of the customer, masked"), 80, "王**"),
    Variable("card_tail", _("Last digits of the card"), 4, "6688"),
    Variable("reward", _("Name of the reward"), 60, "首刷礼"),
    Variable("reward_en", _("English name of the reward"), 60, "First-transaction gift"),
    Variable("amount", _("What the reward is worth"), 15, "¥50"),
    Variable("to_go", _("What is missing until the goal"), 15, "¥120"),
    Variable("days_left", _("Days that are left"), 4, "12"),
    Variable("deadline", _("Last day"), 10, "2026-08-31"),
    Variable("points", _("Points that expire"), 13, "3,200"),
    Variable("expires", _("Day on which they expire"), 10, "2026-12-31"),
    Variable("filed", _("Day of the application"), 10, "2026-06-01"),
    Variable("decided", _("Day of the result"), 10, "2026-06-08"),
    Variable("tail", _("Last characters of the application's number"), 4, "0042"),
    Variable("product", _("Name of the card product"), 80, "标准金卡"),
    Variable("product_en", _("English name of the card product"), 80, "Gold card"),
    Variable("branch", _("Name of the branch"), 60, "城东支行"),
    Variable("branch_en", _("English name of the branch"), 60, "East branch"),
)
_BY_NAME = {one.name: one for one in _ALL}
# What runs and touch plans bring for the texts of their messages; the check of a plan says which of
# them fit there.
OF_CAMPAIGNS = touch_linting.VARIABLES
OF_RESULTS = notices.VARIABLES
# What only a live campaign knows about a person: looked at with an invented value.
COUNTED = touch_linting.COUNTED


def offered(*, is_result: bool) -> list[Variable]:
    """This will list what the texts of campaigns, or those that tell results, may name."""
    return [_BY_NAME[name] for name in (OF_RESULTS if is_result else OF_CAMPAIGNS)]


def used_in(texts: Sequence[str], *, is_result: bool) -> list[Variable]:
    """This will list those that texts name, in the order of `offered`. Raises outreach's
    BadTemplate."""
    named = frozenset[str]().union(*(outreach.variables_of(text) for text in texts))
    return [one for one in offered(is_result=is_result) if one.name in named]


def unknown_in(texts: Sequence[str], *, is_result: bool) -> list[str]:
    """This will list what texts name and nothing brings. Raises outreach's BadTemplate."""
    return outreach.unknown_variables(OF_RESULTS if is_result else OF_CAMPAIGNS, *texts)


def examples(*, is_result: bool) -> dict[str, str]:
    """This will return an invented value for each."""
    return {one.name: one.example for one in offered(is_result=is_result)}


def longest(*, is_result: bool) -> Mapping[str, str]:
    """This will return the longest value for each: what a text is at the most is counted with
    these."""
    return {one.name: "国" * one.longest for one in offered(is_result=is_result)}
