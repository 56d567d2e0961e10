"""Writing posts, who may stand there, and what happens there."""

from merchants.posts.operations.keeping import PostFacts, change_post, open_post, set_cost
from merchants.posts.operations.people import (
    cancel_absence,
    record_absence,
    record_qualification,
    withdraw_qualification,
)
from merchants.posts.operations.planning import cancel_shift, plan_shift
from merchants.posts.operations.refusing import SENTENCES, PostRefused
from merchants.posts.operations.standing import (
    check_in,
    check_out,
    close_forgotten,
    count_one,
    tick_task,
)

__all__ = [
    "SENTENCES", "PostFacts", "PostRefused", "cancel_absence", "cancel_shift", "change_post",
    "check_in", "check_out", "close_forgotten", "count_one", "open_post", "plan_shift",
    "record_absence", "record_qualification", "set_cost", "tick_task", "withdraw_qualification",
]  # fmt: skip
