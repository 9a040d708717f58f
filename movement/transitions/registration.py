"""The registration goes from draft over the head's signature to the standing office."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from core import files, outbox
from core.models import StoredFile
from core.transitions import Actor, DomainError, perform
from movement import calendar, commitments, policies, states
from movement.models import Commitment, HouseholdCount, MilestoneCode, Registration
from units.models import User
from units.roles import UnitKind


def prepare_registration(registration: Registration, *, actor: Actor, at: datetime) -> Registration:
    """Lay the complete registration before the head."""
    with perform(states.PREPARE, registration, actor=actor) as row:
        _judge_open(row, at)
        _judge_complete(row)
        preparer = _person(actor)
        if row.on_behalf == policies.is_of_unit(preparer, row.participation):
            raise DomainError(
                _("Bản đăng ký đang do xã nhập thay. Hãy mở, kiểm tra và lưu lại để đơn vị tự trình ký.")
                if row.on_behalf
                else _("Bản đăng ký do đơn vị tự soạn. Muốn nhập thay, hãy mở bản nhập thay và lưu lại.")
            )
        row.prepared_by = preparer
        row.prepared_at = at
        row.return_reason = ""
    return row


def decline_registration(registration: Registration, *, actor: Actor, at: datetime, reason: str) -> Registration:
    """The head does not sign yet and says what is to be changed."""
    with perform(states.DECLINE, registration, actor=actor, reason=reason) as row:
        if not reason.strip():
            raise DomainError(_("Hãy ghi điều cần sửa trước khi ký."))
        row.return_reason = reason
        row.version += 1
        outbox.add("registration.declined", registration_id=row.pk)
    return row


def sign_registration(
    registration: Registration, *, actor: Actor, at: datetime, signed_paper: StoredFile | None = None, late_reason: str = ""
) -> Registration:
    """Sign: the commitment becomes a file that never changes, and the registration goes to the standing office.

    On behalf, the scribe signs with the scan of the signed paper (ruling 44). After the last day a reason is asked and the row is
    marked as late (circular-124.md 11: late registration is allowed, criterion 1 stays for the appraiser to judge).
    """
    with perform(states.SIGN, registration, actor=actor) as row:
        _judge_open(row, at)
        _judge_complete(row)
        if row.on_behalf and signed_paper is None:
            raise DomainError(_("Nhập thay phải kèm bản scan giấy đăng ký, cam kết đã có chữ ký của thủ trưởng đơn vị."))
        row.is_late = calendar.is_late(row.participation, MilestoneCode.REGISTRATION, at=at)
        row.late_reason = late_reason.strip() if row.is_late else ""
        if row.is_late and not row.late_reason:
            raise DomainError(_("Đã quá hạn đăng ký. Hãy ghi lý do đăng ký muộn."))
        row.signed_paper = signed_paper if row.on_behalf else None
        signer = _person(actor)
        row.signed_by, row.signed_at = signer, at
        _freeze_commitment(row, signer=signer, at=at)
        outbox.add("registration.signed", registration_id=row.pk)
    return row


def return_registration(registration: Registration, *, actor: Actor, at: datetime, reason: str) -> Registration:
    """The standing office sends the registration back with what is to be changed."""
    with perform(states.RETURN, registration, actor=actor, reason=reason) as row:
        if not reason.strip():
            raise DomainError(_("Hãy ghi lý do trả lại để đơn vị biết cần sửa gì."))
        row.return_reason = reason
        row.version += 1
        outbox.add("registration.returned", registration_id=row.pk)
    return row


def receive_registration(registration: Registration, *, actor: Actor, at: datetime) -> Registration:
    """The standing office takes the registration: the unit is registered (ruling 3) and its dossier opens."""
    with perform(states.RECEIVE, registration, actor=actor) as row:
        row.received_by = _person(actor)
        row.received_at = at
        outbox.add("registration.received", participation_id=row.participation_id)
    return row


def _judge_open(row: Registration, at: datetime) -> None:
    campaign = row.participation.campaign
    if not campaign.is_open(at):
        raise DomainError(_("Đợt %(title)s không còn mở.") % {"title": campaign.title})


def _judge_complete(row: Registration) -> None:
    if not row.goals.strip():
        raise DomainError(_("Chưa ghi nội dung phấn đấu trong năm."))
    if (
        row.participation.kind == UnitKind.RESIDENTIAL_AREA
        and not HouseholdCount.objects.filter(participation=row.participation_id).exists()
    ):
        raise DomainError(_("Chưa ghi số hộ đang cư trú và số hộ đăng ký tham gia."))


def _person(actor: Actor) -> User:
    """Nothing of a registration happens by the clock: a name stands under each step."""
    if not isinstance(actor, User):
        raise DomainError(_("Việc này phải do một người thực hiện."))
    return actor


def _freeze_commitment(row: Registration, *, signer: User, at: datetime) -> None:
    """Print the commitment once and keep it under its hash; a former one is superseded, none is deleted."""
    template = commitments.template_for(row.participation.kind)
    document = commitments.document_of(row, template=template, signer=signer, signed_at=at, on=at)
    former = row.commitments.filter(superseded_at__isnull=True)
    version = row.commitments.count() + 1
    former.update(superseded_at=at)
    stored = files.store_bytes(
        commitments.render(document),
        name=f"Ban-cam-ket-{row.participation.code}-{version}.pdf",
        content_type="application/pdf",
        purpose=commitments.PURPOSE,
        created_by=signer,
    )
    Commitment.objects.create(
        registration=row,
        version=version,
        template=template,
        file=stored,
        prepared_by=row.prepared_by or signer,
        signed_by=signer,
        signed_at=at,
    )
