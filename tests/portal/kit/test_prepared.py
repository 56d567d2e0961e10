import pytest
from django.db import ProgrammingError, connection, transaction

from portal.kit import prepared
from portal.models import Branch
from tests.factories.portal import BranchFactory

pytestmark = pytest.mark.django_db

_CODES = "SELECT code FROM portal_branch WHERE id = ANY(%(ids)s::bigint[]) ORDER BY code"


def _planned(sql: str) -> int:
    with connection.cursor() as cursor:
        named = sql.replace("%(ids)s", "$1")
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement = %s", [named])
        return int(cursor.fetchone()[0])


def test_it_reads_in_the_transaction_and_is_planned_once() -> None:
    branch = BranchFactory(code="B77")  # not committed
    for _time in range(3):
        assert prepared.fetch(_CODES, {"ids": [branch.pk, -1]}) == [("B77",)]
    assert _planned(_CODES) == 1


def test_many_rows_have_a_plan_of_their_own() -> None:
    branch, sql = BranchFactory(code="B78"), _CODES.replace("code", "code ", 1)
    many = [branch.pk, *range(-prepared.FEW, 0)]
    assert prepared.fetch_about(len(many), sql, {"ids": many}) == [("B78",)]
    assert _planned(sql) == 0
    assert prepared.fetch_about(1, sql, {"ids": [branch.pk]}) == [("B78",)]
    assert _planned(sql) == 1


def test_what_the_database_refuses_comes_as_from_any_other_statement() -> None:
    with pytest.raises(ProgrammingError), transaction.atomic():
        prepared.fetch("SELECT nothing FROM portal_branch", {})
    assert Branch.objects.count() >= 0  # the transaction goes on
