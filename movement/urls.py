from django.urls import path

from movement.views import campaign, committee, registration

app_name = "movement"

campaign_urls = [
    path("dot/", campaign.campaign_list, name="campaign-list"),
    path("dot/moi/", campaign.campaign_create, name="campaign-create"),
    path("dot/<int:pk>/", campaign.campaign_detail, name="campaign-detail"),
    path("dot/<int:pk>/sua/", campaign.campaign_edit, name="campaign-edit"),
]
registration_urls = [
    path("dang-ky/", registration.registration_list, name="registration-list"),
    path("dang-ky/<int:pk>/", registration.registration_detail, name="registration-detail"),
    path("dang-ky/<int:pk>/soan/", registration.registration_edit, name="registration-edit"),
    path("dang-ky/<int:pk>/ty-le-ho/", registration.registration_share, name="registration-share"),
    path("dang-ky/<int:pk>/xem-truoc/", registration.registration_preview, name="registration-preview"),
    path("dang-ky/<int:pk>/trinh-ky/", registration.registration_prepare, name="registration-prepare"),
    path("dang-ky/<int:pk>/chua-ky/", registration.registration_decline, name="registration-decline"),
    path("dang-ky/<int:pk>/ky/", registration.registration_sign, name="registration-sign"),
    path("dang-ky/<int:pk>/tiep-nhan/", registration.registration_receive, name="registration-receive"),
    path("dang-ky/<int:pk>/tra-lai/", registration.registration_return, name="registration-return"),
    path("dang-ky/<int:pk>/giay-da-ky/", registration.registration_paper, name="registration-paper"),
    path("cam-ket/<int:pk>/", registration.commitment_file, name="commitment-file"),
    path("cam-ket/<int:pk>/kiem-tra/", registration.commitment_verify, name="commitment-verify"),
]
committee_urls = [
    path("ban-chi-dao/", committee.committee_list, name="committee-list"),
    path("ban-chi-dao/moi/<int:authority_pk>/", committee.committee_create, name="committee-create"),
    path("ban-chi-dao/<int:pk>/", committee.committee_detail, name="committee-detail"),
    path("ban-chi-dao/<int:pk>/sua/", committee.committee_edit, name="committee-edit"),
    path("ban-chi-dao/<int:pk>/thanh-vien/moi/", committee.member_create, name="member-create"),
    path("ban-chi-dao/<int:pk>/thanh-vien/<int:member_pk>/", committee.member_edit, name="member-edit"),
]
urlpatterns = [*campaign_urls, *registration_urls, *committee_urls]
