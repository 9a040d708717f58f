from django.urls import path

from units.views import applications, registration, registry

app_name = "units"
urlpatterns = [
    path("dang-ky-don-vi/", registration.application_start, name="application-start"),
    path("dang-ky-don-vi/noi-dong/", registration.application_place, name="application-place"),
    path("dang-ky-don-vi/thong-tin/", registration.application_facts, name="application-facts"),
    path("dang-ky-don-vi/khong-thuoc-doi-tuong/", registration.application_excluded, name="application-excluded"),
    path("dang-ky-don-vi/nguoi-dung-dau/", registration.application_head, name="application-head"),
    path("dang-ky-don-vi/tai-khoan/", registration.application_account, name="application-account"),
    path("dang-ky-don-vi/kiem-tra/", registration.application_check, name="application-check"),
    path("dang-ky-don-vi/<int:pk>/da-gui/", registration.application_sent, name="application-sent"),
    path("dang-ky-don-vi/<int:pk>/sua/", registration.application_correct, name="application-correct"),
    path("xac-nhan-don-vi/", applications.application_list, name="application-list"),
    path("xac-nhan-don-vi/<int:pk>/", applications.application_detail, name="application-detail"),
    path("xac-nhan-don-vi/<int:pk>/xac-nhan/", applications.application_confirm, name="application-confirm"),
    path("xac-nhan-don-vi/<int:pk>/tu-choi/", applications.application_refuse, name="application-refuse"),
    path("don-vi/", registry.unit_list, name="unit-list"),
    path("don-vi/them/", registry.unit_create, name="unit-create"),
    path("don-vi/<int:pk>/", registry.unit_detail, name="unit-detail"),
    path("tai-khoan/cua-toi/", registry.account, name="account"),
]
