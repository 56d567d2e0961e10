"""The guard of every view, and the scope of every list."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from portal.staff.enums import Role
from portal.staff.models import Branch, Staff

View = Callable[..., HttpResponseBase]

# Roles whose work covers the whole bank; everybody else sees the own branch and what hangs below.
_WHOLE_BANK = {
    Role.CAMPAIGN_MANAGER, Role.APPROVER, Role.COMPLIANCE, Role.ANALYST, Role.ADMINISTRATOR,
}  # fmt: skip


@dataclass(frozen=True)
class Scope:
    """Which rows a person may see: a prefix of the branch path ("" is the whole bank), and for
    roles that work on own records the person's id."""

    branch_path: str
    own_staff_id: int | None = None

    def branches(self, field: str = "branch") -> Q:
        """This will return the filter for rows that carry a branch under the name `field`."""
        return Q(**{f"{field}__path__startswith": self.branch_path}) if self.branch_path else Q()

    def reaches(self, branch: Branch) -> bool:
        """This will tell whether rows of `branch` are within the scope."""
        return branch.path.startswith(self.branch_path)


def scope_of(staff: Staff) -> Scope:
    """This will return what `staff` may see."""
    if staff.role in _WHOLE_BANK:
        return Scope(branch_path="")
    own = staff.pk if staff.role in {Role.TELEMARKETER, Role.RELATIONSHIP_MANAGER} else None
    return Scope(branch_path=staff.branch.path, own_staff_id=own)


def staff_of(request: HttpRequest) -> Staff:
    """This will return the signed-in person of a guarded view."""
    return cast(Staff, request.user)


def requires(permission: str) -> Callable[[View], View]:
    """This will guard a view: signed in, and the role holds `permission`; otherwise 403."""

    def decorate(view: View) -> View:
        @login_required
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not staff_of(request).may(permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.required_permission = permission  # type: ignore[attr-defined]
        return guarded

    return decorate
