"""The commitment of a registration: its wording, the document built from the rows, and whether a stored one is still intact."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from core import clock, files, pdf
from core.formats import number
from core.transitions import DomainError
from core.typography import Heading, Signature
from movement.documents import CommitmentDocument, CommitmentText, Fact
from movement.models import Commitment, CommitmentTemplate, HouseholdCount, Registration, SteeringCommittee
from units.models import Authority, ContactPost, Unit, User
from units.querysets import current
from units.roles import UnitKind

PURPOSE = "commitment"


def template_for(kind: str) -> CommitmentTemplate:
    """The published template in force for a kind of unit.

    Raises:
        DomainError: none is published.
    """
    found = CommitmentTemplate.objects.filter(kind=kind, published_at__isnull=False).order_by("-version").first()
    if found is None:
        raise DomainError(
            _("Chưa có mẫu bản cam kết cho loại đơn vị “%(kind)s”. Hãy báo thường trực Ban Chỉ đạo tỉnh.") % {"kind": UnitKind(kind).label}
        )
    return found


def document_of(
    registration: Registration, *, template: CommitmentTemplate, signer: User | None, signed_at: datetime | None, on: datetime
) -> CommitmentDocument:
    """The commitment as it would be printed now; ``signer`` and ``signed_at`` stay empty in a preview."""
    participation = registration.participation
    unit, day = participation.unit, clock.local_date(on)
    place = Authority.objects.filter(current(day), area=participation.area_id).select_related("area").first()
    head = ContactPost.objects.filter(current(day), unit=unit, post=ContactPost.Post.HEAD).first()
    with override("vi"):
        return CommitmentDocument.of(
            CommitmentText(version=str(template.version), kind=template.kind, **template.body),
            values={
                "year": participation.campaign.year,
                "unit": participation.name,
                "place": participation.area.name,
                "police": place.standing_office if place else f"Công an {participation.area.name}",
            },
            heading=Heading(
                issuer=participation.name.upper(),
                place=place.place if place else participation.area.proper_name,
                date=day,
            ),
            addressees=(_addressee(registration, day=on),),
            unit_name=participation.name,
            year=participation.campaign.year,
            facts=_facts(registration, unit, head),
            prepared_by=Signature(lines=("NGƯỜI LẬP",), name=registration.prepared_by.full_name if registration.prepared_by else ""),
            signed_by=Signature(
                lines=("ĐẠI DIỆN ĐƠN VỊ CAM KẾT", *((head.title.upper(),) if head else ())),
                name=_signer_name(registration, head, signer),
            ),
            signed_at=None if registration.on_behalf else signed_at,
            entry_note=_entry_note(registration, signer, signed_at),
        )


def render(document: CommitmentDocument) -> bytes:
    return pdf.render(CommitmentDocument.template, document)


def is_intact(commitment: Commitment) -> bool:
    """Whether the stored file still has the hash recorded at signing: one changed byte, or a lost file, says no."""
    try:
        files.read(commitment.file)
    except files.FileDamaged:
        return False
    return True


def _addressee(registration: Registration, *, day: datetime) -> str:
    """The committee of the place that handles the unit, by the name its founding decision gave it."""
    area = registration.participation.handling_area
    committee = SteeringCommittee.objects.filter(current(clock.local_date(day)), authority__area=area).first()
    return committee.name if committee else f"Thường trực Ban Chỉ đạo {area.name}"


def _signer_name(registration: Registration, head: ContactPost | None, signer: User | None) -> str:
    """On behalf, the paper was signed by the head, not by the scribe."""
    if signer is not None and not registration.on_behalf:
        return signer.full_name
    return head.full_name if head else ""


def _entry_note(registration: Registration, signer: User | None, signed_at: datetime | None) -> str:
    if not registration.on_behalf or signer is None or signed_at is None:
        return ""
    day = f"{clock.local_date(signed_at):%d/%m/%Y}"
    return f"Nhập thay đơn vị theo bản giấy đã ký, bản quét lưu kèm; người nhập: {signer.full_name}, ngày {day}."


def _facts(registration: Registration, unit: Unit, head: ContactPost | None) -> tuple[Fact, ...]:
    participation = registration.participation
    kind = UnitKind(participation.kind).label
    school_level = f" ({unit.get_school_level_display()})" if unit.school_level else ""
    address = ", ".join(part for part in (unit.address, participation.area.name, _province_name(registration)) if part)
    lines = [
        ("Tên đơn vị", participation.name),
        ("Loại đơn vị", f"{kind}{school_level}"),
        ("Địa chỉ", address),
        ("Mã hồ sơ", participation.code),
        ("Người đứng đầu", f"{head.full_name}, {head.title}" if head else ""),
        ("Quy mô", _size(unit)),
        ("Số hộ đăng ký tham gia", _households(registration)),
        ("Nghị quyết", registration.resolution_number),
        ("Kế hoạch", registration.plan_number),
        ("Nội dung phấn đấu", "; ".join(line.strip(" ;") for line in registration.goals.splitlines() if line.strip())),
    ]
    return tuple(Fact(label=label, value=value) for label, value in lines if value)


def _province_name(registration: Registration) -> str:
    return str(registration.participation.campaign.province.name)


def _size(unit: Unit) -> str:
    counts = [(unit.headcount, "người làm việc"), (unit.learner_count, "người học")]
    return "; ".join(f"{number(count, 0)} {words}" for count, words in counts if count)


def _households(registration: Registration) -> str:
    count = HouseholdCount.objects.filter(participation=registration.participation_id).first()
    if count is None:
        return ""
    return f"{number(count.signed_up, 0)}/{number(count.total, 0)} hộ"
