"""Addresses of partnerships, below /merchants/partnerships/."""

from django.urls import path

from merchants.partnerships import views

urlpatterns = [
    path("", views.partnership_list, name="partnership_list"),
    path("board/", views.partnership_board, name="partnership_board"),
    path("mine/", views.partnership_mine, name="partnership_mine"),
    path("moves/", views.partnership_moves, name="partnership_moves"),
    path("playbooks/", views.playbook_list, name="playbook_list"),
    path("playbooks/<str:phase>/", views.playbook_edit, name="playbook_edit"),
    path("new/<str:number>/", views.partnership_new, name="partnership_new"),
    path("of/<str:number>/", views.merchant_partnership, name="merchant_partnership"),
    path("<int:partnership_id>/", views.partnership_page, name="partnership_page"),
    path("<int:partnership_id>/move/", views.partnership_move, name="partnership_move"),
    path(
        "<int:partnership_id>/hand-over/",
        views.partnership_hand_over,
        name="partnership_hand_over",
    ),
    path("<int:partnership_id>/withdraw/", views.partnership_withdraw, name="partnership_withdraw"),
    path("<int:partnership_id>/decline/", views.suggestion_decline, name="suggestion_decline"),
    path("tasks/<int:task_id>/<str:step>/", views.task_settle, name="task_settle"),
]
