"""A form for each kind of condition, made from what the kind declares.

What a table offers (branches, products, merchants, categories, campaigns) comes in from the view;
where nothing is offered, codes are typed.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from crispy_forms.bootstrap import InlineCheckboxes
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.conditions import queries
from campaigns.conditions.enums import Entry, Source
from campaigns.conditions.rules import base, kinds
from portal.kit import choosers, days

Offered = Mapping[Source, Sequence[tuple[str, str]]]
# The addresses that answer a search in a table.
Searched = Mapping[Source, str]
_BETWEEN = re.compile(r"[\s,;，；、]+")
_MOST_IN_A_ROW = 8
_SHORT = (Entry.WHOLE, Entry.AMOUNT, Entry.DAY, Entry.ONE, Entry.CODE)


def menu() -> list[tuple[str, list[tuple[str, str]]]]:
    """This will list the kinds for a menu: (group, [(code of the kind, what it is called)])."""
    return [
        (str(group.label), [(kind.kind, str(kind.title)) for kind in found])
        for group, found in kinds.by_group().items()
    ]


class CodesField(forms.CharField):
    """Codes typed in one line, with commas or spaces between them."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> list[str]:
        """This will return the codes. Raises ValidationError."""
        return [one for one in _BETWEEN.split(super().clean(value)) if one]


class ConditionForm(forms.Form):
    """The fields of one kind of condition."""

    def __init__(
        self,
        kind: type[base.Condition],
        data: Any = None,
        *,
        prefix: str | None = None,
        initial: base.Condition | None = None,
        offered: Offered | None = None,
        searched: Searched | None = None,
    ) -> None:
        self.kind = kind
        given = {
            name: getattr(initial, name) if initial else field.initial
            for name, field in kind.fields.items()
        }
        super().__init__(data, prefix=prefix, initial=given)
        for name, field in kind.fields.items():
            self.fields[name] = _form_field(field, given[name], offered or {})
            if url := (searched or {}).get(Source(field.source)) if field.source else None:
                self.fields[name] = chooser(Source(field.source), url, **_usual(field))
        self._found: base.Condition | None = None
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(Div(*map(self._placed, kind.fields), css_class="row g-3"))

    def _placed(self, name: str) -> Div:
        """A field in its column; a script hides it while another field makes it meaningless."""
        field = self.kind.fields[name]
        width = "col-sm-6 col-lg-4" if field.entry in _SHORT else "col-12"
        if field.shown_for is None:
            is_row = field.entry == Entry.SOME and len(field.choices) <= _MOST_IN_A_ROW
            return Div(InlineCheckboxes(name) if is_row else name, css_class=width)
        other, values = field.shown_for
        return Div(
            name,
            css_class=width,
            data_shown_by=self.add_prefix(other),
            data_shown_for=" ".join(values),
        )

    def clean(self) -> dict[str, Any]:
        """This will read the condition as a rule reads it, and note what is wrong at its field."""
        found = super().clean() or {}
        if self.errors:
            return found
        raw = {name: _raw(found[name]) for name in self.kind.fields if self._has(name, found)}
        try:
            self._found = self.kind.read(raw, "")
        except base.RuleWrong as wrong:
            name = wrong.place.rpartition(".")[2]
            self.add_error(name if name in self.fields else None, _sentence(wrong.problem))
        return found

    def _has(self, name: str, found: Mapping[str, Any]) -> bool:
        """Whether a field says something: a meaningless one is left out, whatever it holds."""
        shown_for = self.kind.fields[name].shown_for
        if shown_for and found.get(shown_for[0]) not in shown_for[1]:
            return False
        return found[name] not in (None, "", [])

    def condition(self) -> base.Condition:
        """This will return the condition of a form that is valid."""
        if self._found is None:
            raise ValueError("The form is not valid.")
        return self._found


def form_for(
    kind: str,
    data: Any = None,
    *,
    prefix: str | None = None,
    initial: base.Condition | None = None,
    offered: Offered | None = None,
    searched: Searched | None = None,
) -> ConditionForm:
    """This will return the form of the kind with the code `kind`: empty, filled from `initial`, or
    bound to `data`. Raises KeyError where there is no such kind."""
    return ConditionForm(
        kinds.KINDS[kind], data, prefix=prefix, initial=initial, offered=offered, searched=searched
    )


def chooser(source: Source, url: str, **usual: Any) -> choosers.CodesField:
    """This will return a field in which rows of a table are searched for and chosen."""
    widget = choosers.Chooser(partial(queries.labels_of, source), url)
    return choosers.CodesField(widget=widget, **usual)


def _usual(field: base.Field) -> dict[str, Any]:
    return {"label": field.label, "help_text": field.help, "required": field.is_needed}


def _form_field(field: base.Field, value: Any, offered: Offered) -> forms.Field:
    usual = _usual(field)
    if field.entry == Entry.WHOLE:
        return forms.IntegerField(**usual)
    if field.entry == Entry.AMOUNT:
        return forms.DecimalField(decimal_places=2, max_digits=13, **usual)
    if field.entry == Entry.DAY:
        return days.DayField(**usual)
    if field.entry == Entry.ONE:
        return forms.ChoiceField(choices=list(field.choices), **usual)
    if field.entry == Entry.SOME:
        boxes = forms.CheckboxSelectMultiple
        return forms.MultipleChoiceField(choices=list(field.choices), widget=boxes, **usual)
    return _coded(field, value, usual, offered)


def _coded(field: base.Field, value: Any, usual: Any, offered: Offered) -> forms.Field:
    """A field for codes of a table, or for one."""
    is_one = field.entry == Entry.CODE
    choices = list(offered.get(Source(field.source), ())) if field.source else []
    if not choices:
        return forms.CharField(max_length=40, **usual) if is_one else CodesField(
            max_length=4000, **usual
        )  # fmt: skip
    # What was chosen before stays to be seen, though it may be offered no more.
    known = {code for code, _label in choices}
    chosen = [value] if isinstance(value, str) else value or ()
    choices += [(code, code) for code in chosen if code not in known]
    if is_one:
        return forms.ChoiceField(choices=[("", _("Choose")), *choices], **usual)
    return forms.MultipleChoiceField(choices=choices, **usual)


def _raw(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _sentence(problem: str) -> Any:
    if problem == str(_("is missing")):
        return _("This field is required.")
    return f"{problem[:1].upper()}{problem[1:]}"
