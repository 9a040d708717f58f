"""Who gives the numbers of a register; the scan of a signed paper."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import files
from core.forms import OnceForm, Radios
from core.uploads import ACCEPT, Accepted, gate
from directives import operations
from directives.models import NumberSeries, OfficialDocument
from units.models import User


class SeriesModeForm(OnceForm):
    """Own numbers without a gap, or numbers of the authority's office typed at issue."""

    mode = forms.ChoiceField(
        label=_("Ai cấp số"),
        choices=NumberSeries.Mode.choices,
        widget=Radios(
            descriptions={
                "own": _("Số tăng dần từ 01, không trống số nào."),
                "external": _("Nhập số khi duyệt văn bản; phần mềm chỉ kiểm tra không trùng."),
            }
        ),
    )

    def __init__(self, *args: Any, mode: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["mode"] = mode


class ScanForm(OnceForm):
    """The scan of a document with its signature and seal."""

    scan = forms.FileField(
        label=_("Bản scan đã ký, đóng dấu"),
        widget=forms.ClearableFileInput({"accept": ACCEPT}),
        help_text=_("PDF, JPG hoặc PNG, không quá 10 MB. Văn bản do phần mềm in vẫn giữ nguyên."),
    )

    def __init__(self, *args: Any, actor: User, document: OfficialDocument, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.document = actor, document

    def clean_scan(self) -> Accepted:
        return gate(self.cleaned_data["scan"], actor=self.actor, target=self.document)

    def save(self, *, at: datetime) -> OfficialDocument:
        scan: Accepted = self.cleaned_data["scan"]
        stored = files.store_bytes(
            scan.data, name=scan.name, content_type=scan.content_type, purpose="document.scan", created_by=self.actor
        )
        return operations.attach_scan(self.document, scan=stored, actor=self.actor, at=at)
