"""Reading alerts, what they are about, and the limits they go by."""

from campaigns.warnings.queries.alerts import (
    about,
    alerts_of_campaign,
    history_of,
    judges_of,
    list_alerts,
    one_alert,
    people_who_look,
    stopped_of,
    waiting_appeals,
    waiting_for,
)
from campaigns.warnings.queries.limits import action_on, limits_on, rules_on
from campaigns.warnings.queries.lines import Line, lines_of, said
from campaigns.warnings.queries.naming import merchant_of
from campaigns.warnings.queries.precision import precision

__all__ = [
    "Line", "about", "action_on", "alerts_of_campaign", "history_of", "judges_of",
    "limits_on", "lines_of", "list_alerts", "merchant_of", "one_alert", "people_who_look",
    "precision", "rules_on", "said", "stopped_of", "waiting_appeals", "waiting_for",
]  # fmt: skip
