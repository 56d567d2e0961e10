"""Every look at the effect of campaigns as a file: figures, no customers."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from campaigns.effect import queries
from campaigns.effect.models import EffectLook
from campaigns.planning import queries as planning
from portal.kit import tables
from portal.kit.registry import BadFilter, Exportable, Exported
from portal.staff.enums import Permission
from portal.staff.models import Staff

_ASKED = "campaign"


def _read(_staff: Staff, asked: QueryDict, _on: dt.date) -> Exported:
    code = asked.get(_ASKED, "")
    if not code:
        return Exported({}, _lines(tables.stream(queries.all_looks(), settings.EXPORT_MOST_ROWS)))
    campaign = planning.find_campaign(code)
    if campaign is None:
        raise BadFilter(gettext("There is no campaign {code}.").format(code=code))
    rows = tables.stream(queries.looks_of(campaign.pk), settings.EXPORT_MOST_ROWS)
    return Exported({_ASKED: code}, _lines(rows))


def _words_of() -> Callable[[Mapping[str, str]], list[tuple[str, str]]]:
    label = gettext("Campaign code")
    return lambda asked: [(label, value) for value in asked.values()]


def _lines(rows: Iterator[EffectLook]) -> Iterator[Sequence[Any]]:
    for row in rows:
        yield (
            row.campaign.code, row.on_date, row.get_measure_display(), row.reached_people,
            row.held_people, row.reached, row.held, row.by, row.low, row.high, row.once_low,
            row.once_high, row.relative, row.relative_low, row.relative_high,
        )  # fmt: skip


CAMPAIGN_EFFECTS = Exportable(
    code="campaign_effects",
    label=_("Effects of campaigns"),
    permission=Permission.VIEW_CAMPAIGNS,
    list_url="effect_list",
    columns=(
        (_("Campaign code"), 20), (_("Day"), 12), (_("Measure"), 26), (_("People"), 12),
        (pgettext_lazy("of a campaign", "Control group"), 14), (_("Rate or mean"), 14),
        (_("of the control group"), 14),
        (_("Lift"), 12), (_("Lower end"), 12), (_("Upper end"), 12),
        (_("Lower end, if this were the only look"), 20),
        (_("Upper end, if this were the only look"), 20), (_("Relative lift"), 12),
        (_("Lower end"), 12), (_("Upper end"), 12),
    ),
    read=_read,
    words_of=_words_of,
    is_about_customers=False,
)  # fmt: skip
