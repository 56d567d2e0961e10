"""Addresses of requests about data."""

from django.urls import path

from journeys.rights import views

urlpatterns = [
    path("rights/", views.rights_list, name="rights_list"),
    path("rights/new/", views.rights_new, name="rights_new"),
    path("rights/find/", views.rights_find, name="rights_find"),
    path("rights/<str:number>/", views.rights_page, name="rights_page"),
    path("rights/<str:number>/identity/", views.rights_identity, name="rights_identity"),
    path("rights/<str:number>/copy/", views.rights_copy, name="rights_copy"),
    path("rights/<str:number>/correct/", views.rights_correct, name="rights_correct"),
    path("rights/<str:number>/erase/", views.rights_erase, name="rights_erase"),
    path("rights/<str:number>/again/", views.rights_again, name="rights_again"),
    path("rights/<str:number>/object/", views.rights_object, name="rights_object"),
    path("rights/<str:number>/finish/", views.rights_finish, name="rights_finish"),
    path("rights/<str:number>/refuse/", views.rights_refuse, name="rights_refuse"),
]
