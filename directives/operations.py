"""Number series: from 01 each year, gapless where we count ourselves, typed where the office of the authority counts (ruling 5)."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.models import StoredFile
from core.transitions import SYSTEM, Actor, DomainError
from directives import policies
from directives.models import DocumentType, NumberSeries, OfficialDocument
from directives.states import DocumentState
from units.models import Authority

# Dossier and certificate numbers are always ours (ruling 5).
ALWAYS_OWN = frozenset({DocumentType.CERTIFICATE})


def series_for(authority: Authority, type: str, year: int) -> NumberSeries:
    """The series of an authority for a type and year, opened when first asked for."""
    series, _made = NumberSeries.objects.get_or_create(authority=authority, type=type, year=year)
    return series


def next_number(series: NumberSeries) -> int:
    """The number that would come next; nobody owns it before ``take_number``."""
    return series.last_number + 1


def take_number(series: NumberSeries, *, number: int | None = None) -> int:
    """Take one number under the lock of its series, in the transaction of the document that gets it.

    The lock is the last of the order and is held until commit, so that numbers stay gapless when a transaction fails.
    """
    locked = _lock(series)
    if locked.mode == NumberSeries.Mode.OWN:
        return _advance(locked, 1)[0]
    if number is None or number < 1:
        raise DomainError(_("Sổ văn bản này do văn phòng cấp số: hãy nhập số văn bản."))
    if locked.documents.filter(number=number).exists():
        raise DomainError(
            _("Số %(number)s đã được dùng trong năm %(year)s. Hãy kiểm tra sổ văn bản.") % {"number": number, "year": locked.year}
        )
    locked.last_number = max(locked.last_number, number)
    locked.save(update_fields=["last_number"])
    return number


def take_numbers(series: NumberSeries, count: int) -> range:
    """Take a run of numbers from a series of our own under one lock."""
    locked = _lock(series)
    if locked.mode != NumberSeries.Mode.OWN:
        raise DomainError(_("Sổ văn bản này do văn phòng cấp số, không cấp được hàng loạt."))
    return _advance(locked, count)


def set_mode(series: NumberSeries, *, mode: str, actor: Actor, at: datetime) -> NumberSeries:
    """Choose who gives the numbers of a series, before its first number."""
    with transaction.atomic():
        locked = _lock(series)
        if locked.mode == mode:
            return locked
        if locked.type in ALWAYS_OWN:
            raise DomainError(_("Số giấy công nhận luôn do phần mềm cấp."))
        if locked.last_number:
            raise DomainError(_("Sổ năm %(year)s đã có số, cách cấp số giữ nguyên đến hết năm.") % {"year": locked.year})
        before, locked.mode = locked.mode, mode
        locked.save(update_fields=["mode"])
        audit.record("series.mode", locked, actor=actor, from_state=before, to_state=mode, at=at)
    return locked


def attach_scan(document: OfficialDocument, *, scan: StoredFile, actor: Actor, at: datetime) -> OfficialDocument:
    """Keep the scan of the signed paper beside our own frozen file (ruling 6); a better scan takes its place, both hashes are recorded."""
    with transaction.atomic():
        row = (
            OfficialDocument.objects.select_for_update(of=("self",), no_key=True)
            .select_related("authority", "signed_scan")
            .get(pk=document.pk)
        )
        if actor is not SYSTEM and not policies.can_attach_scan(actor, row):  # type: ignore[arg-type]
            raise PermissionDenied
        if row.state != DocumentState.ISSUED:
            raise DomainError(_("Chỉ lưu bản scan của văn bản đã ban hành."))
        before = row.signed_scan.sha256 if row.signed_scan else ""
        row.signed_scan = scan
        row.save(update_fields=["signed_scan"])
        audit.record("document.scan", row, actor=actor, data={"before": before, "after": scan.sha256}, at=at)
    return row


def _lock(series: NumberSeries) -> NumberSeries:
    return NumberSeries.objects.select_for_update(of=("self",), no_key=True).get(pk=series.pk)


def _advance(locked: NumberSeries, count: int) -> range:
    first = locked.last_number + 1
    locked.last_number += count
    locked.save(update_fields=["last_number"])
    return range(first, first + count)
