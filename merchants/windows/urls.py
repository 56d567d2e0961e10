"""Addresses of windows, meetings and promises, below /merchants/partnerships/windows/."""

from django.urls import path

from merchants.windows import views

urlpatterns = [
    path("<int:partnership_id>/", views.window_page, name="window_page"),
    path("<int:partnership_id>/part/", views.partnership_window, name="partnership_window"),
    path("<int:partnership_id>/notes/", views.note_new, name="note_new"),
    path("<int:partnership_id>/promises/", views.promise_new, name="promise_new"),
    path("<int:partnership_id>/meetings/", views.meeting_new, name="meeting_new"),
    path("notes/<int:note_id>/", views.note_page, name="note_page"),
    path("promises/<int:promise_id>/<str:step>/", views.promise_settle, name="promise_settle"),
    path("meetings/", views.meeting_list, name="meeting_list"),
    path("meetings/<int:meeting_id>/", views.meeting_page, name="meeting_page"),
    path("meetings/<int:meeting_id>/change/", views.meeting_change, name="meeting_change"),
    path("meetings/<int:meeting_id>/held/", views.meeting_held, name="meeting_held"),
    path("meetings/<int:meeting_id>/call-off/", views.meeting_call_off, name="meeting_call_off"),
]
