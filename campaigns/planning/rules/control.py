"""How whoever a campaign leaves out for comparison is drawn, in words; the draw itself stands in
`campaigns.eligibility.queries.control`."""

from django.utils.translation import gettext as _

from campaigns.planning.enums import ControlBy
from campaigns.planning.rules.plans import Plan


def drawn(plan: Plan, by: str) -> str:
    """This will say how a campaign draws, and that its file carries no draw; "" where it leaves
    nobody out."""
    if not plan.control_percent:
        return ""
    said = (
        _("Drawn by person.")
        if by == ControlBy.PERSON
        else _("Drawn by customer number, as it was when the campaign was first approved.")
    )
    return f"{said} {_drawn_anew()}"


def loaded(plan: Plan) -> str:
    """This will say of a campaign that came out of a file that it draws anew; "" where it leaves
    nobody out."""
    if not plan.control_percent:
        return ""
    said = _("{percent}% are left out for comparison, drawn by person.")
    return f"{said.format(percent=plan.control_percent)} {_drawn_anew()}"


def _drawn_anew() -> str:
    return _("A file does not say who is left out: loaded elsewhere, the campaign draws anew.")
