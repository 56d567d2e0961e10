"""Fields of filters."""

from typing import Any

import pytest
from django import forms
from django.test.html import parse_html

from portal.kit import filters

CHOICES = [("", "All"), ("A&B", "<b>Branch</b>"), ("C", "C")]


class Plain(forms.Form):
    branch = forms.ChoiceField(choices=CHOICES, required=False)


class Quick(forms.Form):
    branch = forms.ChoiceField(choices=CHOICES, required=False, widget=filters.Choices)


@pytest.mark.parametrize("asked", [{}, {"branch": ""}, {"branch": "A&B"}, {"branch": "no such"}])
def test_choices_look_like_those_of_a_usual_select(asked: dict[str, Any]) -> None:
    for data in (asked, None):
        plain, quick = Plain(data)["branch"], Quick(data)["branch"]
        attrs = {"class": "select form-select", "disabled": True}
        found, expected = (field.as_widget(attrs=attrs) for field in (quick, plain))
        assert parse_html(found) == parse_html(expected)
    assert Quick({"branch": "A&B"})["branch"].as_widget().count(" selected") == 1
