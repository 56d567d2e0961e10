"""The layout of a list's filter: fields in a row, a button behind them, all in the address."""

from collections.abc import Mapping
from typing import Any

from crispy_forms.bootstrap import StrictButton
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _


class Choices(forms.Select):
    """A select field for a list of branches: Django renders each option from templates of its
    own, which for two hundred of them takes longer than the page."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """This will write the field; no choice is a group of choices."""
        chosen = set(self.format_value(value))
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            (
                (key, SafeString(" selected") if str(key) in chosen else "", label)
                for key, label in self.choices
            ),
        )
        written = flatatt(self.build_attrs(self.attrs, {**(attrs or {}), "name": name}))
        return format_html("<select{}>{}</select>", written, options)


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


def in_words(form: forms.Form, **usual: str) -> list[tuple[str, str]]:
    """This will say which filters of a checked form are in force, each with its label and the
    words of its choice; `usual` names what counts where nothing was asked for."""
    found = []
    for name, field in form.fields.items():
        value = form.cleaned_data.get(name) or usual.get(name)
        if value:
            words = dict(getattr(field, "choices", ())).get(value, value)
            found.append((str(field.label), str(words)))
    return found
