from django.urls import path

from reports.views import home, public, results

app_name = "reports"
urlpatterns = [
    path("", public.public_home, name="public-home"),
    path("viec-cua-toi/", home.home, name="home"),
    path("ket-qua/", results.result_list, name="result-list"),
    path("don-vi-duoc-cong-nhan/", public.recognised_list, name="recognised-list"),
    path("c/", public.certificate_check_form, name="certificate-check-form"),
    path("c/<str:code>/", public.certificate_check, name="certificate-check"),
]
