"""Addresses of the JSON API, below /api/v1/."""

from django.urls import path

from portal.intake.views import api

urlpatterns = [
    path("openapi.json", api.openapi_document, name="api_openapi"),
    path("imports/<int:batch_id>/", api.show_import, name="api_import"),
    path("imports/<slug:kind>/", api.send_rows, name="api_send_rows"),
]
