"""Pages of message texts."""

from campaigns.texts.views.pages import text_list, text_of, text_page, text_withdraw
from campaigns.texts.views.writing import text_look, text_new, text_start, text_test

__all__ = [
    "text_list", "text_look", "text_new", "text_of", "text_page", "text_start", "text_test",
    "text_withdraw",
]  # fmt: skip
