from django.urls import path

app_name = "evaluations"

dossier_urls: list = []
appraisal_urls: list = []
session_urls: list = []
decision_urls: list = []

urlpatterns = [*dossier_urls, *appraisal_urls, *session_urls, *decision_urls]
_ = path
