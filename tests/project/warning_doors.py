"""Pages of early warning: who may enter, what they point at, and what makes one more line there."""

from typing import Any

from campaigns.warnings.enums import State
from campaigns.warnings.models import Alert
from portal.models import Staff
from portal.staff.enums import Permission as P
from portal.staff.enums import Role
from tests.factories import portal
from tests.project.door import Door, action, page
from tests.project.listing import Listing
from tests.project.making import code
from tests.project.warning_rows import about, alert_of, appeal_of, move_of


def _mine(staff: Staff) -> dict[str, Any]:
    return {"alert_id": alert_of(owner=staff, branch=staff.branch).pk}


def _about_me(staff: Staff) -> dict[str, Any]:
    return {"alert_id": about(staff, State.LOOKING, State.CONFIRMED).pk}


DOORS: dict[str, Door] = {
    "alert_list": page(P.VIEW_WARNINGS),
    "alert_page": page(P.VIEW_WARNINGS, scoped=True),
    "alert_move": action(P.VIEW_WARNINGS, scoped=True),
    "alert_decide": action(P.VIEW_WARNINGS, scoped=True),
    "campaign_alerts": page(P.VIEW_WARNINGS),
    "alerts_about_me": page(P.VIEW_HOME),
    "alert_word": action(P.VIEW_HOME, scoped=True),
}
PLACES = {
    **dict.fromkeys(("alert_page", "alert_move", "alert_decide"), _mine),
    "alert_word": _about_me,
}


def _in_new_branch(staff: Staff, _arguments: dict[str, Any]) -> None:
    """One more to look at, and a word to decide about."""
    branch = portal.BranchFactory(parent=staff.branch)
    alert_of(owner=staff, branch=branch)
    appeal_of(alert=about(portal.StaffFactory(branch=branch), "looking", "confirmed"))


LISTS: dict[str, Listing] = {
    "alert_list": Listing(Role.COMPLIANCE, _in_new_branch),
    "alerts_about_me": Listing(
        Role.COMPLIANCE,
        lambda staff, _arguments: about(staff, "looking", "confirmed", period=code()),
    ),
    "alert_page": Listing(
        Role.COMPLIANCE,
        lambda _staff, arguments: [
            move_of(alert=Alert.objects.get(pk=arguments["alert_id"]), to_state=to)
            for to in ("looking", "open")
        ],
        _mine,
    ),
}
