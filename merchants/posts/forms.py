"""What a person may say of posts, shifts, and those who stand there."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from merchants.directory.enums import Scenario
from merchants.directory.models import Store
from merchants.evidence.rules import weeks
from merchants.posts import operations
from merchants.posts.enums import AbsenceKind, CostUnit, PostDays, QualificationKind
from merchants.posts.models import Post
from merchants.posts.queries.places import CURRENT, OVER
from portal.kit import days, filters
from portal.kit.plain import PlainForm
from portal.staff.models import Staff

_ALL = ("", _("All"))
_MOST_DUTIES = 12
SPANS = [("90", _("90 days")), ("30", _("30 days")), ("180", _("180 days")), ("365", _("a year"))]
POSTS, MERCHANTS = "posts", "merchants"


class PostFilter(forms.Form):
    text = forms.CharField(label=_("Merchant or store"), max_length=80, required=False)
    scenario = forms.ChoiceField(
        label=_("Scenario"), required=False, choices=[_ALL, *Scenario.choices]
    )
    state = forms.ChoiceField(
        label=_("Which"),
        required=False,
        choices=[(CURRENT, _("Standing or to come")), (OVER, _("Over")), ("all", _("All"))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = filters.filter_helper(
            {"text": "col-12 col-md-4", "scenario": "col-6 col-md-3", "state": "col-6 col-md-3"}
        )

    def asked(self) -> dict[str, Any]:
        """What is asked of the list, by the names that the query knows; a filter that is wrong is
        left out."""
        self.is_valid()
        found = self.cleaned_data
        state = found.get("state") or CURRENT
        return {
            "text": found.get("text", ""), "scenario": found.get("scenario", ""),
            "state": "" if state == "all" else state,
        }  # fmt: skip


class WeekFilter(forms.Form):
    week = days.DayField(label=_("Week of"), required=False)
    branch = forms.ChoiceField(label=_("Branch"), required=False, widget=filters.Choices)

    def __init__(self, *args: Any, branches: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [_ALL, *branches]
        cast(forms.ChoiceField, self.fields["branch"]).choices = choices
        widths = {"week": "col-6 col-md-3", "branch": "col-6 col-md-3"}
        self.helper = filters.filter_helper(widths)

    def asked(self, on: dt.date) -> tuple[dt.date, str]:
        """The Monday of the week, that of a day where none was asked for, and the branch; what is
        wrong is left out."""
        self.is_valid()
        found = self.cleaned_data
        return weeks.as_of(found.get("week") or on), found.get("branch", "")


class ResultFilter(forms.Form):
    span = forms.ChoiceField(label=_("Days"), required=False, choices=SPANS)
    by = forms.ChoiceField(
        label=_("Grouped by"),
        required=False,
        choices=[(POSTS, _("Post")), (MERCHANTS, _("Merchant and scenario"))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = filters.filter_helper({"span": "col-6 col-md-3", "by": "col-6 col-md-3"})

    def asked(self, on: dt.date) -> tuple[dt.date, dt.date, str]:
        """From which day to before which, and by what; today counts in."""
        self.is_valid()
        span = int(self.cleaned_data.get("span") or "90")
        end = on + dt.timedelta(days=1)
        return end - dt.timedelta(days=span), end, self.cleaned_data.get("by") or POSTS


class PeopleFilter(forms.Form):
    text = forms.CharField(label=_("Full name"), max_length=40, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = filters.filter_helper({"text": "col-12 col-md-4"})


def _time(label: Any) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, widget=widget)


class PostForm(PlainForm):
    """A post; the store is asked for where it is opened."""

    store = forms.ChoiceField(label=_("Store"))
    scenario = forms.ChoiceField(label=_("Scenario"), choices=Scenario.choices)
    first_date = days.DayField(label=_("First day"))
    last_date = days.DayField(label=pgettext_lazy("span", "Last day"))
    opens = _time(_("Begins at"))
    closes = _time(_("Ends at"))
    days = forms.ChoiceField(
        label=_("Stands on"), choices=PostDays.choices,
        help_text=_("Holidays and made-up workdays are those of the bank's calendar."),
    )  # fmt: skip
    seats = forms.IntegerField(label=_("Seats"), min_value=1, max_value=9)
    permission = forms.CharField(
        label=_("Permission of the store"), max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Who at the store allowed it, when, and what: place, table, power, hours."),
    )  # fmt: skip
    duties = forms.CharField(
        label=_("Tasks of each shift"), max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 4}), help_text=_("One to a line, at most twelve."),
    )  # fmt: skip

    def __init__(self, *args: Any, stores: Sequence[Store] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if stores is None:
            del self.fields["store"]
        else:
            choices = [(str(one.pk), one.label) for one in stores]
            cast(forms.ChoiceField, self.fields["store"]).choices = choices

    def clean_duties(self) -> list[str]:
        """This will read the tasks, one to a line. Raises ValidationError."""
        lines = [line.strip() for line in self.cleaned_data["duties"].splitlines()]
        found = [line for line in lines if line]
        if len(found) > _MOST_DUTIES:
            raise forms.ValidationError(_now("These are more than twelve tasks."))
        if any(len(line) > 120 for line in found):
            raise forms.ValidationError(_now("A task has at most 120 characters."))
        return found

    @property
    def facts(self) -> operations.PostFacts:
        """What was said."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "store"}
        return operations.PostFacts(**said)


