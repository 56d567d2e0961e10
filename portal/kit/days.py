"""Days and instants that people type: within the years that the records of a bank can mean."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

FIRST, LAST = dt.date(1900, 1, 1), dt.date(2100, 12, 31)
_OUTSIDE = _("Give a day between 1900 and 2100.")


def _within(value: dt.date | None) -> None:
    day = value.date() if isinstance(value, dt.datetime) else value
    if day is not None and not FIRST <= day <= LAST:
        raise ValidationError(_OUTSIDE, code="outside")


class DayField(forms.DateField):
    """A day between 1900 and 2100, chosen in the browser's own calendar."""

    def __init__(self, **kwargs: Any) -> None:
        usual = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(**{"widget": usual, **kwargs})

    def validate(self, value: dt.date | None) -> None:
        """This will refuse a day outside. Raises ValidationError."""
        super().validate(value)
        _within(value)


class InstantField(forms.DateTimeField):
    """An instant between 1900 and 2100, chosen in the browser's own calendar and clock."""

    def __init__(self, **kwargs: Any) -> None:
        usual = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(**{"widget": usual, **kwargs})

    def validate(self, value: dt.datetime | None) -> None:
        """This will refuse an instant outside. Raises ValidationError."""
        super().validate(value)
        _within(value)
