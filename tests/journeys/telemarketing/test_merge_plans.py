"""Whoever comes is looked for by indexes, however many leads there are."""

import json
from typing import Any

import pytest
from django.db import connection

from journeys.models import Lead
from tests.factories.journeys import LeadFactory
from tests.factories.leads import fill_pool
from tests.factories.portal import BranchFactory

pytestmark = pytest.mark.django_db
BY_PHONE = """
SELECT id FROM journeys_lead AS lead
WHERE lead.callee = %s AND lead.state IN ('new', 'working') ORDER BY id LIMIT 1
"""
BY_LOOKS = """
SELECT seen.id FROM journeys_lead AS seen
WHERE seen.alike = %s AND seen.state IN ('new', 'working') AND seen.id < %s
  AND seen.number NOT LIKE 'M-%%' ORDER BY seen.id LIMIT 1
"""


def plan_of(statement: str, *values: Any) -> str:
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (FORMAT JSON) " + statement, values)
        return json.dumps(cursor.fetchone()[0])


def test_newcomers_are_found_by_index_and_few_pages_are_read() -> None:
    branch = BranchFactory()
    fill_pool(branch)
    one = Lead.objects.get(number="B777")
    assert "lead_callee" in plan_of(BY_PHONE, bytes(one.callee or b"")) or (
        "lead_one_open_of_phone" in plan_of(BY_PHONE, bytes(one.callee or b""))
    )
    assert "lead_alike" in plan_of(BY_LOOKS, bytes(one.alike or b""), one.pk + 10**6)
    came = LeadFactory(branch=branch, phone="15400000001", callee=one.callee, alike=one.alike)
    with connection.cursor() as cursor:
        cursor.execute(
            "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT journeys_sort_leads(%s, now())",
            [[came.pk]],
        )
        found = cursor.fetchone()[0][0]["Plan"]
    came.refresh_from_db()
    assert came.state == "merged"
    assert found["Shared Hit Blocks"] + found["Shared Read Blocks"] < 3000
