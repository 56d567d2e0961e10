"""Which of the demo bank's applications and leads were won at posts."""

from django.db import connection

from journeys.telemarketing.models import Lead
from merchants.posts import queries
from portal.staff.access import Scope

# Of the applications that name a merchant with a post, those filed on a day on which somebody stood
# there; and of all others filed there on any day of the rota, two in three, by their number.
_APPLICATIONS = """
    UPDATE journeys_application a SET post_id = p.id
    FROM merchants_post p JOIN merchants_store s ON s.id = p.store_id
    WHERE a.merchant_id = s.merchant_id AND a.post_id IS NULL
      AND a.filed_date BETWEEN p.first_date AND p.last_date
      AND (a.id % 3 > 0 OR EXISTS (
          SELECT FROM merchants_shift t WHERE t.post_id = p.id AND t.on_date = a.filed_date))
"""


def link_posts() -> int:
    """This will say of applications and leads at which post they were won, and return how many
    applications those were."""
    with connection.cursor() as cursor:
        cursor.execute(_APPLICATIONS)
        count = cursor.rowcount
    by_branch: dict[int, list[int]] = {}
    for post in queries.all_posts(scope=Scope(branch_path="")):
        by_branch.setdefault(post.branch_id, []).append(post.pk)
    leads = Lead.objects.filter(source="post", branch__in=by_branch).order_by("id")
    changed = []
    for place, lead in enumerate(leads):
        own = by_branch[lead.branch_id]
        lead.post_id = own[place % len(own)]
        changed.append(lead)
    Lead.objects.bulk_update(changed, ["post"], batch_size=500)
    return count
