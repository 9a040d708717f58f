"""The printed papers of a decision: Quyết định with its Phụ lục, Giấy công nhận, Thông báo to units that are not recognised."""

from __future__ import annotations

from collections import Counter
from datetime import date
from urllib.parse import urlsplit

from django.conf import settings

from core.middleware import PUBLIC_CHECK_PREFIX
from core.typography import Heading, Signature, number_line, plain_count
from evaluations.documents import (
    CertificateDocument,
    DecisionLayout,
    JudgedPoint,
    ListedUnit,
    NotMetNoticeDocument,
    RecognitionDecisionDocument,
    UnitGroup,
    decision_layout,
)
from evaluations.models import AgendaItem, Certificate, CommitteeSession, Decision, Recognition
from evaluations.operations.minutes import kinds_phrase, reference_of
from movement.models import Participation
from units.models import Authority, Signatory
from units.roles import AreaLevel, UnitKind

STANDARD = "“An toàn về an ninh, trật tự”"
CAPACITY_MARKS = {Signatory.Capacity.DEPUTY: "KT.", Signatory.Capacity.ORDER: "TL.", Signatory.Capacity.AUTHORISED: "TUQ."}


def capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def default_letter(year: int) -> str:
    """How the decision cites the proposal when the number of its letter was not typed."""
    return f"Tờ trình đề nghị xét, công nhận năm {year}"


def place_of(participation: Participation) -> str:
    """“Phường Hòa An, tỉnh An Hòa” of the frozen row; a commune itself lies in its province."""
    province = participation.campaign.province
    if participation.kind == UnitKind.COMMUNE or participation.area_id == province.pk:
        return capital(province.name)
    return f"{capital(participation.area.name)}, {province.name}"


def signature(authority: Authority, signatory: Signatory | None) -> Signature:
    """The signature block by the signatory's capacity (NĐ 30/2020, Đ13); blank on a draft."""
    head = authority.head_title.split(" Ủy ban")[0].upper()
    if signatory is None:
        return Signature(lines=(head,), name="")
    mark = CAPACITY_MARKS.get(Signatory.Capacity(signatory.capacity))
    lines = (f"{mark} {head}", signatory.title.upper()) if mark else (signatory.title.upper(),)
    return Signature(lines=lines, name=signatory.full_name)


def filled_layout(session: CommitteeSession, participations: list[Participation], *, letter: str, is_met: bool = True) -> DecisionLayout:
    """The wording of the level with year, kinds, counts and sources in it; another article when nobody is recognised."""
    authority = session.committee.authority
    year = session.campaign.year
    kinds = kinds_phrase([participation.get_kind_display() for participation in _by_kind(participations)])
    counts = Counter(participation.kind for participation in participations)
    parts = [f"{plain_count(counts[kind])} {UnitKind(kind).label.lower()}" for kind in UnitKind.values if counts[kind]]
    is_commune = authority.level == AreaLevel.COMMUNE
    committee, place = session.committee.name, authority.area.name
    return decision_layout("commune" if is_commune else "province", is_met=is_met).filled(
        year=year,
        kinds=kinds,
        total=plain_count(len(participations)),
        breakdown=" và ".join(filter(None, (", ".join(parts[:-1]), parts[-1]))) if parts else "",
        place=place,
        proposer=f"{'Trưởng' if is_commune else 'Giám đốc'} {authority.standing_office}",
        letter=letter or default_letter(year),
        minutes=reference_of(session),
        committee=committee if place.lower() in committee.lower() else f"{committee} {place}",
        archive=f"VT, {authority.standing_office_symbol}",
    )


def _by_kind(participations: list[Participation]) -> list[Participation]:
    order = {kind: index for index, kind in enumerate(UnitKind.values)}
    return sorted(participations, key=lambda row: (order[row.kind], row.sort_key, row.pk))


def decided_participations(session: CommitteeSession, outcome: str) -> list[Participation]:
    """Units of the items with this outcome, in the order in which papers list them."""
    items = session.items.filter(outcome=outcome).select_related(
        "dossier__participation__area", "dossier__participation__campaign__province"
    )
    return _by_kind([item.dossier.participation for item in items])


