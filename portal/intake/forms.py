"""The form of the upload page, and the way of a file from the browser to it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler
from django.utils.translation import gettext_lazy as _

from portal.intake.rules import ImportKind
from portal.kit import days
from portal.kit.registry import registry
from portal.staff.enums import Permission

ENDINGS = (".csv", ".txt", ".tsv", ".xlsx")
# What the form's other fields and the frame around the file may add to a request.
_FRAME = 64 * 1024


class UploadHandler(TemporaryFileUploadHandler):
    """Writes an uploaded file to disk while it comes in, and throws away what is too large or
    comes from somebody who may not upload."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """This will refuse before the first byte is written."""
        user = getattr(self.request, "user", None)
        may = user is not None and user.is_authenticated and user.may(Permission.UPLOAD_OWN)
        length = int(self.request.META.get("CONTENT_LENGTH") or 0)  # type: ignore[union-attr]
        is_too_large = length > settings.UPLOAD_MOST_BYTES + _FRAME
        self.request.is_too_large = is_too_large  # type: ignore[union-attr]
        if is_too_large or not may:
            raise StopUpload(connection_reset=False)
        super().new_file(*args, **kwargs)


class UploadForm(forms.Form):
    """Which file, and what it holds."""

    kind = forms.ChoiceField(label=_("Kind of file"))
    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput(attrs={"accept": ",".join(ENDINGS)}),
        error_messages={
            "required": _("Choose a file."),
            "empty": _("The file is empty."),
            "missing": _("Choose a file."),
            "invalid": _("Choose a file."),
        },
    )

    as_of = days.InstantField(
        label=_("As of"),
        required=False,
        help_text=_(
            "When the file was made in its source, where its rows do not say it (column as_of)."
            " Rows older than what stands are left out and counted. Without it they count as of"
            " now, and states only go forward: a decided application is not opened again, a day"
            " once known stays."
        ),
    )
    corrects = forms.BooleanField(
        label=_("This file corrects what stands"),
        required=False,
        help_text=_("Its rows count even where they take a state or a day back."),
    )

    def __init__(
        self, *args: Any, kinds: Sequence[ImportKind], is_too_large: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._is_too_large = is_too_large
        megabytes = settings.UPLOAD_MOST_BYTES // 2**20
        self._limit = _("At most {megabytes} MB; split the file.").format(megabytes=megabytes)
        self.fields["kind"].choices = [(kind.code, kind.label) for kind in kinds]  # type: ignore[attr-defined]
        self.fields["file"].help_text = _("CSV or XLSX, at most {megabytes} MB.").format(
            megabytes=megabytes
        )
        if is_too_large:
            self.fields["file"].error_messages["required"] = self._limit

    def clean_file(self) -> UploadedFile:
        """This will take only files that can be read, and none that is too large."""
        file: UploadedFile = self.cleaned_data["file"]
        if self._is_too_large or (file.size or 0) > settings.UPLOAD_MOST_BYTES:
            raise forms.ValidationError(self._limit)
        if Path(file.name or "").suffix.lower() not in ENDINGS:
            raise forms.ValidationError(
                _("Only .csv and .xlsx files can be read; save the file as one of these.")
            )
        return file


class TokenForm(forms.Form):
    """Which system may send what, and until when."""

    name = forms.CharField(
        label=_("Name"),
        min_length=2,
        max_length=60,
        help_text=_("The system that uses it, such as core-banking; one name is used once."),
    )
    kinds = forms.MultipleChoiceField(
        label=_("Kinds it may send"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose one kind at least.")},
    )
    last_day = days.DayField(
        label=_("Last day"),
        help_text=_("The token lets nobody in after this day; ten years from now at most."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.MultipleChoiceField, self.fields["kinds"])
        field.choices = list(registry.token_uses.items())


class RevokeForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        min_length=2,
        max_length=200,
        help_text=_("Why nobody may use it any more; the audit trail keeps it."),
    )
