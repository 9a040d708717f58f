"""Decisions: drafted from a closed session, rendered by a job, mended by a reissue. Issued files are never rendered again."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from core import audit, clock, files, pdf
from core.models import StoredFile
from core.transitions import SYSTEM, Actor, DomainError, lock
from directives import operations as registers
from directives.models import DocumentType, OfficialDocument
from directives.transitions import attach_file, sign_document
from evaluations import policies
from evaluations.models import AgendaItem, AnswerResult, Certificate, CommitteeSession, Decision, Recognition, Reprint, Result
from evaluations.operations import decision_documents as papers
from evaluations.states import DecisionState, SessionState

PDF = "application/pdf"
CODE_BITS = 130
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CARRIED = (AgendaItem.Outcome.MET, AgendaItem.Outcome.NOT_MET)


def new_code() -> str:
    """130 random bits in 26 letters of Crockford's base 32: no code leads to another."""
    value = secrets.randbits(CODE_BITS)
    return "".join(CROCKFORD[value >> shift & 31] for shift in range(CODE_BITS - 5, -1, -5))


# ---------- Draft ----------


def draft_decision(session: CommitteeSession, *, actor: Actor, at: datetime) -> Decision:
    """The draft of the decision on the carried items of a closed session; one per session."""
    with transaction.atomic():
        row = lock(session)
        if actor is not SYSTEM and not policies.can_keep_session(actor, row):  # type: ignore[arg-type]
            raise PermissionDenied
        if row.state != SessionState.CLOSED:
            raise DomainError(_("Phiên họp chưa kết thúc, chưa lập được dự thảo quyết định."))
        if row.decisions.filter(kind=Decision.Kind.RECOGNITION).exists():
            raise DomainError(_("Phiên họp này đã có dự thảo quyết định."))
        if not row.items.filter(outcome__in=CARRIED).exists():
            raise DomainError(_("Phiên họp không kết luận hồ sơ nào, không có gì để ra quyết định."))
        authority = row.committee.authority
        met = papers.decided_participations(row, AgendaItem.Outcome.MET)
        listed = met or papers.decided_participations(row, AgendaItem.Outcome.NOT_MET)
        layout = papers.filled_layout(row, listed, letter="", is_met=bool(met))
        document = OfficialDocument.objects.create(
            authority=authority,
            type=DocumentType.DECISION,
            symbol=f"{DocumentType.DECISION}-{authority.symbol}",
            summary=layout.subject[:400],
        )
        decision = Decision.objects.create(session=row, document=document)
        audit.record("decision.draft", decision, actor=actor, to_state=decision.state, at=at)
    return decision


# ---------- Rows that approval makes ----------


def make_recognitions(decision: Decision) -> list[Recognition]:
    """One row per carried item with the unit's name and place as of this campaign; those not met carry their reasons."""
    items = (
        decision.session.items.filter(outcome__in=CARRIED)
        .select_related("dossier__participation__area", "dossier__participation__campaign__province")
        .prefetch_related("votes", "dossier__answers__question__criterion")
    )
    by_unit = {item.dossier.participation.pk: item for item in items}
    rows: list[Recognition] = []
    for outcome in CARRIED:
        for participation in papers.decided_participations(decision.session, outcome):
            item = by_unit[participation.pk]
            is_met = outcome == AgendaItem.Outcome.MET
            rows.append(
                Recognition(
                    dossier=item.dossier,
                    decision=decision,
                    position=len(rows) + 1,
                    result=Result.MET if is_met else Result.NOT_MET,
                    unit_name=participation.name,
                    place_name=papers.place_of(participation),
                    reasons=[] if is_met else deciding_points(item),
                )
            )
    return Recognition.objects.bulk_create(rows)


def deciding_points(item: AgendaItem) -> list[dict[str, str]]:
    """The points of law that were not met, with the appraiser's reasons; else what the committee said."""
    points: dict[int, dict[str, str]] = {}
    for answer in item.dossier.answers.all():
        if answer.appraised_result == AnswerResult.NOT_MET:
            criterion = answer.question.criterion
            point = points.setdefault(criterion.pk, {"citation": criterion.citation, "label": criterion.label, "note": ""})
            note = answer.appraised_reason or answer.self_note
            point["note"] = "; ".join(filter(None, (point["note"], note)))
    if points:
        return list(points.values())
    notes = "; ".join(vote.note for vote in item.votes.all() if vote.note)
    return [{"citation": _("Kết luận của Ban Chỉ đạo"), "label": _("Biểu quyết chưa đạt tiêu chuẩn"), "note": notes}]