def decision_document(decision: Decision, *, letter: str = "") -> RecognitionDecisionDocument:
    """The decision from its session and, once it is approved, with signer, number and date; before that these stay blank."""
    document = decision.document
    authority = document.authority
    met = decided_participations(decision.session, AgendaItem.Outcome.MET)
    listed = met or decided_participations(decision.session, AgendaItem.Outcome.NOT_MET)
    return RecognitionDecisionDocument(
        heading=Heading(
            issuer=authority.name.upper(),
            number_line=number_line(document.number, document.symbol),
            place=authority.place,
            date=document.issued_on,
        ),
        authority=authority.head_title.upper(),
        layout=filled_layout(decision.session, listed, letter=letter, is_met=bool(met)),
        groups=tuple(
            UnitGroup(
                label=str(UnitKind(kind).label),
                units=tuple(ListedUnit(name=row.name, area=capital(row.area.name)) for row in listed if row.kind == kind),
            )
            for kind in UnitKind.values
            if any(row.kind == kind for row in listed)
        ),
        symbol=document.symbol,
        authority_phrase=authority.head_title,
        signature=signature(authority, document.signatory),
    )


def certificate_document(certificate: Certificate, decision: Decision, *, on: date | None = None) -> CertificateDocument:
    """The certificate of a recognised unit; a reissue carries the day of the reissue and the same decision."""
    recognition, document = certificate.recognition, decision.document
    authority = document.authority
    return CertificateDocument(
        authority=authority.head_title.upper(),
        unit_name=recognition.unit_name,
        unit_place=recognition.place_name,
        year=decision.session.campaign.year,
        number=f"{certificate.number:02d}",
        decision_number=document.reference_number,
        decision_date=document.issued_on,  # type: ignore[arg-type]  # a signed document has its date
        place=authority.place,
        date=on or document.issued_on,  # type: ignore[arg-type]
        signature=signature(authority, document.signatory),
        check_url=f"{settings.PUBLIC_URL}{PUBLIC_CHECK_PREFIX}{certificate.code}/",
        check_site=urlsplit(settings.PUBLIC_URL).netloc,
    )


def notice_document(recognition: Recognition, decision: Decision) -> NotMetNoticeDocument:
    """What a unit that is not recognised is told: the points that decided, and what it may do."""
    document, paper = decision.document, recognition.notice_document
    authority = document.authority
    year = decision.session.campaign.year
    symbol = paper.symbol if paper else f"TB-{authority.symbol}"
    return NotMetNoticeDocument(
        heading=Heading(
            issuer=authority.name.upper(),
            number_line=number_line(paper.number if paper else None, symbol),
            place=authority.place,
            date=document.issued_on,
        ),
        subject=f"Kết quả xét công nhận đạt tiêu chuẩn {STANDARD} năm {year}",
        unit_name=recognition.unit_name,
        unit_place=recognition.place_name,
        dossier_code=recognition.dossier.participation.code,
        year=year,
        bases=(
            "Căn cứ Thông tư số 124/2021/TT-BCA ngày 28 tháng 12 năm 2021 của Bộ trưởng Bộ Công an",
            f"Căn cứ {reference_of(decision.session)} của {decision.session.committee.name}",
        ),
        authority_phrase=authority.head_title,
        points=tuple(
            JudgedPoint(citation=reason["citation"], label=reason["label"], is_met=False, note=reason["note"])
            for reason in recognition.reasons
        ),
        advice=(
            f"Đơn vị cần giải thích thêm, xin liên hệ {authority.standing_office}.",
            f"Đề nghị đơn vị khắc phục các nội dung nêu trên và đăng ký phấn đấu năm {year + 1} trong quý I",
        ),
        recipients=(recognition.unit_name, f"{authority.standing_office}", f"Lưu: VT, {authority.standing_office_symbol}"),
        signature=signature(authority, document.signatory),
    )
