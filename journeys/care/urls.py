"""Addresses of cases and complaints."""

from django.urls import path

from journeys.care import views

urlpatterns = [
    path("complaints/", views.complaint_list, name="complaint_list"),
    path("complaints/new/", views.complaint_new, name="complaint_new"),
    path("complaints/causes/", views.complaint_causes, name="complaint_causes"),
    path("complaints/causes/search/", views.cause_search, name="cause_search"),
    path("complaints/<str:number>/", views.complaint_page, name="complaint_page"),
    path("complaints/<str:number>/answer/", views.complaint_answer, name="complaint_answer"),
    path("complaints/<str:number>/extend/", views.complaint_extend, name="complaint_extend"),
    path("complaints/<str:number>/close/", views.complaint_close, name="complaint_close"),
    path("complaints/<str:number>/reopen/", views.complaint_reopen, name="complaint_reopen"),
    path("cases/", views.case_list, name="case_list"),
    path("cases/new/", views.case_new, name="case_new"),
    path("cases/<str:number>/", views.case_page, name="case_page"),
    path("cases/<str:number>/close/", views.case_close, name="case_close"),
    path("customers/<str:number>/care/", views.customer_care, name="customer_care"),
]
