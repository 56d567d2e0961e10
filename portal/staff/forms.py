"""Forms of signing in: the library's checks with our words, and forms of the Django admin."""

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ConfirmCode
from allauth.mfa.totp.forms import ActivateTOTPForm
from axes.handlers.proxy import AxesProxyHandler
from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.staff.models import Branch, Staff


def _say(field: forms.Field, label: Any, help_text: Any = "", **attrs: str) -> None:
    field.label, field.help_text = label, help_text
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update(attrs)


class SignInForm(LoginForm):
    """User name and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields["login"], _("User name"), autocapitalize="none", spellcheck="false")
        _say(self.fields["password"], _("Password"))


class ConfirmForm(ReauthenticateForm):
    """The password once more, before something that guards the account is changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields["password"], _("Password"))


class PasswordForm(ChangePasswordForm):
    """A new password, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields["oldpassword"], _("Present password"))
        _say(
            self.fields["password1"],
            _("New password"),
            _("At least 10 characters; not only digits, not a common word, not your name."),
        )
        _say(self.fields["password2"], _("New password once more"))


def _code_field(form: forms.Form, help_text: Any) -> None:
    _say(form.fields["code"], _("One-time code"), help_text, inputmode="numeric")


class _LockedOutByCodes(forms.Form):
    """Wrong codes count like wrong passwords, and a locked account takes no code at all."""

    user: Staff

    def clean_code(self) -> str:
        request: HttpRequest = context.request
        credentials = {"username": self.user.username}
        if not AxesProxyHandler.is_allowed(request, credentials):
            request.axes_locked_out = True  # type: ignore[attr-defined]
            request.axes_credentials = credentials  # type: ignore[attr-defined]
            raise ValidationError(_("Too many tries. Wait five minutes and try again."))
        try:
            return super().clean_code()  # type: ignore[misc]
        except ValidationError:
            user_login_failed.send(sender=__name__, credentials=credentials, request=request)
            raise


class CodeForm(_LockedOutByCodes, AuthenticateForm):
    """The second factor at sign-in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code_field(self, _("Six digits from your authenticator app, or a recovery code."))


class ConfirmCodeForm(_LockedOutByCodes, ConfirmCode):
    """The second factor once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code_field(self, _("Six digits from your authenticator app, or a recovery code."))


class SetUpForm(ActivateTOTPForm):
    """The first code of a new authenticator."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code_field(self, _("Six digits that the app shows now."))


class BranchForm(forms.ModelForm):
    """A branch, opened or changed."""

    class Meta:
        model = Branch
        fields = ["code", "name", "name_en", "level", "parent", "division_code", "is_active"]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if self.instance.pk is None and not self.errors:
            is_root = found["level"] == "head_office"
            if is_root != (found.get("parent") is None):
                self.add_error("parent", _("Every branch but the head office is below another."))
        return found


class StaffForm(forms.ModelForm):
    """A member of staff, hired or changed by an administrator; passwords only go in."""

    new_password = forms.CharField(
        label=_("New password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_(
            "At least 10 characters; not only digits, not a common word, not the name. "
            "Leave empty to keep the present one."
        ),
    )

    class Meta:
        model = Staff
        fields = [
            "username", "staff_number", "name", "name_en", "email", "role", "branch", "team",
            "language", "joined_date", "is_active",
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        self._check_team(found)
        self._check_password(found)
        return found

    def _check_team(self, found: dict[str, Any]) -> None:
        branch, team = found.get("branch"), found.get("team")
        if branch and team and team.branch_id != branch.pk:
            self.add_error("team", _("This team belongs to another branch. Choose one of its own."))

    def _check_password(self, found: dict[str, Any]) -> None:
        password = found.get("new_password", "")
        is_back = "is_active" in self.changed_data and found.get("is_active")
        if not password and (self.instance.pk is None or is_back):
            self.add_error("new_password", _("Give a first password."))
        elif password:
            try:
                password_validation.validate_password(password, self.instance)
            except ValidationError as refused:
                self.add_error("new_password", refused)


class OwnStaffForm(StaffForm):
    """The administrator's own row: the own password is changed on the own page, with the old."""

    new_password = None  # type: ignore[assignment] # Django's way to drop an inherited field
