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


def in_force(form: forms.Form, **usual: str) -> dict[str, str]:
    """This will name the filters of a checked form that are in force, with their values; `usual`
    names what counts where nothing was asked for."""
    asked = {name: form.cleaned_data.get(name) or usual.get(name) for name in form.fields}
    return {name: str(value) for name, value in asked.items() if value}


def in_words(form: forms.Form, given: Mapping[str, str]) -> list[tuple[str, str]]:
    """This will say such filters in the language in force, each with the label of its field and
    the words of its choice; a value that is no choice any more stands as it is."""
    found = []
    for name, value in given.items():
        field = form.fields.get(name)
        words = dict(getattr(field, "choices", ())).get(value, value)
        found.append((str(field.label if field else name), str(words)))
    return found
