"""Addresses of negotiations, below /merchants/negotiations/."""

from django.urls import path

from merchants.negotiation import views

urlpatterns = [
    path("", views.negotiation_list, name="negotiation_list"),
    path("renewals/", views.renewal_calendar, name="renewal_calendar"),
    path("reminders/<int:reminder_id>/", views.reminder_dismiss, name="reminder_dismiss"),
    path(
        "of/<int:partnership_id>/", views.partnership_negotiations, name="partnership_negotiations"
    ),
    path("of/<int:partnership_id>/new/", views.negotiation_new, name="negotiation_new"),
    path("<int:negotiation_id>/", views.negotiation_page, name="negotiation_page"),
    path("<int:negotiation_id>/move/", views.negotiation_move, name="negotiation_move"),
    path("<int:negotiation_id>/offer/", views.offer_new, name="offer_new"),
    path("<int:negotiation_id>/figure/", views.figure_new, name="figure_new"),
    path("<int:negotiation_id>/sign/", views.negotiation_sign, name="negotiation_sign"),
    path("<int:negotiation_id>/withdraw/", views.terms_withdraw, name="terms_withdraw"),
]
