"""Forms of a decision: approval with signer, date and number; the reissue of a certificate."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import IntegerField, OnceForm, VietnameseDateField
from core.signing import SigningForm
from core.uploads import refuse_secrecy
from evaluations.models import Certificate, Decision
from evaluations.operations import decision as decisions
from evaluations.transitions.decision import approve_decision
from units.models import Signatory, User
from units.querysets import current


class ApproveForm(SigningForm):
    """Who signs, on which day, under which number, and the password again; the number only where the authority's office gives it."""

    signatory = forms.ModelChoiceField(
        Signatory.objects.none(), label=_("Người ký"), empty_label=None, help_text=_("Tên và chức vụ in trên quyết định và giấy công nhận.")
    )
    issued_on = VietnameseDateField(label=_("Ngày ban hành"))
    number = IntegerField(label=_("Số quyết định do văn phòng cấp"), min_value=1, max_value=99_999)
    letter = forms.CharField(
        label=_("Căn cứ tờ trình"),
        required=False,
        max_length=160,
        help_text=_("Ví dụ: Tờ trình số 12/TTr-CAX ngày 12 tháng 11 năm 2026."),
        validators=[refuse_secrecy],
    )

    def __init__(self, *args: Any, decision: Decision, is_external: bool, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.decision = decision
        signatories = Signatory.objects.filter(current(today), authority=decision.document.authority_id).order_by("pk")
        self.fields["signatory"].queryset = signatories  # type: ignore[attr-defined]
        self.initial["issued_on"] = today
        if not is_external:
            del self.fields["number"]

    def save(self, *, at: datetime) -> Decision:
        data = self.cleaned_data
        return approve_decision(
            self.decision,
            actor=self.actor,
            at=at,
            signatory=data["signatory"],
            issued_on=data["issued_on"],
            number=data.get("number"),
            letter=data["letter"],
        )


class ReleaseForm(SigningForm):
    """The password again: what is made public now is not taken back."""


class ReissueForm(OnceForm):
    """The right name of the unit and why the certificate is mended."""

    unit_name = forms.CharField(label=_("Tên đúng của đơn vị"), max_length=200, validators=[refuse_secrecy])
    place_name = forms.CharField(label=_("Địa chỉ in trên giấy"), max_length=200, validators=[refuse_secrecy])
    reason = forms.CharField(label=_("Lý do cấp lại"), max_length=400, widget=forms.Textarea({"rows": 2}), validators=[refuse_secrecy])

    def __init__(self, *args: Any, certificate: Certificate, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.certificate = certificate
        self.initial["unit_name"] = certificate.recognition.unit_name
        self.initial["place_name"] = certificate.recognition.place_name

    def save(self, *, actor: User, at: datetime) -> Certificate:
        data = self.cleaned_data
        return decisions.reissue_certificate(
            self.certificate, unit_name=data["unit_name"], place_name=data["place_name"], reason=data["reason"], actor=actor, at=at
        )
