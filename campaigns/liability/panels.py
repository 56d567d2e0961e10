"""What a campaign will still have to grant, as the page of its budget shows it."""

import datetime as dt
from typing import Any

from campaigns.liability.exports import table_of
from portal.staff.access import Scope


def outlook(campaign: Any, *, scope: Scope, on: dt.date) -> dict[str, Any]:
    """This will gather the forecast, its table, and by what it goes."""
    from campaigns.liability import queries, rules

    found = queries.outlook(campaign, on=on)
    return {
        "outlook": found,
        "rows": table_of(found, campaign=campaign, scope=scope),
        "used_up": round(found.used_up),
        "covered": rules.COVERED,
        "measured": rules.MEASURED,
        "fewest": rules.FEWEST_DAYS,
        "most": rules.MOST_DAYS,
        "is_too_few": found.why in {queries.Why.TOO_FEW, queries.Why.ENDED_EARLY},
    }
