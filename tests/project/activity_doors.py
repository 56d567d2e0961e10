"""The doors of active and sleeping cards: a part of the table in doors.py."""

from portal.staff.enums import Permission as P
from tests.project.door import Door, action, page

DOORS: dict[str, Door] = {
    "activity_page": page(P.VIEW_STAGES),
    "sleeping_list": page(P.VIEW_CUSTOMERS),
    "activity_snapshots": page(P.VIEW_STAGES),
    "activity_proofs": page(P.VIEW_STAGES),
    "activity_rules": page(P.VIEW_STAGES),
    "active_definition_new": page(P.KEEP_ACTIVITY),
    "sleep_rule_new": page(P.KEEP_ACTIVITY),
    "design_waking": action(P.EDIT_CAMPAIGNS),
}
