"""The forms under a submission."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.approvals.enums import Verdict
from portal.approvals.models import ApprovalLevel
from portal.kit.registry import registry


class ApproveForm(forms.Form):
    """Approval, with a remark where one is useful."""

    reason = forms.CharField(
        label=_("Remark (optional)"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    prefix = "approve"


class ReturnForm(forms.Form):
    """A return, which always says why."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What must be changed before it can be approved?"),
        error_messages={"required": _("Say why it is returned, so that it can be put right.")},
    )
    prefix = "return"


class VetoForm(forms.Form):
    """A veto, which ends a submission for good and says why."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("A vetoed version can never be submitted again; a new one is needed."),
        error_messages={"required": _("Say why it is vetoed: the reason stays on record.")},
    )
    prefix = "veto"


class LevelForm(forms.ModelForm):
    """A level of approval, of a kind and a measure that exist."""

    kind = forms.ChoiceField(label=_("Kind"), choices=lambda: _kinds())
    measure = forms.ChoiceField(label=_("Measure"), choices=lambda: _measures())

    class Meta:
        model = ApprovalLevel
        fields = ["kind", "effective_date", "measure", "at_least", "approvals", "source"]

    def clean(self) -> dict[str, Any]:
        """This will refuse a measure of another kind."""
        cleaned = super().clean() or self.cleaned_data
        kind = registry.approval_kinds.get(cleaned.get("kind", ""))
        if kind and cleaned.get("measure") not in dict(kind.measures):
            known = ", ".join(str(label) for _code, label in kind.measures)
            self.add_error("measure", _("This kind is measured by: %s.") % known)
        return cleaned


def _kinds() -> list[tuple[str, str]]:
    kinds = registry.approval_kinds.values()
    return [(kind.code, str(kind.label)) for kind in kinds if kind.measures]


def _measures() -> list[tuple[str, str]]:
    found = [measure for kind in registry.approval_kinds.values() for measure in kind.measures]
    return [(code, str(label)) for code, label in found]


FORMS: dict[str, type[forms.Form]] = {
    Verdict.APPROVE: ApproveForm,
    Verdict.RETURN: ReturnForm,
    Verdict.VETO: VetoForm,
}
