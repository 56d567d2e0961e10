"""The pages of posts."""

from merchants.posts.views.keeping import post_cost, post_edit, post_new
from merchants.posts.views.lists import (
    merchant_posts,
    post_list,
    post_page,
    post_results,
    post_rota,
)
from merchants.posts.views.people import (
    absence_cancel,
    absence_new,
    post_staff_list,
    qualification_new,
    qualification_withdraw,
)
from merchants.posts.views.shifts import (
    post_mine,
    shift_cancel,
    shift_new,
    shift_page,
    shift_step,
)

__all__ = [
    "absence_cancel", "absence_new", "merchant_posts", "post_cost", "post_edit", "post_list",
    "post_mine", "post_new", "post_page", "post_results", "post_rota", "post_staff_list",
    "qualification_new", "qualification_withdraw", "shift_cancel", "shift_new", "shift_page",
    "shift_step",
]  # fmt: skip
