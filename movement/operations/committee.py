"""Steering committees and their seats, kept by the standing office of the level."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from core import audit
from core.transitions import SYSTEM, Actor, DomainError
from movement import policies
from movement.models import CommitteeMembership, SteeringCommittee
from units.models import Authority, User


def found_committee(
    *,
    authority: Authority,
    name: str,
    symbol: str,
    founding_reference: str,
    valid_from: date,
    actor: Actor,
    at: datetime,
    valid_to: date | None = None,
) -> SteeringCommittee:
    """A committee by its founding decision; an authority has one in force."""
    with transaction.atomic():
        _judge(authority, actor)
        Authority.objects.select_for_update(no_key=True).get(pk=authority.pk)
        if valid_to is None and SteeringCommittee.objects.filter(authority=authority, valid_to__isnull=True).exists():
            raise DomainError(_("Đang có một Ban Chỉ đạo còn hiệu lực. Hãy ghi ngày kết thúc của Ban Chỉ đạo đó trước."))
        committee = SteeringCommittee.objects.create(
            authority=authority, name=name, symbol=symbol, founding_reference=founding_reference, valid_from=valid_from, valid_to=valid_to
        )
        audit.record("committee.found", committee, actor=actor, data={"founding_reference": founding_reference}, at=at)
    return committee


def change_committee(
    committee: SteeringCommittee,
    *,
    name: str,
    symbol: str,
    founding_reference: str,
    valid_from: date,
    actor: Actor,
    at: datetime,
    valid_to: date | None = None,
) -> SteeringCommittee:
    """Correct a committee or write down its last day."""
    with transaction.atomic():
        row = SteeringCommittee.objects.select_for_update(of=("self",), no_key=True).select_related("authority").get(pk=committee.pk)
        _judge(row.authority, actor)
        others = SteeringCommittee.objects.filter(authority=row.authority, valid_to__isnull=True).exclude(pk=row.pk)
        if valid_to is None and others.exists():
            raise DomainError(_("Đang có một Ban Chỉ đạo khác còn hiệu lực, Ban Chỉ đạo này phải có ngày kết thúc."))
        row.name, row.symbol, row.founding_reference = name, symbol, founding_reference
        row.valid_from, row.valid_to = valid_from, valid_to
        row.save()
        audit.record("committee.change", row, actor=actor, data={"name": name, "valid_to": str(valid_to or "")}, at=at)
    return row


def add_member(
    committee: SteeringCommittee,
    *,
    full_name: str,
    post: str,
    seat: str,
    position: int,
    valid_from: date,
    actor: Actor,
    at: datetime,
    user: User | None = None,
    valid_to: date | None = None,
) -> CommitteeMembership:
    """A seat in the committee from a day; ``user`` is the account that votes."""
    with transaction.atomic():
        _lock_committee(committee, actor)
        member = CommitteeMembership(
            committee=committee,
            user=user,
            full_name=full_name,
            post=post,
            seat=seat,
            position=position,
            valid_from=valid_from,
            valid_to=valid_to,
        )
        _judge_seat(member)
        member.save()
        audit.record("committee.member.add", member, actor=actor, data={"seat": seat, "user": member.user_id}, at=at)
    return member


def change_member(
    member: CommitteeMembership,
    *,
    full_name: str,
    post: str,
    seat: str,
    position: int,
    valid_from: date,
    actor: Actor,
    at: datetime,
    user: User | None = None,
    valid_to: date | None = None,
) -> CommitteeMembership:
    """Correct a seat or write down its last day; its account stays, for the ballots of past sessions hang on the seat."""
    with transaction.atomic():
        _lock_committee(member.committee, actor)
        row = CommitteeMembership.objects.select_for_update(of=("self",), no_key=True).get(pk=member.pk)
        if row.user_id is not None and row.user_id != getattr(user, "pk", None):
            raise DomainError(_("Dòng này đã gắn với một tài khoản. Hãy ghi ngày kết thúc rồi thêm một dòng cho người mới."))
        row.user, row.full_name, row.post, row.seat, row.position = user, full_name, post, seat, position
        row.valid_from, row.valid_to = valid_from, valid_to
        _judge_seat(row)
        row.save()
        data = {"seat": seat, "user": row.user_id, "valid_to": str(valid_to or "")}
        audit.record("committee.member.change", row, actor=actor, data=data, at=at)
    return row


def _judge(authority: Authority, actor: Actor) -> None:
    if actor is not SYSTEM and not policies.can_keep_committee(actor, authority):  # type: ignore[arg-type]
        raise PermissionDenied


def _lock_committee(committee: SteeringCommittee, actor: Actor) -> None:
    row = SteeringCommittee.objects.select_for_update(of=("self",), no_key=True).select_related("authority").get(pk=committee.pk)
    _judge(row.authority, actor)


def _judge_seat(member: CommitteeMembership) -> None:
    """One chair at a time, and an account sits once."""
    until = member.valid_to or date.max
    same_time = (
        CommitteeMembership.objects.filter(committee=member.committee_id, valid_from__lte=until)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=member.valid_from))
        .exclude(pk=member.pk)
    )
    if member.seat == CommitteeMembership.Seat.CHAIR and same_time.filter(seat=CommitteeMembership.Seat.CHAIR).exists():
        raise DomainError(_("Ban Chỉ đạo đã có Trưởng ban trong thời gian này. Hãy ghi ngày kết thúc của người trước."))
    if member.user_id is not None and same_time.filter(user=member.user_id).exists():
        raise DomainError(_("Tài khoản này đã giữ một vai trò trong Ban Chỉ đạo. Hãy sửa dòng đó."))
