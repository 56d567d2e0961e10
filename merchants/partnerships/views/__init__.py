"""The pages of partnerships."""

from merchants.partnerships.views.handing import partnership_hand_over
from merchants.partnerships.views.lists import (
    merchant_partnership,
    partnership_board,
    partnership_list,
    partnership_mine,
)
from merchants.partnerships.views.pages import (
    partnership_move,
    partnership_new,
    partnership_page,
    partnership_withdraw,
    suggestion_decline,
    task_settle,
)
from merchants.partnerships.views.playbooks import (
    partnership_moves,
    playbook_edit,
    playbook_list,
)

__all__ = [
    "merchant_partnership", "partnership_board", "partnership_hand_over", "partnership_list",
    "partnership_mine", "partnership_move", "partnership_moves", "partnership_new",
    "partnership_page", "partnership_withdraw", "playbook_edit", "playbook_list",
    "suggestion_decline", "task_settle",
]  # fmt: skip
