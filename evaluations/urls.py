from django.urls import path

from evaluations.views import answers, dossier, evidence

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
appraisal_urls: list = []
session_urls: list = []
decision_urls: list = []

urlpatterns = [*dossier_urls, *appraisal_urls, *session_urls, *decision_urls]
_ = path
