"""Pages of branch telemarketing."""

from journeys.telemarketing.views.conversion import lead_conversion
from journeys.telemarketing.views.desk import (
    lead_call,
    lead_claim,
    lead_desk,
    lead_end,
    lead_in_hand,
    lead_next,
    lead_put_down,
    lead_release,
)
from journeys.telemarketing.views.lists import lead_list, lead_page
from journeys.telemarketing.views.merges import (
    lead_merge_undo,
    lead_new,
    lead_same,
    lead_same_list,
)
from journeys.telemarketing.views.pools import (
    lead_assign,
    lead_holder,
    lead_pool,
    lead_take_back,
    pool_policy,
)

__all__ = [
    "lead_assign", "lead_call", "lead_claim", "lead_conversion", "lead_desk", "lead_end",
    "lead_holder", "lead_in_hand", "lead_list", "lead_merge_undo", "lead_new", "lead_next",
    "lead_page", "lead_pool", "lead_put_down", "lead_release", "lead_same", "lead_same_list",
    "lead_take_back", "pool_policy",
]  # fmt: skip
