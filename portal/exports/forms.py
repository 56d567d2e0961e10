"""What a person says to take a file out, and how a file is asked about."""

import hashlib
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.utils.translation import gettext_lazy as _

# Larger than any file that the portal makes.
_MOST_BYTES = 100 * 2**20


class ExportForm(forms.Form):
    """Why the file is needed."""

    reason = forms.CharField(
        label=_("What the file is needed for"),
        min_length=4,
        max_length=500,
        help_text=_("It is kept with the export and stands on the first sheet."),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say what the file is needed for.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class FindForm(forms.Form):
    """The code that stands on a page, or a file's SHA-256."""

    find = forms.CharField(label=_("Code or SHA-256"), required=False, max_length=100)


class FingerprintHandler(FileUploadHandler):
    """Takes an uploaded file's SHA-256 while it comes in, and keeps nothing of it."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """This will begin anew, and refuse what cannot be a file of ours before it is read."""
        super().new_file(*args, **kwargs)
        if int(self.request.META.get("CONTENT_LENGTH") or 0) > _MOST_BYTES:  # type: ignore[union-attr]
            raise StopUpload(connection_reset=False)
        self._digest = hashlib.sha256()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """This will add a block to the fingerprint; None keeps it from other handlers."""
        self._digest.update(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile:
        """This will hand over an empty file that carries the fingerprint."""
        found = UploadedFile(file=None, name="file", size=file_size)
        found.sha256 = self._digest.hexdigest()  # type: ignore[attr-defined]
        return found
