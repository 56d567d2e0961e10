"""Addresses of promotion money, below /merchants/funds/."""

from django.urls import path

from merchants.allocation import views

urlpatterns = [
    path("", views.fund_list, name="fund_list"),
    path("new/", views.fund_new, name="fund_new"),
    path("of/<int:partnership_id>/", views.partnership_funds, name="partnership_funds"),
    path("<int:plan_id>/", views.fund_page, name="fund_page"),
    path("<int:plan_id>/edit/", views.fund_edit, name="fund_edit"),
    path("<int:plan_id>/partners/", views.fund_partners, name="fund_partners"),
    path("<int:plan_id>/share/", views.fund_share, name="fund_share"),
    path("<int:plan_id>/unshare/<int:share_id>/", views.fund_unshare, name="fund_unshare"),
    path("<int:plan_id>/solve/", views.fund_solve, name="fund_solve"),
    path("<int:plan_id>/amend/", views.fund_amend, name="fund_amend"),
    path("<int:plan_id>/submit/", views.fund_submit, name="fund_submit"),
    path("<int:plan_id>/withdraw/", views.fund_withdraw, name="fund_withdraw"),
    path("line/<int:line_id>/", views.fund_line, name="fund_line"),
    path("line/<int:line_id>/remove/", views.fund_line_remove, name="fund_line_remove"),
    path("line/<int:line_id>/ledger/", views.fund_ledger, name="fund_ledger"),
    path("line/<int:line_id>/ledger/<str:kind>/", views.fund_book, name="fund_book"),
]
