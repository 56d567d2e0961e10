"""Below /api/, after all that there is: what there is not."""

from django.urls import re_path

from portal.intake import access

urlpatterns = [re_path("", access.unknown_address, name="api_unknown")]
