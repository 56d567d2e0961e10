"""How a draft begins, and what its campaign is."""

import datetime as dt
from typing import Any

from crispy_forms.bootstrap import InlineCheckboxes
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.conditions.enums import Source
from campaigns.conditions.forms import Searched, chooser
from campaigns.design.forms.parts import (
    DAY,
    UNCHOSEN,
    Choices,
    StepForm,
    offer,
    row,
    some,
    ways_of_telling,
    words,
)
from campaigns.design.rules import starts
from campaigns.planning.enums import Era, Objective
from campaigns.planning.rules import competing
from journeys.stages.enums import JourneyStage
from merchants.directory.enums import Scenario
from portal.kit import days


class StartForm(forms.Form):
    """What a new draft begins with."""

    start = forms.ChoiceField(label=_("Begin with"), required=False, widget=forms.RadioSelect)
    copy_of = forms.ChoiceField(label=_("Or a copy of"), required=False)

    def __init__(self, *args: Any, campaigns: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        titles = [(code, start["title"]) for code, start in starts.STARTS.items()]
        offer(self, "start", [("", _("An empty campaign")), *titles])
        offer(self, "copy_of", [("", _("No campaign")), *campaigns])


class WakingForm(forms.Form):
    """Which cards a draft about cards that fall asleep is about."""

    months = forms.IntegerField(min_value=1, max_value=120)
    within_days = forms.IntegerField(min_value=1, max_value=366)


_PLAIN = ("name", "name_en", "objective", "stage", "scenario", "era", "template", "group")
_CODES = ("products", "branches", "merchants", "stacks_with")
_SPANS = (("runs_from", "runs_to"), ("issued_from", "issued_to"))


class BasicsForm(StepForm):
    code = words(_("Campaign code"), 40, _("Letters, digits and -; it stays for good."))
    name = words(_("Name"), 120)
    name_en = words(_("English name"), 120)
    objective = forms.ChoiceField(
        label=_("Objective"), choices=[*UNCHOSEN, *Objective.choices], required=False
    )
    stage = forms.ChoiceField(
        label=_("Journey stage"), choices=[*UNCHOSEN, *JourneyStage.choices], required=False
    )
    scenario = forms.ChoiceField(
        label=_("Scenario"), choices=[("", _("None")), *Scenario.choices], required=False
    )
    era = forms.ChoiceField(label=_("Era"), choices=[*UNCHOSEN, *Era.choices], required=False)
    runs_from = days.DayField(label=_("First day"), required=False)
    runs_to = days.DayField(label=_("Last day"), required=False, help_text=_("It still counts."))
    products = some(_("Card products"))
    issued_from = days.DayField(label=_("Cards issued from"), required=False)
    issued_to = days.DayField(
        label=_("Cards issued until"), required=False, help_text=_("That day still counts.")
    )
    branches = chooser(
        Source.BRANCHES, "", label=_("Branches"), required=False,
        help_text=_("With those below them. None chosen means the whole bank."),
    )  # fmt: skip
    merchants = chooser(
        Source.MERCHANTS, "", label=_("Merchants who take part"), required=False,
        help_text=_("They may bear a part of the cost: see the budget."),
    )  # fmt: skip
    stacks_with = some(
        _("Campaigns that reward the same spending beside it"),
        _("Only where both are meant; approvers read it. Else leave out whom the other rewarded."),
    )
    priority = forms.IntegerField(
        label=_("Priority"), required=False, min_value=0, max_value=competing.LAST_PRIORITY,
        help_text=_(
            "0 comes first, 50 is usual. Of campaigns that compete for one customer it decides "
            "whose evening run settles first and whose message takes the last place under a limit "
            "of contacts; of equal ones, the campaign code."
        ),
    )  # fmt: skip
    group = forms.ChoiceField(
        label=_("Exclusive group"), required=False,
        help_text=_(
            "Of the campaigns of a group a customer is given rewards by one alone. Compliance "
            "keeps the groups."
        ),
    )  # fmt: skip
    channels = forms.ChoiceField(label=_("Channels, in order"), required=False)
    template = forms.ChoiceField(
        label=_("Message text"), required=False,
        help_text=_(
            "What the evening's run tells whoever it gives a reward. To tell it in several "
            "variants, each to a share of the people, add a step counted from the grant of the "
            "reward to the touch plan: the runs then send nothing themselves."
        ),
    )  # fmt: skip

    def __init__(
        self, data: Any = None, *, content: dict[str, Any], offered: dict[str, Choices],
        is_edit: bool = False, code: str = "", searched: Searched | None = None,
    ) -> None:  # fmt: skip
        self.code_now = code
        super().__init__(data, content=content)
        for source in (Source.BRANCHES, Source.MERCHANTS):
            self.fields[source.value].widget.url = (searched or {}).get(source, "")
        for name, choices in offered.items():
            offer(self, name, choices)
        offer(self, "channels", [*UNCHOSEN, *ways_of_telling()])
        self.fields["code"].disabled = is_edit
        self.helper.layout = Layout(
            row("name", "name_en"), row("code"),
            row("objective", "stage"), row("scenario", "era"),
            row("runs_from", "runs_to"), InlineCheckboxes("products"),
            row("issued_from", "issued_to"), row("branches", "merchants"),
            row("channels", "template"), row("priority", "group"), "stacks_with",
        )  # fmt: skip

    def read(self, content: dict[str, Any]) -> dict[str, Any]:
        found = {name: content.get(name) for name in (*_PLAIN, *_CODES)}
        for first, end in _SPANS:
            found[first], found[end] = content.get(first), _before(content.get(end))
        found |= {"priority": content.get("priority", competing.PRIORITY)}
        return found | {"channels": ",".join(content.get("channels", [])), "code": self.code_now}

    def clean(self) -> dict[str, Any]:
        """This will refuse spans that end before they begin, and a code that is none."""
        found = super().clean() or {}
        for first, last in _SPANS:
            if found.get(first) and found.get(last) and found[first] > found[last]:
                self.add_error(last, _("The last day must not be before the first."))
        plain = (found.get("code") or "").replace("-", "").replace("_", "")
        if plain and not (plain.isascii() and plain.isalnum()):
            self.add_error("code", _("Use letters, digits, - and _ only."))
        return found

    def written(self) -> dict[str, Any]:
        given = self.cleaned_data
        new = {name: given[name] for name in (*_PLAIN, "branches", "merchants", "priority")}
        for name in ("products", "stacks_with"):
            new[name] = _in_order(given[name], self.content.get(name) or [])
        new["channels"] = given["channels"].split(",") if given["channels"] else []
        for first, end in _SPANS:
            new[first] = given[first] and given[first].isoformat()
            new[end] = given[end] and (given[end] + DAY).isoformat()
        return {**self.content, **new}


def _in_order(chosen: list[str], before: list[str]) -> list[str]:
    """What was chosen before in the order that it had, then what is new: a form offers its codes in
    an order of its own, which is no change."""
    return [one for one in before if one in chosen] + [one for one in chosen if one not in before]


def _before(end: str | None) -> dt.date | None:
    return dt.date.fromisoformat(end) - DAY if end else None
