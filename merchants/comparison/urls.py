"""Addresses of the comparison, below /merchants/comparison/."""

from django.urls import path

from merchants.comparison import views

urlpatterns = [
    path("", views.comparison_list, name="comparison_list"),
    path("<int:partnership_id>/", views.comparison_page, name="comparison_page"),
    path("<int:partnership_id>/offers/", views.rival_offer_new, name="rival_offer_new"),
    path(
        "<int:partnership_id>/offers/<int:offer_id>/withdraw/",
        views.rival_offer_withdraw,
        name="rival_offer_withdraw",
    ),
]
