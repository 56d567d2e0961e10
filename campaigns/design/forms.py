"""The forms of the steps. A draft may be incomplete, so nothing is required here; what is given
must be readable. Each form reads its fields out of a draft's content and writes them back."""

import datetime as dt
import itertools
from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from crispy_forms.bootstrap import InlineCheckboxes
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from campaigns.conditions import queries as conditions
from campaigns.conditions.enums import Source
from campaigns.conditions.forms import ConditionForm, Offered, chooser
from campaigns.conditions.rules import base
from campaigns.conditions.rules.brought import PersonsBrought
from campaigns.conditions.rules.multiplied import MultipliedSpending
from campaigns.design.rules import starts
from campaigns.planning.enums import Era, Objective, RewardKind, TierMode
from campaigns.planning.rules.budget import BANK
from campaigns.planning.rules.persons import MOST_PERSONS
from campaigns.planning.rules.plans import MESSAGE_CHANNELS
from journeys.contact.enums import Channel
from journeys.stages.enums import JourneyStage
from merchants.directory.enums import Scenario
from portal.kit import choosers, days

UNCHOSEN = [("", _("Choose"))]
_DAY = dt.timedelta(days=1)
Choices = list[tuple[str, Any]]
Said = Any  # text, or text that is translated when it is shown


def _words(label: Said, most: int, help_text: Said = "", rows: int = 0) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else None
    return forms.CharField(
        label=label, max_length=most, required=False, help_text=help_text, widget=widget
    )


def _amount(label: Said, help_text: Said = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=label, max_digits=13, decimal_places=2, min_value=Decimal("0.01"), required=False,
        help_text=help_text,
    )  # fmt: skip


def _whole(label: Said, most: int, help_text: Said = "", least: int = 1) -> forms.IntegerField:
    limits = [MinValueValidator(least), MaxValueValidator(most)]
    return forms.IntegerField(label=label, required=False, validators=limits, help_text=help_text)


def _some(label: Said, help_text: Said = "", *, boxes: bool = False) -> forms.MultipleChoiceField:
    widget = forms.CheckboxSelectMultiple() if boxes else forms.SelectMultiple(attrs={"size": 6})
    return forms.MultipleChoiceField(
        label=label, required=False, help_text=help_text, widget=widget
    )


def ways_of_telling() -> Choices:
    """This will list the orders in which channels can be tried: ("sms,email", "SMS, then ...")."""
    orders = [
        order
        for size in range(len(MESSAGE_CHANNELS), 0, -1)
        for order in itertools.permutations(MESSAGE_CHANNELS, size)
    ]
    return [
        (",".join(order), " → ".join(str(Channel(code).label) for code in order))
        for order in orders
    ]


