"""Pages of branch telemarketing."""

from journeys.telemarketing.views.conversion import lead_conversion
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
from journeys.telemarketing.views.facts import fact_list, fact_new, fact_page, fact_withdraw
from journeys.telemarketing.views.lists import lead_list, lead_page
from journeys.telemarketing.views.merges import lead_merge_undo, lead_new, lead_same, lead_same_list
from journeys.telemarketing.views.moods import mood_move_list
from journeys.telemarketing.views.own_calls import my_call, my_call_dispute, my_calls_list
from journeys.telemarketing.views.pools import (
    lead_assign,
    lead_holder,
    lead_pool,
    lead_take_back,
    pool_policy,
)
from journeys.telemarketing.views.quality import (
    quality_case,
    quality_decide,
    quality_list,
    quality_read,
    quality_results,
)
from journeys.telemarketing.views.quality_rules import quality_form, quality_rules
from journeys.telemarketing.views.screen import call_dial, call_facts, call_number, call_screen
from journeys.telemarketing.views.scripts import (
    call_script,
    script_list,
    script_new,
    script_page,
    script_withdraw,
)
from journeys.telemarketing.views.watching import (
    lead_watch,
    watch_people,
    watch_queue,
    watch_results,
)
from journeys.telemarketing.views.wrapping import lead_draft, lead_wrap

__all__ = [
    "call_dial", "call_facts", "call_number", "call_screen", "call_script", "disposition_end",
    "disposition_list", "disposition_new", "disposition_page", "fact_list", "fact_new", "fact_page",
    "fact_withdraw", "lead_assign", "lead_claim", "lead_conversion", "lead_desk", "lead_draft",
    "lead_end", "lead_holder", "lead_in_hand", "lead_list", "lead_merge_undo", "lead_new",
    "lead_next", "lead_page", "lead_pool", "lead_put_down", "lead_release", "lead_same",
    "lead_same_list", "lead_take_back", "lead_watch", "lead_wrap", "mood_move_list", "my_call",
    "my_call_dispute", "my_calls_list", "pool_policy", "quality_case", "quality_decide",
    "quality_form", "quality_list", "quality_read", "quality_results", "quality_rules",
    "script_list", "script_new", "script_page", "script_withdraw", "watch_people", "watch_queue",
    "watch_results",
]  # fmt: skip
