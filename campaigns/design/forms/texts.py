"""What a draft tells, discloses and proves."""

from typing import Any

from crispy_forms.layout import Layout
from django.utils.translation import gettext_lazy as _

from campaigns.design.forms.parts import StepForm, row, whole, words
from portal.kit import days

_CLAIM = ("claim", "source", "until")
_MOST_CLAIMS = 50


class TextsForm(StepForm):
    """What must be published, and what each claim rests on: those there are, and an empty row."""

    organiser = words(_("Organiser"), 500)
    organiser_en = words(_("Organiser, in English"), 500)
    redeem = words(_("How it is redeemed"), 500, rows=3)
    redeem_en = words(_("How it is redeemed, in English"), 500, rows=3)
    redeem_days = whole(_("Redeemed within days of the grant"), 3650)
    forfeit = words(_("When it is forfeited"), 500, rows=3)
    forfeit_en = words(_("When it is forfeited, in English"), 500, rows=3)

    def __init__(self, data: Any = None, *, content: dict[str, Any]) -> None:
        self.claims = _claims_in(content, data)
        super().__init__(data, content=content)
        for number in range(self.claims):
            self.fields |= {
                f"claim_{number}": words(
                    _("A claim that needs evidence"), 200, _("As it stands in a text.")
                ),
                f"source_{number}": words(_("Its source"), 300),
                f"until_{number}": days.DayField(label=_("The source holds until"), required=False),
            }
        self.helper.layout = Layout(
            row("organiser", "organiser_en"), row("redeem", "redeem_en"), row("redeem_days"),
            row("forfeit", "forfeit_en"),
            *(
                row(*(f"{name}_{number}" for name in _CLAIM), width="col-md-4")
                for number in range(self.claims)
            ),
        )  # fmt: skip

    def read(self, content: dict[str, Any]) -> dict[str, Any]:
        found = dict(content.get("disclosure") or {})
        for number, one in enumerate(content.get("evidence") or []):
            found |= {f"{name}_{number}": one.get(name) for name in _CLAIM}
        return found

    def written(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        claims = []
        for number in range(self.claims):
            one = {name: given.pop(f"{name}_{number}") for name in _CLAIM}
            one["until"] = one["until"] and one["until"].isoformat()
            claims += [one] if any(one.values()) else []
        return {**self.content, "disclosure": given, "evidence": claims}


def _claims_in(content: dict[str, Any], data: Any) -> int:
    """How many rows of claims a form shows: as many as were sent, or one more than there are."""
    if data:
        sent = sum(f"claim_{number}" in data for number in range(_MOST_CLAIMS))
        return max(sent, 1)
    return min(len(content.get("evidence") or []) + 1, _MOST_CLAIMS)
