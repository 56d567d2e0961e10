"""Who sees which imports."""

import pytest

from portal.intake import queries
from portal.models import ImportBatch
from portal.staff.access import Scope, scope_of
from tests.factories.intake import AT
from tests.factories.portal import BranchFactory, StaffFactory

pytestmark = pytest.mark.django_db


def test_a_branch_sees_its_own_imports_and_the_bank_sees_all() -> None:
    here, there = BranchFactory(), BranchFactory()
    mine = StaffFactory(branch=here)
    makers = [mine, StaffFactory(branch=there), None]
    own, other, nobody = (
        ImportBatch.objects.create(kind="cards", file_name="a.csv", started_at=AT, by=maker)
        for maker in makers
    )
    assert list(queries.list_batches(scope=scope_of(mine))) == [nobody, other, own]
    assert list(queries.list_batches(scope=Scope(branch_path=here.path))) == [own]