def make_notice_documents(decision: Decision, recognitions: Iterable[Recognition], *, actor: Actor, at: datetime) -> None:
    """A signed and numbered notice for each unit that is not recognised; where the office gives numbers they are written on by hand."""
    document = decision.document
    refused = [row for row in recognitions if row.result == Result.NOT_MET]
    if not refused or document.issued_on is None or document.signatory is None:
        return
    series = registers.series_for(document.authority, DocumentType.NOTICE, document.issued_on.year)
    if series.mode != series.Mode.OWN:
        return
    for row in refused:
        draft = OfficialDocument.objects.create(
            authority=document.authority,
            type=DocumentType.NOTICE,
            symbol=f"{DocumentType.NOTICE}-{document.authority.symbol}",
            summary=_("Kết quả xét công nhận năm %(year)s: %(unit)s") % {"year": decision.session.campaign.year, "unit": row.unit_name},
        )
        row.notice_document = sign_document(draft, actor=actor, at=at, signatory=document.signatory, issued_on=document.issued_on)
    Recognition.objects.bulk_update(refused, ["notice_document"])


def make_certificates(decision: Decision, recognitions: Iterable[Recognition]) -> list[Certificate]:
    """A number and a code for each recognised unit, taken in one run so that the register has no gap."""
    met = [row for row in recognitions if row.result == Result.MET]
    document = decision.document
    if not met or document.issued_on is None:
        return []
    series = registers.series_for(document.authority, DocumentType.CERTIFICATE, document.issued_on.year)
    numbers = registers.take_numbers(series, len(met))
    return Certificate.objects.bulk_create(
        Certificate(recognition=row, series=series, number=number, code=new_code()) for row, number in zip(met, numbers, strict=True)
    )


# ---------- Rendering ----------


def render_files(*, decision_id: int, keys: Sequence[str], letter: str = "") -> int:
    """Render a chunk of a decision's files, skipping what is there; runs in the transaction of its job's chunk.

    The rows are locked first: of two workers on one chunk the second finds the first one's files and adds none.
    """
    decision = Decision.objects.select_related("session__committee__authority__area", "session__campaign", "document__signatory").get(
        pk=decision_id
    )
    ids = {kind: [int(key.partition(":")[2]) for key in keys if key.startswith(f"{kind}:")] for kind in ("cert", "notice")}
    made = _render_certificates(decision, ids["cert"]) + _render_notices(decision, ids["notice"])
    return made + (_render_decision(decision, letter) if "decision" in keys else 0)


def _render_decision(decision: Decision, letter: str) -> int:
    document = OfficialDocument.objects.select_for_update(no_key=True).get(pk=decision.document_id)
    if document.file_id:
        return 0
    paper = papers.decision_document(decision, letter=letter)
    name = f"Quyết định {document.reference_number.replace('/', '-')}.pdf"
    attach_file(document, files.store_bytes(pdf.render(paper.template, paper), name=name, content_type=PDF, purpose="decision"))
    return 1


def _render_certificates(decision: Decision, ids: list[int]) -> int:
    rows = list(
        Certificate.objects.filter(pk__in=ids, file__isnull=True, recognition__decision=decision)
        .select_related("recognition")
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    )
    contents = [(_certificate_bytes(row, decision), certificate_name(row)) for row in rows]
    for row, stored in zip(rows, files.store_many(contents, content_type=PDF, purpose="certificate"), strict=True):
        row.file = stored
    Certificate.objects.bulk_update(rows, ["file"])
    return len(rows)


def _certificate_bytes(certificate: Certificate, decision: Decision, *, on: date | None = None) -> bytes:
    paper = papers.certificate_document(certificate, decision, on=on)
    return pdf.render(paper.template, paper)


def certificate_name(certificate: Certificate) -> str:
    return f"Giấy công nhận {certificate.number:02d} - {certificate.recognition.unit_name}.pdf"


def _render_notices(decision: Decision, ids: list[int]) -> int:
    rows = list(
        Recognition.objects.filter(pk__in=ids, notice__isnull=True, decision=decision)
        .select_related("dossier__participation", "notice_document")
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    )
    contents = []
    for row in rows:
        paper = papers.notice_document(row, decision)
        contents.append((pdf.render(paper.template, paper), f"Thông báo kết quả - {row.unit_name}.pdf"))
    for row, stored in zip(rows, files.store_many(contents, content_type=PDF, purpose="notice"), strict=True):
        row.notice = stored
        if row.notice_document_id:
            OfficialDocument.objects.filter(pk=row.notice_document_id, file__isnull=True).update(file=stored)
    Recognition.objects.bulk_update(rows, ["notice"])
    return len(rows)


def preview_bytes(decision: Decision, *, letter: str = "") -> bytes:
    """The draft as it would print now; never stored."""
    paper = papers.decision_document(decision, letter=letter)
    return pdf.render(paper.template, paper)


