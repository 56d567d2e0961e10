"""Forms that come back because a colleague was faster: nothing that was typed is lost."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _


def come_back(form: forms.BaseForm, told: str, **stands: int | str) -> None:
    """This will tell on a form what somebody did meanwhile, keep what was typed, and take up in its
    hidden fields (`stands`) what stands now: once it was looked at again it may be sent again."""
    sent: Any = form.data  # of a browser: a QueryDict, which may hold several values of a name
    given = sent.copy()
    for name, value in stands.items():
        given[name] = str(value)
    form.data = given
    kept = _("What you wrote is still here: look at it, and send it again if it still holds.")
    form.add_error(None, f"{told} {kept}")
