"""What a message text may hold."""

from campaigns.planning.rules import touch_linting
from journeys.outreach import rules as outreach

# What runs and touch plans bring for the texts of their messages; the check of a plan says which of
# them fit there.
VARIABLES = touch_linting.VARIABLES


def unknown_variables(*texts: str) -> list[str]:
    """This will list the variables of texts that no run brings. Raises outreach's BadTemplate."""
    return outreach.unknown_variables(VARIABLES, *texts)