def file_keys(decision: Decision) -> list[str]:
    """What the rendering job has to make: the decision, every certificate, every notice."""
    certificates = Certificate.objects.filter(recognition__decision=decision).order_by("pk").values_list("pk", flat=True)
    notices = decision.recognitions.filter(result=Result.NOT_MET).order_by("pk").values_list("pk", flat=True)
    return ["decision", *(f"cert:{pk}" for pk in certificates), *(f"notice:{pk}" for pk in notices)]


def missing_files(decision: Decision) -> int:
    """How many files of an approved decision are not there yet."""
    unmet = Q(recognitions__result=Result.NOT_MET, recognitions__notice__isnull=True)
    counts = Decision.objects.filter(pk=decision.pk).aggregate(
        document=Count("document", filter=Q(document__file__isnull=True), distinct=True),
        certificates=Count("recognitions__certificates", filter=Q(recognitions__certificates__file__isnull=True), distinct=True),
        notices=Count("recognitions", filter=unmet, distinct=True),
    )
    return sum(counts.values())


def verify_files(decision: Decision) -> None:
    """Read every file back against its hash; the first damaged one is a ``FileDamaged``."""
    certificates = Certificate.objects.filter(recognition__decision=decision).values("file")
    for ids in (
        certificates,
        decision.recognitions.values("notice"),
        OfficialDocument.objects.filter(pk=decision.document_id).values("file"),
    ):
        for stored in StoredFile.objects.filter(pk__in=ids).iterator():  # type: ignore[misc]
            files.read(stored)


# ---------- After release ----------


def reissue_certificate(
    certificate: Certificate, *, unit_name: str, reason: str, actor: Actor, at: datetime, place_name: str = ""
) -> Certificate:
    """A new certificate with a corrected name, number and code; the old one then says “replaced” and keeps its file."""
    with transaction.atomic():
        recognition = Recognition.objects.select_for_update(of=("self",), no_key=True).get(pk=certificate.recognition_id)
        decision = Decision.objects.select_related("session__committee__authority", "session__campaign", "document__signatory").get(
            pk=recognition.decision_id
        )
        old = Certificate.objects.select_for_update(of=("self",), no_key=True).get(pk=certificate.pk)
        _check_reissue(old, recognition, decision, actor, unit_name, reason)
        before = {"unit_name": recognition.unit_name, "place_name": recognition.place_name, "number": old.number}
        recognition.unit_name = unit_name.strip()
        recognition.place_name = place_name.strip() or recognition.place_name
        recognition.save(update_fields=["unit_name", "place_name"])
        today = clock.local_date(at)
        series = registers.series_for(decision.document.authority, DocumentType.CERTIFICATE, today.year)
        new = Certificate(recognition=recognition, series=series, number=registers.take_number(series), code=new_code(), replaces=old)
        content = _certificate_bytes(new, decision, on=today)
        new.file = files.store_bytes(content, name=certificate_name(new), content_type=PDF, purpose="certificate", created_by=actor)
        new.save()
        audit.record("certificate.reissue", new, actor=actor, reason=reason.strip(), data={"before": before}, at=at)
    return new


def _check_reissue(old: Certificate, recognition: Recognition, decision: Decision, actor: Actor, unit_name: str, reason: str) -> None:
    if actor is not SYSTEM and not policies.can_prepare_decision(actor, decision):  # type: ignore[arg-type]
        raise PermissionDenied
    if decision.state != DecisionState.RELEASED:
        raise DomainError(_("Quyết định chưa công bố, chưa có giấy để cấp lại."))
    if recognition.revoked_at:
        raise DomainError(_("Kết quả công nhận đã bị thu hồi, không cấp lại giấy."))
    if Certificate.objects.filter(replaces=old).exists():
        raise DomainError(_("Giấy này đã được thay thế. Hãy cấp lại từ giấy đang có hiệu lực."))
    if not unit_name.strip() or not reason.strip():
        raise DomainError(_("Hãy nhập tên đúng của đơn vị và lý do cấp lại."))


def record_reprint(certificate: Certificate, *, actor: Actor, at: datetime) -> Reprint:
    """Each printing after the first is written down."""
    decision = certificate.recognition.decision
    if actor is not SYSTEM and not policies.can_prepare_decision(actor, decision):  # type: ignore[arg-type]
        raise PermissionDenied
    if decision.state != DecisionState.RELEASED:
        raise DomainError(_("Quyết định chưa công bố, chưa in lại được giấy."))
    with transaction.atomic():
        reprint = Reprint.objects.create(certificate=certificate, printed_by_id=actor.pk, printed_at=at)  # type: ignore[misc]
        audit.record("certificate.reprint", certificate, actor=actor, at=at)
    return reprint
