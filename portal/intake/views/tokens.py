"""Pages on which tokens of the JSON API are made, looked at and revoked."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from portal.intake import operations, queries
from portal.intake.enums import TokenState
from portal.intake.forms import RevokeForm, TokenForm
from portal.intake.models import ApiToken
from portal.kit import clock, tables
from portal.kit.registry import registry
from portal.staff.access import requires, staff_of
from portal.staff.enums import Permission

_USUAL_DAYS = 365
_TONES = {
    TokenState.IN_FORCE: "success",
    TokenState.EXPIRED: "secondary",
    TokenState.REVOKED: "danger",
}


@requires(Permission.ADMINISTER)
def token_list(request: HttpRequest) -> HttpResponse:
    """This will list the tokens, the newest first."""
    page = tables.page_of(request, queries.list_tokens())
    at = clock.now()
    context = {"page": page, "lines": [_shown(token, at) for token in page.rows]}
    return render(request, "portal/intake/token_list.html", context)


@never_cache
@requires(Permission.ADMINISTER)
def token_new(request: HttpRequest) -> HttpResponse:
    """This will make a token and show its text, this once: it stands in this answer alone. Sent
    again, the form is refused for its name."""
    usual = {"last_day": clock.today() + dt.timedelta(days=_USUAL_DAYS)}
    form = TokenForm(request.POST or None, initial=usual)
    if form.is_valid():
        try:
            token, text = operations.create_token(
                by=staff_of(request), at=clock.now(), **form.cleaned_data
            )
        except operations.TokenRefused as refused:
            form.add_error(None, str(refused))
        else:
            context = {**_shown(token, clock.now()), "text": text}
            return render(request, "portal/intake/token_made.html", context)
    status = 422 if request.method == "POST" else 200
    return render(request, "portal/intake/token_new.html", {"form": form}, status=status)


@requires(Permission.ADMINISTER)
def token_page(request: HttpRequest, token_id: int) -> HttpResponse:
    """This will show one token: who made it, what it may send, when it was used last."""
    return _show(request, _load(token_id), RevokeForm())


@require_POST
@requires(Permission.ADMINISTER)
def token_revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """This will revoke a token at once and for good."""
    token, form = _load(token_id), RevokeForm(request.POST)
    if not form.is_valid():
        return _show(request, token, form, status=422)
    try:
        operations.revoke_token(
            name=token.name,
            reason=form.cleaned_data["reason"],
            by=staff_of(request),
            at=clock.now(),
        )
        messages.success(request, _("The token is revoked; it lets nobody in any more."))
    except operations.TokenRefused as refused:
        messages.error(request, str(refused))
    return redirect("token_page", token_id=token_id)


def _load(token_id: int) -> ApiToken:
    token = queries.one_token(token_id)
    if token is None:
        raise Http404
    return token


def _show(
    request: HttpRequest, token: ApiToken, form: RevokeForm, status: int = 200
) -> HttpResponse:
    context = {**_shown(token, clock.now()), "form": form}
    return render(request, "portal/intake/token_page.html", context, status=status)


def _shown(token: ApiToken, at: dt.datetime) -> dict[str, Any]:
    """A token for a template: its state with a colour, its kinds in words, its last day."""
    state = token.state_at(at)
    known = registry.token_uses
    return {
        "token": token,
        "state": state.label,
        "tone": _TONES[state],
        "may_be_revoked": state != TokenState.REVOKED,
        "kinds": [known.get(code, code) for code in token.kinds],
        "last_day": clock.bank_day(token.expires_at - dt.timedelta(microseconds=1)),
    }
