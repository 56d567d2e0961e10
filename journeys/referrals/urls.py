"""Addresses of referrals."""

from django.urls import path

from journeys.referrals import views

urlpatterns = [
    path("referrals/", views.referral_list, name="referral_list"),
    path(
        "referrals/<int:referral_id>/withdraw/", views.referral_withdraw, name="referral_withdraw"
    ),
    path("referrals/new/", views.referral_new, name="referral_new"),
]
