"""How often each kind of warning was right."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Count

from campaigns.warnings.enums import Kind
from campaigns.warnings.queries.alerts import list_alerts
from portal.kit import fewest
from portal.kit.shares import Share
from portal.staff.access import Scope
from portal.staff.models import Staff

# What was judged last in each round counts; a word that was upheld makes it a false one.
_JUDGED = """
SELECT alert.kind, count(*) FILTER (WHERE judged.to_state = 'confirmed' AND upheld.id IS NULL)::int,
    count(*)::int
FROM (SELECT DISTINCT ON (alert_id, round) alert_id, round, to_state FROM campaigns_alertmove
      WHERE to_state IN ('confirmed', 'dismissed') ORDER BY alert_id, round, id DESC) judged
JOIN campaigns_alert alert ON alert.id = judged.alert_id
LEFT JOIN campaigns_appeal upheld ON upheld.alert_id = judged.alert_id
    AND upheld.round = judged.round AND upheld.is_upheld
GROUP BY alert.kind
"""


@dataclass(frozen=True)
class Precision:
    """Of a kind: how many of the alerts that were judged were right, and how many wait."""

    kind: Kind
    share: Share
    waiting: int

    @property
    def is_untold(self) -> bool:
        """Whether too few were judged to say anything."""
        return self.share.whole < fewest.FEWEST


def precision(*, scope: Scope, reader: Staff) -> list[Precision]:
    """This will count of all kinds, in their own order and not by rank, how many alerts of those
    that people of the whole bank judged were confirmed, and how many wait that the reader may
    see."""
    with connection.cursor() as cursor:
        cursor.execute(_JUDGED)
        judged = {kind: Share(of, whole) for kind, of, whole in cursor.fetchall()}
    rows = list_alerts(scope=scope, reader=reader, state="waiting").order_by().values("kind")
    waiting = dict(rows.annotate(number=Count("pk")).values_list("kind", "number"))
    return [
        Precision(kind, judged.get(kind.value, Share(0, 0)), waiting.get(kind.value, 0))
        for kind in Kind
    ]
