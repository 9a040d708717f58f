"""Table of states of an official document: nothing issued is ever edited."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.transitions import Transition
from directives import policies


class DocumentState(models.TextChoices):
    DRAFT = "draft", _("dự thảo")
    SIGNED = "signed", _("đã ký, đã có số")
    ISSUED = "issued", _("đã ban hành")
    REPLACED = "replaced", _("đã được thay thế")


S = DocumentState
SIGN = Transition("document.sign", frozenset({S.DRAFT}), S.SIGNED, _("Ký, cấp số"), policies.can_sign_document)
ISSUE = Transition("document.issue", frozenset({S.SIGNED}), S.ISSUED, _("Ban hành"), policies.can_sign_document)
REPLACE = Transition("document.replace", frozenset({S.ISSUED}), S.REPLACED, _("Thay thế"), policies.can_sign_document)
DOCUMENT_TRANSITIONS = (SIGN, ISSUE, REPLACE)
