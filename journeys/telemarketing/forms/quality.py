"""What is said of a call that is read, of a dispute, and of how calls are read."""

import re
from collections.abc import Sequence
from typing import Any

from crispy_forms.layout import Div, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from journeys.telemarketing import operations
from journeys.telemarketing.enums import QualityMark, QualityReason, QualityVerdict
from portal.kit import days, filters
from portal.kit.plain import PlainForm

_WORDS = 2000
_LINE = re.compile(r"^([a-z][a-z_]{1,29})\|([^|]+)\|([^|]+)\|([1-9][0-9]?)(\|!)?$")


def _lines(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class ReadForm(PlainForm):
    """A mark for each criterion of the form by which a call is read, and words."""

    words = forms.CharField(
        label=_("Words to the caller"), required=False, max_length=_WORDS, widget=_lines(4)
    )

    def __init__(self, *args: Any, criteria: Sequence[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codes = [one["code"] for one in criteria]
        for place, one in enumerate(criteria):
            widget = forms.RadioSelect(attrs={"autofocus": True} if place == 0 else {})
            self.fields[f"mark_{one['code']}"] = forms.ChoiceField(
                label=one["label"], choices=QualityMark.choices, widget=widget,
                help_text=_("Grave: whoever misses it has failed.") if one["grave"] else "",
            )  # fmt: skip
        self.helper.layout = Layout(*(f"mark_{code}" for code in self.codes), "words")

    @property
    def marks(self) -> dict[str, str]:
        """The marks by the codes of the criteria."""
        return {code: self.cleaned_data[f"mark_{code}"] for code in self.codes}


class DisputeForm(PlainForm):
    words = forms.CharField(
        label=_("What is wrong with this result"), min_length=5, max_length=_WORDS, widget=_lines(4)
    )


class DecideForm(PlainForm):
    verdict = forms.ChoiceField(
        label=_("Verdict"), choices=QualityVerdict.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(label=_("Reason"), min_length=5, max_length=_WORDS, widget=_lines(4))


class ResultsFilter(forms.Form):
    drawn = forms.ChoiceField(
        label=_("Drawn"), required=False, choices=[("", _("All")), *QualityReason.choices]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = filters.filter_helper({"drawn": "col-12 col-md-4"})


def _number(label: Any, most: int, least: int = 0) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=least, max_value=most)


class QualityPolicyForm(PlainForm):
    effective_date = days.DayField(label=_("In force from"))
    random_percent = _number(_("Calls drawn at random, of 100"), 100)
    random_least = _number(_("At random, of a branch's day at least"), 500)
    random_most = _number(_("At random, of a branch's day at most"), 500)
    risk_most = _number(_("By risk, of a branch's day at most"), 500)
    short_seconds = _number(_("Seconds below which a call is short"), 600)
    sale_seconds = _number(_("Seconds below which an application is quick"), 3600)
    new_days = _number(_("Days for which a caller is new"), 365)
    second_percent = _number(_("Calls with a second reader, of 100"), 100)
    dispute_days = _number(_("Days to dispute a result"), 90, 1)
    source = forms.CharField(label=_("Source of the rule"), min_length=2, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        numbers = list(operations.QualityFacts.__dataclass_fields__)
        columns = [Div(name, css_class="col-12 col-md-6") for name in numbers]
        self.helper.layout = Layout("effective_date", Div(*columns, css_class="row"), "source")

    @property
    def facts(self) -> operations.QualityFacts:
        """What the policy says."""
        names = operations.QualityFacts.__dataclass_fields__
        return operations.QualityFacts(**{name: self.cleaned_data[name] for name in names})


class CriteriaForm(PlainForm):
    effective_date = days.DayField(label=_("In force from"))
    criteria = forms.CharField(
        label=_("Criteria"),
        widget=_lines(10),
        help_text=_(
            "One a line: code | name in Chinese | name in English | weight from 1 to 99, and | ! "
            "at the end where it is grave. Keep the code of what stays the same."
        ),
    )
    source = forms.CharField(label=_("Source of the rule"), min_length=2, max_length=200)

    @staticmethod
    def written(criteria: Sequence[dict[str, Any]]) -> str:
        """This will write criteria as the form reads them."""
        return "\n".join(
            f"{one['code']} | {one['name']} | {one['name_en']} | {one['weight']}"
            + (" | !" if one["grave"] else "")
            for one in criteria
        )

    def clean_criteria(self) -> list[operations.Criterion]:
        """This will read the lines. Raises ValidationError."""
        found = []
        written = [line for line in self.cleaned_data["criteria"].splitlines() if line.strip()]
        for place, line in enumerate(written, 1):
            parts = "|".join(part.strip() for part in line.replace("｜", "|").split("|"))
            read = _LINE.match(parts)
            if read is None:
                raise ValidationError(
                    _("Line %(line)s does not say code | name | name | weight: %(text)s"),
                    params={"line": place, "text": line.strip()},
                )
            code, name, name_en, weight, grave = read.groups()
            found.append(operations.Criterion(code, name, name_en, int(weight), bool(grave)))
        return found
