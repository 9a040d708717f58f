"""Official documents: signed with number and date, issued with their file, replaced by a later one; never edited."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from core import clock
from core.models import StoredFile
from core.transitions import Actor, DomainError, perform
from directives import operations, states
from directives.models import OfficialDocument
from units.models import Signatory


def sign_document(
    document: OfficialDocument, *, actor: Actor, at: datetime, signatory: Signatory, issued_on: date, number: int | None = None
) -> OfficialDocument:
    """Give a draft its signer, date and number; a signatory signs only for the own authority and only in the own term."""
    with perform(states.SIGN, document, actor=actor) as row:
        if signatory.authority_id != row.authority_id or not _in_office(signatory, issued_on):
            raise DomainError(
                _("%(name)s không ký văn bản của cơ quan này vào ngày đã chọn. Hãy chọn người ký khác.") % {"name": signatory.full_name}
            )
        if issued_on > clock.local_date(at):
            raise DomainError(_("Ngày ban hành không được sau hôm nay."))
        series = operations.series_for(row.authority, row.type, issued_on.year)
        row.series, row.signatory, row.issued_on = series, signatory, issued_on
        row.number = operations.take_number(series, number=number)
    return row


def issue_document(document: OfficialDocument, *, actor: Actor, at: datetime) -> OfficialDocument:
    """Make a signed document public; its file is frozen from here on."""
    with perform(states.ISSUE, document, actor=actor) as row:
        if row.file_id is None:
            raise DomainError(_("Văn bản chưa có tệp, chưa ban hành được."))
    return row


def replace_document(document: OfficialDocument, *, actor: Actor, at: datetime, reason: str) -> OfficialDocument:
    """Mark an issued document as replaced by a later one; it stays readable."""
    with perform(states.REPLACE, document, actor=actor, reason=reason) as row:
        if not reason.strip():
            raise DomainError(_("Hãy ghi lý do thay thế văn bản."))
    return row


def attach_file(document: OfficialDocument, stored: StoredFile) -> None:
    """Keep the rendered file of a signed document; one that is there is never exchanged."""
    OfficialDocument.objects.filter(pk=document.pk, state=states.DocumentState.SIGNED, file__isnull=True).update(file=stored)


def _in_office(signatory: Signatory, on: date) -> bool:
    return signatory.valid_from <= on and (signatory.valid_to is None or on <= signatory.valid_to)