class StartForm(forms.Form):
    """What a new draft begins with."""

    start = forms.ChoiceField(label=_("Begin with"), required=False, widget=forms.RadioSelect)
    copy_of = forms.ChoiceField(label=_("Or a copy of"), required=False)

    def __init__(self, *args: Any, campaigns: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        titles = [(code, start["title"]) for code, start in starts.STARTS.items()]
        _offer(self, "start", [("", _("An empty campaign")), *titles])
        _offer(self, "copy_of", [("", _("No campaign")), *campaigns])


def _offer(form: forms.Form, name: str, choices: Choices) -> None:
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = choices


class StepForm(forms.Form):
    """A form that is one step of a draft. `revision` is that at which the draft was seen."""

    layout: tuple[Any, ...] = ()

    def __init__(self, data: Any = None, *, content: dict[str, Any], prefix: str = "") -> None:
        self.content = content
        super().__init__(data, initial=self.read(content), prefix=prefix or None)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(*self.layout)

    def read(self, content: dict[str, Any]) -> dict[str, Any]:
        """This will return the fields as a draft has them."""
        raise NotImplementedError

    def written(self) -> dict[str, Any]:
        """This will return a valid form's content with the fields written into it."""
        raise NotImplementedError


def _row(*names: str, width: str = "col-md-6") -> Div:
    return Div(*(Div(name, css_class=width) for name in names), css_class="row g-3")


_PLAIN = ("name", "name_en", "objective", "stage", "scenario", "era", "template")
_CODES = ("products", "branches", "merchants")
_SPANS = (("runs_from", "runs_to"), ("issued_from", "issued_to"))


class BasicsForm(StepForm):
    code = _words(_("Campaign code"), 40, _("Letters, digits and -; it stays for good."))
    name = _words(_("Name"), 120)
    name_en = _words(_("English name"), 120)
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
    products = _some(_("Card products"), boxes=True)
    issued_from = days.DayField(label=_("Cards issued from"), required=False)
    issued_to = days.DayField(
        label=_("Cards issued until"), required=False, help_text=_("That day still counts.")
    )
    branches = _some(_("Branches"), _("None chosen means the whole bank."))
    merchants = chooser(
        Source.MERCHANTS, "", label=_("Merchants who take part"), required=False,
        help_text=_("They may bear a part of the cost: see the budget."),
    )  # fmt: skip
    channels = forms.ChoiceField(label=_("Channels, in order"), required=False)
    template = forms.ChoiceField(label=_("Message text"), required=False)

    def __init__(
        self, data: Any = None, *, content: dict[str, Any], offered: dict[str, Choices],
        is_edit: bool = False, code: str = "", merchants_url: str = "",
    ) -> None:  # fmt: skip
        self.code_now = code
        super().__init__(data, content=content)
        self.fields["merchants"].widget.url = merchants_url
        for name, choices in offered.items():
            _offer(self, name, choices)
        _offer(self, "channels", [*UNCHOSEN, *ways_of_telling()])
        self.fields["code"].disabled = is_edit
        self.helper.layout = Layout(
            _row("name", "name_en"), _row("code"),
            _row("objective", "stage", "scenario", "era", width="col-sm-6 col-xl-3"),
            _row("runs_from", "runs_to"), InlineCheckboxes("products"),
            _row("issued_from", "issued_to"), _row("branches", "merchants"),
            _row("channels", "template"),
        )  # fmt: skip

    def read(self, content: dict[str, Any]) -> dict[str, Any]:
        found = {name: content.get(name) for name in (*_PLAIN, *_CODES)}
        for first, end in _SPANS:
            found[first], found[end] = content.get(first), _before(content.get(end))
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
        new = {name: given[name] for name in (*_PLAIN, "merchants")}
        for name in ("products", "branches"):
            new[name] = _in_order(given[name], self.content.get(name) or [])
        new["channels"] = given["channels"].split(",") if given["channels"] else []
        for first, end in _SPANS:
            new[first] = given[first] and given[first].isoformat()
            new[end] = given[end] and (given[end] + _DAY).isoformat()
        return {**self.content, **new}


def _in_order(chosen: list[str], before: list[str]) -> list[str]:
    """What was chosen before in the order that it had, then what is new: a form offers its codes in
    an order of its own, which is no change."""
    return [one for one in before if one in chosen] + [one for one in chosen if one not in before]


def _before(end: str | None) -> dt.date | None:
    return dt.date.fromisoformat(end) - _DAY if end else None


class TierForm(StepForm):
    """One tier; its `needs` are edited as a tree of their own and stay as they are here. Its forms
    `spending` and `persons` count where points are multiplied, or persons rewarded."""

    name = _words(_("Name"), 60)
    name_en = _words(_("English name"), 60)
    code = _words(_("Code"), 40)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[*UNCHOSEN, *RewardKind.choices], required=False
    )
    value = _amount(_("Value of one (CNY)"))
    points = _whole(
        _("Points"), 10_000_000,
        _("Only where points are given; where they are multiplied, the most for one customer."),
    )  # fmt: skip
    times = forms.DecimalField(
        label=_("Times the points"), max_digits=5, decimal_places=2, min_value=Decimal("1.01"),
        max_value=100, required=False,
        help_text=_("Only where points are multiplied: 3 is triple."),
    )  # fmt: skip
    stock = _whole(_("Stock"), 100_000_000, _("Empty: only the budget bounds it."))
    given_for = forms.ChoiceField(
        label=_("Given"), required=False,
        choices=[("", _("Once for the customer")), ("person", _("For each person brought"))],
    )  # fmt: skip
    most = _whole(
        _("Persons at most"), MOST_PERSONS, _("Only where it is given for each person brought.")
    )
    layout = (
        _row("name", "name_en"),
        _row("kind", "code", "value", "points", "times", "stock", width="col-6 col-lg-4"),
        _row("given_for", "most", width="col-6 col-lg-4"),
    )

    def __init__(
        self, data: Any = None, *, content: dict[str, Any], prefix: str = "",
        offered: Offered | None = None,
    ) -> None:  # fmt: skip
        super().__init__(data, content=content, prefix=prefix)
        self.spending = ConditionForm(
            MultipliedSpending, data, prefix=f"{prefix}-spending", offered=offered,
            initial=_read_as(MultipliedSpending, content.get("spending")),
        )  # fmt: skip
        self.persons = ConditionForm(
            PersonsBrought, data, prefix=f"{prefix}-for_each",
            initial=_read_as(PersonsBrought, _persons_in(content)),
        )  # fmt: skip

    @property
    def multiplies(self) -> str:
        """The kind that multiplies points, as it stands in the form's list."""
        return RewardKind.MULTIPLE.value

    def is_valid(self) -> bool:
        if not super().is_valid():
            return False
        given = self.cleaned_data
        is_multiple, is_for_each = given["kind"] == RewardKind.MULTIPLE, given["given_for"]
        of_spending = not is_multiple or self.spending.is_valid()
        return (not is_for_each or self.persons.is_valid()) and of_spending

    def read(self, content: dict[str, Any]) -> dict[str, Any]:
        for_each = content.get("for_each") or {}
        found = {name: content.get(name) for name in self.base_fields}
        return found | {
            "given_for": "person" if for_each else "", "most": for_each.get("most"),
        }  # fmt: skip

    def written(self) -> dict[str, Any]:
        given = {
            name: str(value) if isinstance(value, Decimal) else value
            for name, value in self.cleaned_data.items()
        }
        times, most = given.pop("times"), given.pop("most")
        gone = {"times", "spending", "for_each"}
        found = {name: value for name, value in self.content.items() if name not in gone} | given
        if found.pop("given_for"):
            found["for_each"] = {"most": most, **_written(self.persons)}
        if given["kind"] == RewardKind.MULTIPLE:
            found |= {"times": times, "spending": _written(self.spending)}
        return found