def initial_of(post: Post) -> dict[str, Any]:
    """This will return what stands of a post, as its form takes it."""
    names = (
        "scenario", "first_date", "last_date", "opens", "closes", "days", "seats", "permission",
    )  # fmt: skip
    return {name: getattr(post, name) for name in names} | {"duties": "\n".join(post.duties)}


class CostForm(PlainForm):
    first_date = days.DayField(label=_("From"))
    amount = forms.DecimalField(label=_("Cost (CNY)"), min_value=0, max_digits=10, decimal_places=2)
    unit = forms.ChoiceField(label=_("Charged by"), choices=CostUnit.choices)
    source = forms.CharField(
        label=_("Source"), max_length=200, min_length=2,
        help_text=_("Such as the contract, the budget or the payroll it comes from."),
    )  # fmt: skip


class ShiftForm(PlainForm):
    day = days.DayField(label=_("Day"))
    starts = _time(_("Begins at"))
    ends = _time(_("Ends at"))
    staff = forms.ChoiceField(
        label=_("Who stands there"),
        help_text=_("Offered are those of the branch who are qualified and there on the day."),
    )
    seat = forms.IntegerField(
        label=_("Seat"), min_value=1, max_value=9, required=False,
        help_text=_("Empty: the first that is free."),
    )  # fmt: skip

    def __init__(self, *args: Any, people: Sequence[Staff], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {one.username: one for one in people}
        choices = [(one.username, f"{one.label} · {one.branch.label}") for one in people]
        cast(forms.ChoiceField, self.fields["staff"]).choices = choices

    @property
    def chosen(self) -> Staff:
        """Who was chosen."""
        return self.people[self.cleaned_data["staff"]]


class ReasonForm(PlainForm):
    why = forms.CharField(label=_("Reason"), min_length=2, max_length=200)


class QualificationForm(PlainForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=QualificationKind.choices)
    first_date = days.DayField(label=_("Holds from"))
    last_date = days.DayField(label=_("Last day"))
    source = forms.CharField(
        label=_("Source"), min_length=2, max_length=200,
        help_text=_("Such as the examination and the number of its certificate."),
    )  # fmt: skip


class AbsenceForm(PlainForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=AbsenceKind.choices)
    first_date = days.DayField(label=_("First day"))
    last_date = days.DayField(label=pgettext_lazy("span", "Last day"))
