"""What the page of a run says beside its figures."""

from typing import Any

import pytest
from django.utils import translation

from campaigns.eligibility import panels, queries
from portal.staff.access import scope_of
from tests.factories.campaigns import TIER, card_in_use, draft, dry_run
from tests.factories.merchants import MerchantFactory
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db


def test_who_bears_the_cost_is_named_in_the_readers_language() -> None:
    MerchantFactory(number="M1", name="咖啡店", name_en="The Coffee Shop")
    version = draft(
        merchants=["M1"], rewards={"tiers": [TIER]},
        budget={"total": "100.00", "shares": {"bank": "60", "M1": "40"}},
    )  # fmt: skip
    card_in_use()
    run: Any = queries.find_run(dry_run(version).pk)
    found = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            shown = panels.figures(run, scope=scope_of(StaffFactory(role="campaign_manager")))
            (table,) = [one for one in shown["tables"] if len(one["rows"]) == 2]
        found[language] = {name for name, _count, _amount in table["rows"]}
    assert {"咖啡店"} < found["zh-hans"]
    assert {"The Coffee Shop"} < found["en"]
