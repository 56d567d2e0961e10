"""Pages of long lists."""

import pytest
from django.test import RequestFactory

from portal.kit import tables
from portal.models import Branch
from tests.factories.portal import BranchFactory, head_office

pytestmark = pytest.mark.django_db


def page_of(address: str, size: int = 2) -> tables.Page:
    head_office()
    rows = Branch.objects.order_by("code")
    return tables.page_of(RequestFactory().get(address), rows, size)


def make_branches(count: int) -> None:
    for number in range(count):
        BranchFactory(code=f"A{number}")


def test_a_list_without_an_order_is_refused() -> None:
    with pytest.raises(tables.NotOrdered):
        tables.page_of(RequestFactory().get("/"), Branch.objects.all())


def test_the_first_page_knows_that_there_is_more() -> None:
    make_branches(4)
    page = page_of("/?q=a&page=1")
    assert [row.code for row in page.rows] == ["A0", "A1"]
    assert (page.number, page.has_previous, page.has_next, page.query) == (1, False, True, "q=a")


def test_the_last_page_is_the_last() -> None:
    make_branches(4)
    page = page_of("/?page=3")
    assert [row.code for row in page.rows] == ["HO"]
    assert (page.number, page.has_previous, page.has_next) == (3, True, False)


def test_a_full_last_page_has_nothing_after_it() -> None:
    make_branches(3)
    page = page_of("/?page=2")
    assert (len(page.rows), page.has_next) == (2, False)


@pytest.mark.parametrize("asked", ["", "0", "-1", "x", "1.5", "99999999", "²"])
def test_a_bad_number_is_page_one(asked: str) -> None:
    assert page_of(f"/?page={asked}").number == 1


def test_a_page_beyond_the_end_is_empty() -> None:
    page = page_of("/?page=9")
    assert (list(page.rows), page.has_next, page.has_previous) == ([], False, True)


def test_a_deep_page_is_the_same_page(monkeypatch: pytest.MonkeyPatch) -> None:
    make_branches(7)
    pages = [f"/?page={number}" for number in range(1, 6)]
    near = [page_of(address) for address in pages]
    monkeypatch.setattr(tables, "DEEP", 2)
    assert [page_of(address) for address in pages] == near
    assert [len(page.rows) for page in near] == [2, 2, 2, 2, 0]