def _written(form: ConditionForm) -> dict[str, Any]:
    return {name: one for name, one in form.condition().as_data().items() if name != "kind"}


def _persons_in(content: dict[str, Any]) -> dict[str, Any]:
    found = content.get("for_each") or {}
    return {name: value for name, value in found.items() if name != "most"}


def _read_as(kind: type[base.Condition], raw: dict[str, Any] | None) -> base.Condition | None:
    """A part of a draft's tier; None where it is not whole."""
    try:
        return kind.read(raw or {}, "")
    except base.RuleWrong:
        return None


class ModeForm(StepForm):
    mode = forms.ChoiceField(
        label=_("Where several tiers are reached"), choices=TierMode.choices, required=False
    )
    layout = ("mode",)

    def read(self, content: dict[str, Any]) -> dict[str, Any]:
        return {"mode": content.get("mode") or TierMode.HIGHEST}

    def written(self) -> dict[str, Any]:
        return {**self.content, "mode": self.cleaned_data["mode"] or TierMode.HIGHEST}


class BudgetForm(StepForm):
    total = _amount(_("Budget in all (CNY)"))
    per_day = _amount(_("Budget of a day (CNY)"))
    per_customer = _amount(_("Most for one customer (CNY)"))
    branches = choosers.FiguresField(
        label=_("Budget by branch"), required=False,
        widget=choosers.Chooser(partial(conditions.labels_of, Source.BRANCHES), unit=_("CNY")),
        help_text=_("It bounds what customers of the branch, and of those below it, are granted."),
    )  # fmt: skip
    shares = choosers.FiguresField(
        label=_("Who bears the cost"), required=False, is_open=True,
        widget=choosers.Chooser(lambda codes: _parties(codes), unit="%"),
        help_text=_("Percent, 100 in all, of the merchants who take part. Empty: the bank."),
    )  # fmt: skip
    control_percent = _whole(
        _("Left out for comparison (percent)"), 50,
        _("Drawn by chance; they are granted nothing."), least=0,
    )  # fmt: skip
    layout = (
        _row("total", "per_day", "per_customer", width="col-md-4"),
        _row("branches", "shares"),
        _row("control_percent"),
    )

    def __init__(
        self, data: Any = None, *, content: dict[str, Any], branches_url: str = ""
    ) -> None:
        super().__init__(data, content=content)
        self.fields["branches"].widget.url = branches_url

    def read(self, content: dict[str, Any]) -> dict[str, Any]:
        percent = {"control_percent": content.get("control_percent") or None}
        budget = dict(content.get("budget") or {})
        given = budget.get("shares") or {}
        parties = dict.fromkeys([BANK, *(content.get("merchants") or []), *given])
        budget["shares"] = {party: given.get(party) for party in parties}
        return {**budget, **percent}

    def written(self) -> dict[str, Any]:
        given = {
            name: str(value) if isinstance(value, Decimal) else value
            for name, value in self.cleaned_data.items()
        }
        percent = given.pop("control_percent")
        return {**self.content, "budget": given, "control_percent": percent or 0}


