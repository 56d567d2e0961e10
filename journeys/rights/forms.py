"""What is asked of staff about a person's request."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from crispy_forms.bootstrap import StrictButton
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from journeys.rights import queries
from journeys.rights.enums import (
    CopyForm,
    IdentityCheck,
    RefusalGround,
    RightsChannel,
    RightsKind,
    RightsState,
)
from journeys.rights.queries.holdings import Person
from portal.kit import days, filters
from portal.staff.access import Scope

# The fields that can be corrected, in words; one that is not listed shows under its own name.
FIELD_WORDS: dict[str, Any] = {
    "name": _("Name"),
    "phone": _("Phone"),
    "id_number": _("ID number"),
    "email": _("E-mail"),
    "address": _("Postal address"),
    "birth_date": _("Day of birth"),
    "division_code": _("Administrative division"),
    "company": _("Company"),
}


def _words(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=2000,
        min_length=2,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class _Step(forms.Form):
    """A form within a page that has its own button."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False


class RequestFilter(forms.Form):
    """Without a state asked for, the running ones."""

    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("running", _("Running")), *RightsState.choices, ("all", _("All"))],
    )
    kind = forms.ChoiceField(
        label=_("Asked for"), required=False, choices=[("", _("All")), *RightsKind.choices]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = filters.filter_helper(dict.fromkeys(self.fields, "col-6 col-md-3"))

    @property
    def asked(self) -> dict[str, str]:
        """What is asked for; a value that is wrong is left out."""
        state = self.cleaned_data.get("state") or "running"
        return {
            "state": "" if state == "all" else state,
            "kind": self.cleaned_data.get("kind", ""),
        }


class RequestForm(_Step):
    person = forms.CharField(
        label=_("Customer or lead number"),
        max_length=40,
        help_text=_("A lead that became a customer is found under the customer."),
    )
    kind = forms.ChoiceField(label=_("Asked for"), choices=[("", "–"), *RightsKind.choices])
    channel = forms.ChoiceField(label=_("Came by"), choices=RightsChannel.choices)
    identity_check = forms.ChoiceField(
        label=_("Identity"),
        choices=IdentityCheck.choices,
        help_text=_("Nothing is handed out or changed before the identity is checked."),
    )
    received_date = days.DayField(label=_("Received on"))
    details = _words(
        _("What the person asks"), _("Phone, ID and card numbers in the text are masked.")
    )

    def __init__(self, *args: Any, scope: Scope, on: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scope, self.on = scope, on

    def clean_person(self) -> Person:
        """This will find the customer or lead; one outside the scope is as unknown as none."""
        number = self.cleaned_data["person"].strip()
        for spelled in (number, number.upper()):
            if found := queries.person_of(scope=self.scope, number=spelled):
                return found
        raise forms.ValidationError(
            _("There is no customer or lead of your branches with this number.")
        )

    def clean_received_date(self) -> dt.date:
        """This will refuse a day that is still to come."""
        day: dt.date = self.cleaned_data["received_date"]
        if day > self.on:
            raise forms.ValidationError(_("This day is still to come."))
        return day


class FindForm(forms.Form):
    text = forms.CharField(
        label=_("Customer or lead number, full phone, ID number or e-mail"),
        max_length=120,
        help_text=_(
            "Your search is recorded with whom it found, without what you typed. How often you may "
            "search by more than a number is limited for each day."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        # A phone must not stand in the address of a page.
        self.helper.form_method = "post"
        button = StrictButton(_("Find everything"), type="submit", css_class="btn-primary")
        self.helper.layout = Layout(
            Div(
                Div("text", css_class="col-12 col-md-6"),
                Div(button, css_class="col-auto"),
                css_class="row g-3 align-items-center",
            )
        )


class IdentityForm(_Step):
    identity_check = forms.ChoiceField(
        label=_("Identity"),
        choices=[pair for pair in IdentityCheck.choices if pair[0] != IdentityCheck.NOT_YET],
    )


class CopyOrder(_Step):
    form = forms.ChoiceField(label=_("Form"), choices=CopyForm.choices)


class CorrectForm(_Step):
    field = forms.ChoiceField(label=_("Field"))
    value = forms.CharField(
        label=_("Right value"),
        max_length=200,
        required=False,
        help_text=_("Empty takes the value away."),
    )
    reason = _words(_("Reason and evidence"))

    def __init__(self, *args: Any, fields: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(name, FIELD_WORDS.get(name, name)) for name in fields]
        self.fields["field"].choices = choices  # type: ignore[attr-defined]


class EndForm(_Step):
    words = _words(_("What the person was told"), _("It stays in the history."))


class RefuseForm(_Step):
    ground = forms.ChoiceField(label=_("Ground"), choices=[("", "–"), *RefusalGround.choices])
    words = _words(_("Reason as the person was told it"))
