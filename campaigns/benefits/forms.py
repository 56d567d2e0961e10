"""What is asked at the desk where benefits are used."""

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.benefits.enums import CHOSEN, Outcome
from campaigns.benefits.queries import Held
from portal.kit import days

_MOST_WORDS = 200


class FindForm(forms.Form):
    """Who stands at the desk."""

    text = forms.CharField(
        label=_("Customer number, card reference or full phone"), max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip


def begin_at(form: forms.Form, name: str) -> None:
    """This will let the keyboard begin at a field."""
    form.fields[name].widget.attrs["autofocus"] = True


class UseForm(forms.Form):
    """One use: with a partner or at a place, on which day, how often."""

    partner = forms.TypedChoiceField(label=_("With"), required=False, coerce=int, empty_value=None)
    place = forms.CharField(label=_("Place"), max_length=80, required=False)
    reference = forms.CharField(
        label=_("Voucher of the partner"), max_length=40, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    used_date = days.DayField(label=_("Used on"))
    units = forms.IntegerField(label=_("Uses"), min_value=1, max_value=365, initial=1)
    left = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, data: Any = None, *, held: Held, on: dt.date) -> None:
        last = held.stands.last_date
        initial = {"used_date": min(on, last) if last else on, "left": held.row.left, "units": 1}
        super().__init__(data, initial=initial, prefix=f"b{held.row.pk}")
        partner = self.fields["partner"]
        if isinstance(partner, forms.TypedChoiceField):
            partner.choices = [("", _("Nobody of the partners")), *held.partners]
            if len(held.partners) == 1:
                partner.initial = held.partners[0][0]


class UndoForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it was none"), max_length=_MOST_WORDS,
        help_text=_("No personal data. It is kept with the entry."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False


class SettleForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("What becomes of it"),
        choices=[(code, Outcome(code).label) for code in CHOSEN],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("What was agreed"), max_length=_MOST_WORDS,
        help_text=_("With whom, and when. No personal data."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
