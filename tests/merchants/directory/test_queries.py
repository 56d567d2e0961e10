"""Who sees which merchants, and how they are found."""

import pytest

from merchants.directory import queries
from portal.staff.access import Scope, scope_of
from tests.factories.merchants import CategoryFactory, MerchantFactory
from tests.factories.portal import BranchFactory, StaffFactory

BANK = Scope(branch_path="")


@pytest.mark.django_db
def test_a_relationship_manager_sees_the_branch_and_the_own_merchants_elsewhere() -> None:
    here, elsewhere = BranchFactory(), BranchFactory()
    manager = StaffFactory(role="relationship_manager", branch=here)
    of_branch = MerchantFactory(branch=here)
    own = MerchantFactory(branch=elsewhere, manager=manager)
    other = MerchantFactory(branch=elsewhere)
    scope = scope_of(manager)
    assert set(queries.list_merchants(scope=scope)) == {of_branch, own}
    assert queries.one_merchant(scope=scope, number=own.number) == own
    assert queries.one_merchant(scope=scope, number=other.number) is None
    assert queries.own_merchant_ids(staff_id=manager.pk) == [own.pk]


@pytest.mark.django_db
def test_a_branch_manager_sees_only_what_hangs_below() -> None:
    here, elsewhere = BranchFactory(), BranchFactory()
    below = BranchFactory(parent=here)
    rows = [MerchantFactory(branch=branch) for branch in (here, below, elsewhere)]
    scope = scope_of(StaffFactory(role="branch_manager", branch=here))
    assert set(queries.list_merchants(scope=scope)) == set(rows[:2])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ["M9", "M8"]), ("山月", ["M8"]), ("yun", ["M9"]), ("Shanyue", ["M8"]),
        ("m9", ["M9"]), ("duo", ["M9"]), ("nothing", []), ("  山月 ", ["M8"]), ("%", []),
    ],
)  # fmt: skip
def test_a_merchant_is_found_by_name_pinyin_or_number(text: str, found: list[str]) -> None:
    branch = BranchFactory()
    MerchantFactory(
        number="M9", name="云朵里", name_en="Yunduoli", name_pinyin="duo yun", branch=branch
    )
    MerchantFactory(
        number="M8", name="山月馆", name_en="Shanyue", name_pinyin="shan yue guan", branch=branch
    )
    assert [row.number for row in queries.list_merchants(scope=BANK, text=text)] == found


@pytest.mark.django_db
def test_the_list_can_be_narrowed_to_a_scenario_and_to_partners() -> None:
    car = CategoryFactory(mcc="5541", scenario="car")
    partner = MerchantFactory(is_partner=True)
    station = MerchantFactory(category=car)
    assert list(queries.list_merchants(scope=BANK, scenario="car")) == [station]
    assert list(queries.list_merchants(scope=BANK, partners_only=True)) == [partner]
