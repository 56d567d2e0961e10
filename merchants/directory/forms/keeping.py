"""What is said about a merchant itself."""

from typing import Any, cast

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from merchants.directory import queries
from merchants.directory.enums import ContactReason, MerchantSource
from merchants.directory.rules.places import normal_code
from portal.intake.rules import BadCell, cells
from portal.kit import revealing
from portal.kit.plain import PlainForm
from portal.staff.models import Staff

_MOST_NAMED = 5


def words_of(bad: BadCell) -> str:
    """This will say why a value cannot be taken, as files say it."""
    return str(bad.reason.text).format(**bad.params)


class DivisionField(forms.CharField):
    """A division by its code, or by a name that only one has; a list of those that fit follows
    what is typed."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(
            attrs={
                "list": "divisions",
                "autocomplete": "off",
                "hx-get": reverse_lazy("merchant_divisions"),
                "hx-trigger": "input changed delay:250ms",
                "hx-target": "#divisions",
            }
        )
        usual = {
            "label": _("Place"),
            "max_length": 40,
            "widget": widget,
            "help_text": _("Type a part of its name, such as 西湖, or its code, and choose."),
        }
        super().__init__(**{**usual, **kwargs})

    def clean(self, value: Any) -> str:
        """This will return the code. Raises ValidationError."""
        text = super().clean(value)
        if not text:
            return ""
        if text.isascii() and text.isdigit():
            if queries.one_division(code=text) is None:
                raise forms.ValidationError(_now("There is no division of this code."))
            return normal_code(text)
        found = queries.find_divisions(text=text)
        exact = [code for code, name in found.items() if name == text]
        if len(exact) == 1 or len(found) == 1:
            return next(iter(exact or found))
        if not found:
            raise forms.ValidationError(_now("No division has this in its name."))
        few = ", ".join(f"{code} {name}" for code, name in list(found.items())[:_MOST_NAMED])
        raise forms.ValidationError(
            _now("Several have this in their names; give the code of one: {few}").format(few=few)
        )


class MerchantForm(PlainForm):
    name = forms.CharField(label=_("Name"), max_length=120)
    name_en = forms.CharField(label=_("English name"), max_length=120, required=False)
    legal_name = forms.CharField(
        label=_("Registered name"),
        max_length=160,
        required=False,
        help_text=_("As the business licence has it."),
    )
    credit_code = forms.CharField(
        label=_("Unified social credit code"), max_length=24, required=False
    )
    category_id = forms.ChoiceField(label=_("Category"))
    division_code = DivisionField(required=False)
    source = forms.ChoiceField(label=_("Source"), choices=MerchantSource.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(row.mcc, str(row)) for row in queries.categories()]
        cast(forms.ChoiceField, self.fields["category_id"]).choices = choices

    def clean_credit_code(self) -> str:
        """This will take a code whose check sign fits, or none. Raises ValidationError."""
        text = self.cleaned_data["credit_code"]
        try:
            return cells.parse_company_code(text) if text else ""
        except BadCell as bad:
            raise forms.ValidationError(words_of(bad)) from bad


class AssignForm(PlainForm):
    manager = forms.ChoiceField(label=_("Relationship manager"), required=False)
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed where a partnership is open: it stays with its history."),
    )  # fmt: skip

    def __init__(self, *args: Any, people: list[Staff], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {one.username: one for one in people}
        choices = [("", _("Nobody")), *((one.username, one.label) for one in people)]
        cast(forms.ChoiceField, self.fields["manager"]).choices = choices

    @property
    def chosen(self) -> Staff | None:
        """Who was chosen."""
        return self.people.get(self.cleaned_data["manager"])


class _Reasoned(PlainForm):
    reason = forms.CharField(
        label=_("Reason"),
        min_length=4,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class PartnerForm(_Reasoned):
    """Why a merchant is to be a partner, or no longer."""


class MergeForm(_Reasoned):
    """Why two merchants are one, or are two after all."""


class RevealForm(revealing.ReasonForm):
    reasons = ContactReason.choices
