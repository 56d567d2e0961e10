"""Addresses of the pages about imports; those of the JSON API stand in `api`."""

from django.urls import path

from portal.intake.views import batches, uploads

urlpatterns = [
    path("", batches.import_list, name="import_list"),
    path("kinds/", batches.import_kinds, name="import_kinds"),
    path("upload/", uploads.upload_start, name="upload_start"),
    path("upload/<int:upload_id>/", uploads.upload_page, name="upload_page"),
    path("upload/<int:upload_id>/progress/", uploads.upload_progress, name="upload_progress"),
    path("upload/<int:upload_id>/import/", uploads.upload_import, name="upload_import"),
    path("upload/<int:upload_id>/errors/", uploads.upload_errors, name="upload_errors"),
]
