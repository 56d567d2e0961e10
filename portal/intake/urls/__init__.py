"""Addresses of the pages about imports; those of the JSON API stand in `api`."""

from django.urls import path

from portal.intake.views import batches, tokens, uploads

urlpatterns = [
    path("", batches.import_list, name="import_list"),
    path("kinds/", batches.import_kinds, name="import_kinds"),
    path("tokens/", tokens.token_list, name="token_list"),
    path("tokens/new/", tokens.token_new, name="token_new"),
    path("tokens/<int:token_id>/", tokens.token_page, name="token_page"),
    path("tokens/<int:token_id>/revoke/", tokens.token_revoke, name="token_revoke"),
    path("upload/", uploads.upload_start, name="upload_start"),
    path("upload/<int:upload_id>/", uploads.upload_page, name="upload_page"),
    path("upload/<int:upload_id>/progress/", uploads.upload_progress, name="upload_progress"),
    path("upload/<int:upload_id>/import/", uploads.upload_import, name="upload_import"),
    path("upload/<int:upload_id>/errors/", uploads.upload_errors, name="upload_errors"),
]
