"""The first quarter of a unit: registration prepared, signed with its commitment, received; by its own people or on its behalf."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

from core import files
from core.models import StoredFile
from movement.models import Participation, Registration
from movement.operations import save_registration
from movement.transitions import (
    decline_registration,
    prepare_registration,
    receive_registration,
    return_registration,
    sign_registration,
)
from reports.demo.fates import Fate
from reports.demo.moments import Moments
from reports.demo.offices import Office, People
from units.models import User
from units.roles import UnitKind

GOALS = "Giữ vững an ninh, trật tự; không để xảy ra tội phạm nghiêm trọng, cháy nổ; duy trì mô hình tự quản."


def register(office: Office, participation: Participation, people: People, fate: Fate, moments: Moments) -> Registration:
    """From draft to received, by the road the fate takes."""
    at = moments.register_late if fate == Fate.LATE else moments.register
    registration = sign(office, participation, people, fate, at)
    _scribe, receiver = office.officers
    if fate == Fate.REGISTRATION_RETURNED:
        returned = return_registration(registration, actor=receiver, at=at, reason="Bổ sung số nghị quyết của cấp ủy.")
        registration = sign(office, returned.participation, people, Fate.PLAIN, at)
    return receive_registration(registration, actor=receiver, at=at)


def sign(office: Office, participation: Participation, people: People, fate: Fate, at: datetime) -> Registration:
    """Prepare and sign; the commitment is frozen."""
    if fate == Fate.ON_BEHALF:
        scribe, _receiver = office.officers
        prepared = prepare(participation, scribe, at, on_behalf=True)
        return sign_registration(prepared, actor=scribe, at=at, signed_paper=scan(scribe, participation))
    prepared = prepare(participation, people.preparer, at)
    if fate == Fate.DECLINED:
        decline_registration(prepared, actor=people.head, at=at, reason="Ghi rõ số, ngày của kế hoạch.")
        prepared = prepare(participation, people.preparer, at)
    reason = "Đơn vị mới kiện toàn, đăng ký sau quý I." if fate == Fate.LATE else ""
    return sign_registration(prepared, actor=people.head, at=at, late_reason=reason)


def prepare(participation: Participation, actor: User, at: datetime, *, on_behalf: bool = False) -> Registration:
    """Fill the registration in and lay it before the head."""
    registration = Registration.objects.get(participation=participation)
    households = participation.unit.household_count if participation.kind == UnitKind.RESIDENTIAL_AREA else None
    saved = save_registration(
        registration,
        version=registration.version,
        actor=actor,
        at=at,
        goals=GOALS,
        resolution_number=f"02-NQ/CB ngày 15/01/{participation.campaign.year}",
        plan_number=f"03/KH ngày 20/01/{participation.campaign.year}",
        on_behalf=on_behalf,
        household_total=households,
        household_signed_up=households,
    )
    return prepare_registration(saved, actor=actor, at=at)


def scan(scribe: User, participation: Participation) -> StoredFile:
    """The scan of a signed paper: a page of its own for each unit."""
    import pikepdf  # noqa: PLC0415 -- slow import

    content = BytesIO()
    with pikepdf.new() as paper:
        paper.add_blank_page(page_size=(595, 842))
        paper.docinfo["/Title"] = f"Bản giấy {participation.code}"
        paper.save(content, deterministic_id=True)
    return files.store_bytes(
        content.getvalue(),
        name=f"Ban-giay-{participation.code}.pdf",
        content_type="application/pdf",
        purpose="signed_paper",
        created_by=scribe,
    )
