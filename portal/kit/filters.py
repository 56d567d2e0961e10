"""The layout of a list's filter: fields in a row, a button behind them, all in the address."""

from collections.abc import Mapping

from crispy_forms.bootstrap import StrictButton
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django.forms import Form
from django.utils.translation import gettext_lazy as _


def filter_helper(widths: Mapping[str, str]) -> FormHelper:
    """This will return the crispy helper of a filter form sent by GET.

    `widths` names the fields in their order, each with its Bootstrap column classes.
    """
    helper = FormHelper()
    helper.form_method = "get"
    helper.disable_csrf = True
    helper.layout = Layout(
        Div(
            *(Div(name, css_class=width) for name, width in widths.items()),
            Div(
                StrictButton(_("Show"), type="submit", css_class="btn-primary mb-3"),
                css_class="col-auto",
            ),
            css_class="row g-3 align-items-end",
        )
    )
    return helper


def in_words(form: Form, **usual: str) -> list[tuple[str, str]]:
    """This will say which filters of a checked form are in force, each with its label and the
    words of its choice; `usual` names what counts where nothing was asked for."""
    found = []
    for name, field in form.fields.items():
        value = form.cleaned_data.get(name) or usual.get(name)
        if value:
            words = dict(getattr(field, "choices", ())).get(value, value)
            found.append((str(field.label), str(words)))
    return found
