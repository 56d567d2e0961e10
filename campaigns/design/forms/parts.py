"""What the forms of the steps are made of: fields, rows, and how a form reads a draft's content."""

import datetime as dt
import itertools
from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from campaigns.planning.rules.plans import MESSAGE_CHANNELS
from journeys.contact.enums import Channel

UNCHOSEN = [("", _("Choose"))]
DAY = dt.timedelta(days=1)
Choices = list[tuple[str, Any]]
Said = Any  # text, or text that is translated when it is shown


def words(label: Said, most: int, help_text: Said = "", rows: int = 0) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else None
    return forms.CharField(
        label=label, max_length=most, required=False, help_text=help_text, widget=widget
    )


def amount(label: Said, help_text: Said = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=label, max_digits=13, decimal_places=2, min_value=Decimal("0.01"), required=False,
        help_text=help_text,
    )  # fmt: skip


def whole(label: Said, most: int, help_text: Said = "", least: int = 1) -> forms.IntegerField:
    limits = [MinValueValidator(least), MaxValueValidator(most)]
    return forms.IntegerField(label=label, required=False, validators=limits, help_text=help_text)


def some(label: Said, help_text: Said = "") -> forms.MultipleChoiceField:
    boxes = forms.CheckboxSelectMultiple
    return forms.MultipleChoiceField(label=label, required=False, help_text=help_text, widget=boxes)


def ways_of_telling() -> Choices:
    """This will list the orders in which channels can be tried: ("sms,email", "SMS, then ...")."""
    orders = [
        order
        for size in range(len(MESSAGE_CHANNELS), 0, -1)
        for order in itertools.permutations(MESSAGE_CHANNELS, size)
    ]
    return [
        (",".join(order), " → ".join(str(Channel(code).label) for code in order))
        for order in orders
    ]


def offer(form: forms.Form, name: str, choices: Choices) -> None:
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = choices


class StepForm(forms.Form):
    """A form that is one step of a draft. `revision` is that at which the draft was seen."""

    layout: tuple[Any, ...] = ()

    def __init__(self, data: Any = None, *, content: dict[str, Any], prefix: str = "") -> None:
        self.content = content
        super().__init__(data, initial=self.read(content), prefix=prefix or None)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(*self.layout)

    def read(self, content: dict[str, Any]) -> dict[str, Any]:
        """This will return the fields as a draft has them."""
        raise NotImplementedError

    def written(self) -> dict[str, Any]:
        """This will return a valid form's content with the fields written into it."""
        raise NotImplementedError


def row(*names: str, width: str = "col-md-6") -> Div:
    return Div(*(Div(name, css_class=width) for name in names), css_class="row g-3")


def put(content: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """This will return the content with what is given; what is empty is not there."""
    rest = {name: value for name, value in content.items() if name not in given}
    return rest | {name: value for name, value in given.items() if value not in (None, "", [])}
