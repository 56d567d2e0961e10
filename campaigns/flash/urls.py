"""Addresses of flash redemption for customers' channels, below /api/v1/flash/."""

from django.urls import path

from campaigns.flash.views import api

urlpatterns = [
    path("<int:sale_id>/", api.show_sale, name="api_flash_sale"),
    path("<int:sale_id>/claims/", api.claim, name="api_flash_claim"),
    path("<int:sale_id>/confirmations/", api.confirm, name="api_flash_confirm"),
    path("<int:sale_id>/standings/", api.show_claim, name="api_flash_standing"),
]
