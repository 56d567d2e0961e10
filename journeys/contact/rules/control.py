"""What a control group of the bank may be."""

import datetime as dt

from django.utils.translation import gettext as _

# In thousandths of all persons: above 15 % a bank gives up more than it learns.
MOST_CONTROL = 150
# In days: two years. Whoever is in it hears of nothing for so long; then it is drawn anew.
LONGEST_CONTROL = 731


def control_fault(
    *, starts: dt.date, ends: dt.date, permille: int, today: dt.date
) -> tuple[str, str]:
    """This will say what is wrong with a control group from `starts` until before `ends`: the
    field, and a sentence; two empty texts where nothing is."""
    if starts < today:
        return "starts_date", _("{day} has passed; a rule cannot change past days.").format(
            day=starts
        )
    if ends <= starts:
        return "ends_date", _("The last day comes before the first.")
    if (ends - starts).days > LONGEST_CONTROL:
        return "ends_date", _("Two years at most; after that, draw a new one.")
    if not 0 <= permille <= MOST_CONTROL:
        return "percent", _("From 0 to {most} percent.").format(most=MOST_CONTROL // 10)
    return "", ""
