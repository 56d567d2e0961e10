"""Pages of branch telemarketing."""

from journeys.telemarketing.views.desk import (
    lead_claim,
    lead_desk,
    lead_end,
    lead_in_hand,
    lead_next,
    lead_put_down,
    lead_release,
)
from journeys.telemarketing.views.dispositions import (
    disposition_end,
    disposition_list,
    disposition_new,
    disposition_page,
)
from journeys.telemarketing.views.lists import lead_list, lead_page
from journeys.telemarketing.views.moods import mood_move_list
from journeys.telemarketing.views.pools import (
    lead_assign,
    lead_holder,
    lead_pool,
    lead_take_back,
    pool_policy,
)
from journeys.telemarketing.views.wrapping import lead_draft, lead_wrap

__all__ = [
    "disposition_end", "disposition_list", "disposition_new", "disposition_page", "lead_assign",
    "lead_claim", "lead_desk", "lead_draft", "lead_end", "lead_holder", "lead_in_hand", "lead_list",
    "lead_next", "lead_page", "lead_pool", "lead_put_down", "lead_release", "lead_take_back",
    "lead_wrap", "mood_move_list", "pool_policy",
]  # fmt: skip
