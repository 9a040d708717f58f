from django.urls import include, path, re_path

from core import http

# An address is kept by the registration or by an administrator: allauth's pages for changing it would take any, unrecorded.
NOT_OFFERED = r"^tai-khoan/(?:email|confirm-email|login/code)/"

urlpatterns = [
    re_path(NOT_OFFERED, http.not_offered),
    path("", include("reports.urls")),
    path("", include("core.urls")),
    path("tai-khoan/", include("allauth.account.urls")),
    path("", include("units.urls")),
    path("", include("movement.urls")),
    path("", include("directives.urls")),
    path("", include("evaluations.urls")),
]

handler400 = http.bad_request
handler403 = http.forbidden
handler404 = http.not_found
handler500 = http.server_error
