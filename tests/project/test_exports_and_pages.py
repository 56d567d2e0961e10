"""A file tells of customers no more than the page it was taken from: whoever may not reach a
customer gets no number of theirs, in neither."""

import io
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from journeys.stages import operations as stages
from portal.exports import queries as exports
from portal.kit.registry import registry
from portal.staff.enums import Role
from tests.factories.journeys import ApplicationFactory, CustomerFactory
from tests.factories.portal import BranchFactory, StaffFactory
from tests.portal.exports.workbooks import sheets_of
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db

# Ours; theirs, who applied for a card at our branch; theirs, who has nothing to do with us.
OURS, APPLIED, STRANGE = "C-OURS", "C-APPLIED", "C-STRANGE"


def test_each_file_names_the_customers_that_its_page_names(
    client_of: Callable[..., Client],
) -> None:
    here, there = BranchFactory(), BranchFactory()
    for number, branch in ((OURS, here), (APPLIED, there), (STRANGE, there)):
        customer = CustomerFactory(number=number, branch=branch, name="王小明")
        taken_by = there if number == STRANGE else here
        ApplicationFactory(
            customer=customer, branch=taken_by, number=f"A{number}", state="filed",
            decided_date=None,
        )  # fmt: skip
        row_of("journeys.Complaint", customer=customer, branch=taken_by)
    stages.refresh_stages()
    named: dict[str, set[str]] = {}
    for role in Role.values:
        person = StaffFactory(role=role, branch=here)
        client = client_of(person)
        for kind in registry.exportables.values():
            if not exports.may_take_out(person, kind):
                continue
            page = client.get(reverse(kind.list_url)).content.decode()
            answer = client.post(reverse("export_start", args=[kind.code]), {"reason": "对照页面"})
            file = io.BytesIO(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
            cells = set(_cells(file))
            in_file = {number for number in (OURS, APPLIED, STRANGE) if number in cells}
            in_page = {
                number
                for number in (OURS, APPLIED, STRANGE)
                if number in page.replace(f"A{number}", "")
            }
            assert in_file == in_page, (role, kind.code)
            named.setdefault(kind.code, set()).update({role} if APPLIED in in_file else set())
    assert set(named) == set(registry.exportables)
    # Whoever sees the whole bank sees that number too; the branch does not.
    assert Role.BRANCH_MANAGER not in named["open_applications"]
    assert Role.COMPLIANCE in named["open_applications"]


def _cells(file: io.BytesIO) -> list[str]:
    rows = [row for sheet in sheets_of(file).values() for row in sheet]
    return [str(cell) for row in rows for cell in row]
