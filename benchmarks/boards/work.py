"""What waits and what is counted, in a bank of many branches: leads with promises, months of
branches, and accounts of campaigns with the sums of their days."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from portal.kit import clock

CAMPAIGNS = 12
_MONTHS = 13
# One lead in fifty was promised a call, half of those in the days before, half within the day.
_LEADS = """
INSERT INTO journeys_lead (number, kind, name, company, phone_sealed, phone_index, phone_masked,
    callee, source, lawful_basis, branch_id, state, created_at, reason, moved, priority, attempts,
    campaign, basis_words, alike, is_sole, promised_at, call_from)
SELECT 'W' || i, 'person', '王小明', '', 's', 'i', '', substring(sha256(('w' || i)::bytea), 1, 16),
    (ARRAY['registry', 'post', 'referral'])[1 + i %% 3], 'public_data', place.id, 'new',
    %(at)s::timestamptz - i %% 40 * interval '1 day', '', 0, i %% 101, 0, '', '',
    substring(sha256(('v' || i)::bytea), 1, 16), TRUE, due.at, due.at
FROM generate_series(1, %(leads)s) AS i
JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS number
      FROM portal_branch) AS place ON place.place = i %% place.number
CROSS JOIN LATERAL (SELECT CASE WHEN i %% 50 = 0 THEN
    %(at)s::timestamptz + (i %% 96 - 48) * interval '30 minutes' END AS at) AS due
"""
# Of a call that is not there: only what the promise says is read.
_PROMISES = """
SET LOCAL session_replication_role = replica;
INSERT INTO journeys_callback (call_id, lead_id, owner_id, why, made_at, promised_at, "end")
SELECT -id, id, (SELECT min(id) FROM portal_staff), 'promised', promised_at - interval '1 day',
    promised_at, ''
FROM journeys_lead WHERE promised_at IS NOT NULL;
SET LOCAL session_replication_role = origin;
"""
_ERA = """
INSERT INTO campaigns_eramonth (branch_id, month, cards, pulled, batched, brought, customers,
    reached, spent, placed, at_partners)
SELECT b.id, (date_trunc('month', %(on)s::date) - m * interval '1 month')::date,
    20 + (b.id + m) %% 30, 5, 5, 2, 400, 100, 90000 + (b.id * 31 + m * 7) %% 5000, 60000, 9000
FROM portal_branch b, generate_series(1, %(months)s) m ON CONFLICT DO NOTHING
"""
_PLAN = """
code: boards-{number}
name: 活动 {number}
name_en: Campaign {number}
objective: activate
stage: activation
era: "2.0"
products: [GOLD]
issued_from: {first}
issued_to: {end}
rule: {{all: [{{kind: issued_within, days: 20}}, {{kind: activated}}]}}
rewards: {{tiers: [{{code: gift, kind: gift, name: gift, name_en: gift, value: 10.00}}]}}
channels: [sms]
template: first_gift
"""


def fill(*, leads: int, at: dt.datetime) -> None:
    """This will write them, in the branches that there are."""
    with connection.cursor() as cursor:
        cursor.execute(_LEADS, {"leads": leads, "at": at})
        cursor.execute(_ERA, {"on": clock.bank_day(at), "months": _MONTHS})
    _fill_accounts(clock.bank_day(at))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_PROMISES)
    tables = ("journeys_lead", "journeys_callback", "campaigns_eramonth", "campaigns_budgetlimit")
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ANALYZE {table}")


def _fill_accounts(on: dt.date) -> None:
    from campaigns.models import BudgetBook, BudgetLimit
    from campaigns.planning import operations as planning
    from journeys.outreach import operations as outreach
    from portal.models import Branch, Staff

    owner, _made = Staff.objects.get_or_create(
        username="boards-owner", staff_number="BO", name="活动经理", role="campaign_manager",
        branch=Branch.objects.filter(parent=None).get(),
    )  # fmt: skip
    at = clock.start_of(on)
    outreach.ensure_default_templates(at=at)
    for number in range(CAMPAIGNS):
        text = _PLAN.format(number=number, first=on, end=on + dt.timedelta(days=90))
        version = planning.load_campaign(text=text, owner=owner, at=at)
        book = BudgetBook.objects.create(campaign=version.campaign, version=version, opened_at=at)
        BudgetLimit.objects.bulk_create(_limits(book, on))


def _limits(book: Any, on: dt.date) -> list[Any]:
    from campaigns.models import BudgetLimit

    days = [on - dt.timedelta(days=ago) for ago in range(365)]
    whole, each = Decimal(1_000_000), Decimal(2_000)
    return [
        BudgetLimit(book=book, kind="campaign", key="", planned=whole, most=whole,
                    used=each * len(days)),
        *(BudgetLimit(book=book, kind="day", key=f"{day}", used=each) for day in days),
    ]  # fmt: skip
