"""The minutes of a session as a document: who was there, who was excluded, how each item was decided."""

from __future__ import annotations

from datetime import datetime

from core import clock
from core.typography import Heading, Person, Signature, formal_date, number_line, reference_number
from evaluations.documents import Attendance, Exclusion, SessionMinutesDocument, VotedItem
from evaluations.models import AgendaItem, CommitteeSession, Dossier
from evaluations.operations import session as sessions
from movement.models import SteeringCommittee

STANDARD = "“An toàn về an ninh, trật tự”"


def number_of(session: CommitteeSession, *, closed_at: datetime | None = None) -> int:
    """Which session of its committee this was in the year it ended: the number of its minutes. Who closes holds the committee."""
    ended_at = closed_at or session.closed_at
    year = clock.local_date(ended_at).year if ended_at else clock.local_date(session.held_at).year
    earlier = CommitteeSession.objects.filter(committee=session.committee_id, closed_at__year=year).exclude(pk=session.pk)
    return earlier.filter(closed_at__lt=ended_at).count() + 1 if ended_at else earlier.count() + 1


def symbol_of(committee: SteeringCommittee) -> str:
    return f"BB-{committee.symbol}"


def reference_of(session: CommitteeSession) -> str:
    """“Biên bản số 02/BB-BCĐ ngày 16 tháng 11 năm 2026”, as decisions cite it."""
    number = reference_number(number_of(session), symbol_of(session.committee))
    on = clock.local_date(session.closed_at) if session.closed_at else None
    return f"Biên bản số {number} {formal_date(on)}"


def kinds_phrase(labels: list[str]) -> str:
    """“cơ quan, doanh nghiệp, cơ sở giáo dục” in the order of first appearance."""
    return ", ".join(dict.fromkeys(f"{label[:1].lower()}{label[1:]}" for label in labels))


def minutes_document(session: CommitteeSession, *, ended_at: datetime) -> SessionMinutesDocument:
    """Collect a session whose voting has ended into its minutes (NĐ 30/2020, Mẫu 1.9)."""
    committee, campaign = session.committee, session.campaign
    authority = committee.authority
    items = list(session.items.select_related("dossier__participation", "dossier__plan").prefetch_related("votes", "dossier__answers"))
    seats = list(session.attendances.select_related("member"))
    voters = {vote.member_id for item in items for vote in item.votes.all()}
    took_part = sum(seat.is_present or seat.member_id in voters for seat in seats)
    year = campaign.year
    kinds = kinds_phrase([item.dossier.participation.get_kind_display() for item in items])
    chair = session.chair or sessions.presiding_member(session)
    return SessionMinutesDocument(
        heading=Heading(
            parent=authority.name.upper(),
            issuer=committee.name.upper(),
            number_line=number_line(number_of(session, closed_at=ended_at), symbol_of(committee)),
        ),
        subject=f"Họp xét công nhận {kinds} đạt tiêu chuẩn {STANDARD} năm {year}",
        started_at=session.opened_at or session.held_at,
        ended_at=ended_at,
        location=session.place,
        chair=Person(name=chair.full_name, post=f"{chair.post}, {chair.get_seat_display()}") if chair else Person(name="", post=""),
        secretary=Person(name=session.secretary, post="Thư ký phiên họp"),
        guests=(),
        attendance=tuple(
            Attendance(
                name=seat.member.full_name,
                post=seat.member.post,
                role=seat.member.get_seat_display(),
                presence="Có mặt" if seat.is_present else "Có ý kiến bằng văn bản" if seat.member_id in voters else "Vắng",
            )
            for seat in seats
        ),
        members=len(seats),
        present=took_part,
        quorum=sessions.quorum_of(session, len(seats)),
        majority=_majority_phrase(items),
        agenda=f"Xét {len(items):02d} hồ sơ đề nghị công nhận {kinds} đạt tiêu chuẩn {STANDARD} năm {year}.",
        appraisal=(_appraisal_paragraph([item.dossier for item in items]),),
        remarks=tuple(f"{item.dossier.participation.name}: {vote.note}" for item in items for vote in item.votes.all() if vote.note),
        items=tuple(_voted(item) for item in items),
        exclusions=tuple(
            Exclusion(member=conflict.member.full_name, unit=_name_in(conflict.unit_id, items), ground=conflict.ground)
            for conflict in session.conflicts.select_related("member").order_by("member__position", "pk")
        ),
        exceptions=(),
        conclusions=_conclusions(items),
        recipients=("Các thành viên Ban Chỉ đạo", f"{authority.standing_office} (Thường trực Ban Chỉ đạo)", "Lưu: hồ sơ Ban Chỉ đạo"),
        secretary_signature=Signature(lines=("THƯ KÝ",), name=session.secretary),
        chair_signature=Signature(lines=("CHỦ TỌA",), name=chair.full_name if chair else ""),
    )


def _majority_phrase(items: list[AgendaItem]) -> str:
    """The majority of the items' plans; with the kinds where they differ."""
    kinds: dict[str, list[str]] = {}
    for item in items:
        numerator, denominator = item.dossier.plan.majority_numerator, item.dossier.plan.majority_denominator
        part = "quá nửa" if (numerator, denominator) == (1, 2) else f"hơn {numerator}/{denominator}"
        kinds.setdefault(part, []).append(item.dossier.participation.get_kind_display())
    parts = [f"{part} ({kinds_phrase(labels)})" for part, labels in kinds.items()] if len(kinds) > 1 else list(kinds)
    return f"{', '.join(parts)} số thành viên có quyền biểu quyết"


def _appraisal_paragraph(dossiers: list[Dossier]) -> str:
    met = sum(dossier.result == "met" for dossier in dossiers)
    return (
        f"Thường trực Ban Chỉ đạo đã thẩm định {len(dossiers):02d} hồ sơ: {met:02d} hồ sơ được đề xuất đạt, "
        f"{len(dossiers) - met:02d} hồ sơ được đề xuất chưa đạt các tiêu chí của Thông tư số 124/2021/TT-BCA."
    )


def _voted(item: AgendaItem) -> VotedItem:
    tally = sessions.tally_of(item)
    participation = item.dossier.participation
    return VotedItem(
        code=participation.code,
        unit=participation.name,
        kind=participation.get_kind_display(),
        entitled=tally.entitled,
        in_favour=tally.met,
        against=tally.not_met,
        abstained=tally.abstained,
        excluded=tally.members - tally.entitled,
        carried=item.outcome == AgendaItem.Outcome.MET,
    )


def _name_in(unit_id: int, items: list[AgendaItem]) -> str:
    return next((item.dossier.participation.name for item in items if item.dossier.participation.unit_id == unit_id), "")


def _conclusions(items: list[AgendaItem]) -> tuple[str, ...]:
    count = {outcome: sum(item.outcome == outcome for item in items) for outcome in AgendaItem.Outcome.values}
    open_again = count["not_carried"] + count["no_quorum"]
    lines = [
        (count["met"], f"Thống nhất đề nghị công nhận {count['met']:02d} đơn vị."),
        (count["not_met"], f"Kết luận {count['not_met']:02d} đơn vị chưa đạt; thông báo lý do bằng văn bản cho từng đơn vị."),
        (open_again, f"Chưa kết luận đối với {open_again:02d} hồ sơ vì không đủ đa số hoặc không đủ thành viên; đưa ra phiên họp sau."),
    ]
    return tuple(text for number, text in lines if number)