def _parties(codes: Sequence[str]) -> dict[str, str]:
    """What those are called who may bear the cost."""
    return {BANK: str(_("The bank")), **conditions.labels_of(Source.MERCHANTS, codes)}


_CLAIM = ("claim", "source", "until")
_MOST_CLAIMS = 50


class TextsForm(StepForm):
    """What must be published, and what each claim rests on: those there are, and an empty row."""

    organiser = _words(_("Organiser"), 500)
    organiser_en = _words(_("Organiser, in English"), 500)
    redeem = _words(_("How it is redeemed"), 500, rows=3)
    redeem_en = _words(_("How it is redeemed, in English"), 500, rows=3)
    redeem_days = _whole(_("Redeemed within days of the grant"), 3650)
    forfeit = _words(_("When it is forfeited"), 500, rows=3)
    forfeit_en = _words(_("When it is forfeited, in English"), 500, rows=3)

    def __init__(self, data: Any = None, *, content: dict[str, Any]) -> None:
        self.claims = _claims_in(content, data)
        super().__init__(data, content=content)
        for number in range(self.claims):
            self.fields |= {
                f"claim_{number}": _words(
                    _("A claim that needs evidence"), 200, _("As it stands in a text.")
                ),
                f"source_{number}": _words(_("Its source"), 300),
                f"until_{number}": days.DayField(label=_("The source holds until"), required=False),
            }
        self.helper.layout = Layout(
            _row("organiser", "organiser_en"), _row("redeem", "redeem_en"), _row("redeem_days"),
            _row("forfeit", "forfeit_en"),
            *(
                _row(*(f"{name}_{number}" for name in _CLAIM), width="col-md-4")
                for number in range(self.claims)
            ),
        )  # fmt: skip

    def read(self, content: dict[str, Any]) -> dict[str, Any]:
        found = dict(content.get("disclosure") or {})
        for number, one in enumerate(content.get("evidence") or []):
            found |= {f"{name}_{number}": one.get(name) for name in _CLAIM}
        return found

    def written(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        claims = []
        for number in range(self.claims):
            one = {name: given.pop(f"{name}_{number}") for name in _CLAIM}
            one["until"] = one["until"] and one["until"].isoformat()
            claims += [one] if any(one.values()) else []
        return {**self.content, "disclosure": given, "evidence": claims}


def _claims_in(content: dict[str, Any], data: Any) -> int:
    """How many rows of claims a form shows: as many as were sent, or one more than there are."""
    if data:
        sent = sum(f"claim_{number}" in data for number in range(_MOST_CLAIMS))
        return max(sent, 1)
    return min(len(content.get("evidence") or []) + 1, _MOST_CLAIMS)
