"""A committee session: opened by the standing office, closed by who presides, with minutes frozen at that moment."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from core import files, outbox, pdf
from core.transitions import Actor, DomainError, perform
from evaluations import states
from evaluations.models import CommitteeSession
from evaluations.operations import minutes
from evaluations.operations import session as sessions
from movement.models import SteeringCommittee


def open_session(session: CommitteeSession, *, actor: Actor, at: datetime) -> CommitteeSession:
    """Begin: agenda and members stand, conflicts are known, somebody presides, ballots may be cast."""
    with perform(states.OPEN_SESSION, session, actor=actor) as row:
        if not row.items.exists():
            raise DomainError(_("Chương trình chưa có hồ sơ nào. Hãy chọn hồ sơ trước khi khai mạc."))
        sessions.refresh_conflicts(row)
        row.opened_at = at
        row.chair = sessions.presiding_member(row, unit_ids=sessions.agenda_units(row))
        if row.chair is None:
            raise DomainError(
                _(
                    "Không thành viên nào không có xung đột lợi ích với mọi hồ sơ trong chương trình. Hãy tách các hồ sơ thành nhiều "
                    "phiên họp; hồ sơ mà mọi thành viên đều có xung đột thì báo cáo Ban Chỉ đạo cấp trên trực tiếp."
                )
            )
        outbox.add("session.opened", session_id=row.pk)
    return row


def close_session(session: CommitteeSession, *, actor: Actor, at: datetime) -> CommitteeSession:
    """End a session once voting on every item has ended; the minutes are rendered now and never again.

    Items without a quorum or a majority stay proposed and may come before another session.
    """
    with perform(states.CLOSE_SESSION, session, actor=actor) as row:
        units = sessions.agenda_units(row)
        sessions.require_presiding(actor, row, unit_ids=units)
        waiting = row.items.filter(voting_closed_at__isnull=True).count()
        if waiting:
            raise DomainError(_("Còn %(count)s mục chưa kết thúc bỏ phiếu.") % {"count": waiting})
        row.chair = sessions.presiding_member(row, unit_ids=units)
        SteeringCommittee.objects.select_for_update(no_key=True).get(pk=row.committee_id)  # one number per minutes
        document = minutes.minutes_document(row, ended_at=at)
        number = minutes.number_of(row, closed_at=at)
        row.minutes = files.store_bytes(
            pdf.render(document.template, document),
            name=f"Biên bản số {number:02d}-{minutes.symbol_of(row.committee)} năm {row.campaign.year}.pdf",
            content_type="application/pdf",
            purpose="session.minutes",
            created_by=actor,
        )
        row.closed_at, row.closed_by_id = at, actor.pk
        outbox.add("session.closed", session_id=row.pk)
    return row
