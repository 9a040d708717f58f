from django.urls import path

from evaluations.views import answers, appraisal, campaign, decision, dossier, evidence, session

app_name = "evaluations"

dossier_urls = [
    path("ho-so/<int:pk>/", dossier.dossier_detail, name="dossier-detail"),
    path("ho-so/<int:pk>/nhom/<int:group>/", answers.dossier_group, name="dossier-group"),
    path("ho-so/<int:pk>/lay-so-lieu/", answers.sources_refresh, name="sources-refresh"),
    path("ho-so/<int:pk>/hop/", dossier.self_review, name="self-review"),
    path("ho-so/<int:pk>/bien-ban/", dossier.self_review_file, name="self-review-file"),
    path("ho-so/<int:pk>/kiem-tra/", dossier.dossier_check, name="dossier-check"),
    path("ho-so/<int:pk>/nop/", dossier.dossier_submit, name="dossier-submit"),
    path("ho-so/<int:pk>/da-nop/", dossier.dossier_submitted, name="dossier-submitted"),
    path("ho-so/<int:pk>/bien-nhan/", dossier.receipt_file, name="receipt-file"),
    path("ho-so/<int:pk>/rut/", dossier.dossier_withdraw, name="dossier-withdraw"),
    path("ho-so/<int:pk>/nhap-thay/", dossier.on_behalf, name="dossier-on-behalf"),
    path("ho-so/<int:pk>/giay-da-ky/", dossier.signed_paper, name="signed-paper"),
    path("ho-so/<int:pk>/giay-da-ky/tep/", dossier.signed_paper_file, name="signed-paper-file"),
    path("tra-loi/<int:pk>/luu/", answers.answer_save, name="answer-save"),
    path("tra-loi/<int:pk>/chot-so-lieu/", answers.snapshot_take, name="snapshot-take"),
    path("tra-loi/<int:pk>/minh-chung/", evidence.evidence_form, name="evidence-form"),
    path("minh-chung/<int:pk>/bo/", evidence.evidence_remove, name="evidence-remove"),
    path("minh-chung/<int:pk>/tep/", evidence.evidence_file, name="evidence-file"),
]
appraisal_urls = [
    path("dot/<int:pk>/mo/", campaign.campaign_open, name="campaign-open"),
    path("ho-so/", appraisal.dossier_list, name="dossier-list"),
    path("ho-so/<int:pk>/tham-dinh/", appraisal.appraisal, name="appraisal"),
    path("ho-so/<int:pk>/so-lieu/<int:answer_pk>/", appraisal.answer_snapshot, name="answer-snapshot"),
    path("ho-so/<int:pk>/tiep-nhan/", appraisal.dossier_receive, name="dossier-receive"),
    path("ho-so/<int:pk>/tra-lai/", appraisal.dossier_return, name="dossier-return"),
    path("ho-so/<int:pk>/de-xuat/", appraisal.dossier_propose, name="dossier-propose"),
]
session_urls = [
    path("phien-hop/", session.session_list, name="session-list"),
    path("phien-hop/them/", session.session_plan, name="session-plan"),
    path("phien-hop/<int:pk>/", session.session_detail, name="session-detail"),
    path("phien-hop/<int:pk>/chuong-trinh/", session.session_agenda, name="session-agenda"),
    path("phien-hop/<int:pk>/diem-danh/", session.session_attendance, name="session-attendance"),
    path("phien-hop/<int:pk>/khai-mac/", session.session_open, name="session-open"),
    path("phien-hop/<int:pk>/ket-thuc/", session.session_close, name="session-close"),
    path("phien-hop/<int:pk>/bien-ban/", session.session_minutes, name="session-minutes"),
    path("phien-hop/<int:pk>/du-thao/", session.decision_draft, name="decision-draft"),
    path("phien-hop/muc/<int:pk>/phieu/", session.item_vote, name="item-vote"),
    path("phien-hop/muc/<int:pk>/ket-thuc/", session.item_close, name="item-close"),
    path("phien-hop/muc/<int:pk>/xung-dot/", session.item_conflict, name="item-conflict"),
]
decision_urls = [
    path("quyet-dinh/", decision.decision_list, name="decision-list"),
    path("quyet-dinh/<int:pk>/", decision.decision_detail, name="decision-detail"),
    path("quyet-dinh/<int:pk>/duyet/", decision.decision_approve, name="decision-approve"),
    path("quyet-dinh/<int:pk>/cong-bo/", decision.decision_release, name="decision-release"),
    path("quyet-dinh/<int:pk>/du-thao/", decision.decision_preview, name="decision-preview"),
    path("quyet-dinh/<int:pk>/tep/", decision.decision_file, name="decision-file"),
    path("giay-cong-nhan/<int:pk>/", decision.certificate_detail, name="certificate-detail"),
    path("giay-cong-nhan/<int:pk>/tep/", decision.certificate_file, name="certificate-file"),
    path("giay-cong-nhan/<int:pk>/in-lai/", decision.certificate_reprint, name="certificate-reprint"),
    path("giay-cong-nhan/<int:pk>/cap-lai/", decision.certificate_reissue, name="certificate-reissue"),
    path("ket-qua/<int:pk>/thong-bao/", decision.notice_file, name="notice-file"),
]

urlpatterns = [*dossier_urls, *appraisal_urls, *session_urls, *decision_urls]
