"""Rows of the movement: the least that is valid, and registrations brought to a state by the product's own transitions."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace

from core import files
from core.models import StoredFile
from movement import operations, transitions
from movement.models import Participation, Registration
from movement.states import RegistrationState
from tests.world import World, make_participation, make_unit
from units.models import Unit, User
from units.roles import UnitKind

PAPER = b"%PDF-1.7 signed paper %%EOF"


def fill(registration: Registration, *, actor: User, at: datetime, on_behalf: bool = False, **changes: object) -> Registration:
    """The registration with everything a signature needs; a residential area with 120 of 120 households."""
    residential = registration.participation.kind == UnitKind.RESIDENTIAL_AREA
    values = {
        "goals": "Giữ vững an ninh, trật tự.",
        "resolution_number": "05-NQ/CB ngày 12/01/2026",
        "plan_number": "",
        "household_total": 120 if residential else None,
        "household_signed_up": 120 if residential else None,
    }
    version = Registration.objects.get(pk=registration.pk).version
    return operations.save_registration(
        registration,
        version=version,
        actor=actor,
        at=at,
        on_behalf=on_behalf,
        **{**values, **changes},  # type: ignore[arg-type]
    )


def bring(registration: Registration, state: str, *, cast: SimpleNamespace, at: datetime) -> Registration:
    """The registration of the world's residential area, carried to ``state`` by its head and the commune's officer."""
    if state == RegistrationState.DRAFT:
        return fill(registration, actor=cast.officer, at=at)
    row = transitions.prepare_registration(fill(registration, actor=cast.officer, at=at), actor=cast.officer, at=at)
    if state == RegistrationState.PREPARED:
        return row
    row = transitions.sign_registration(row, actor=cast.head, at=at)
    if state == RegistrationState.SIGNED:
        return row
    if state == RegistrationState.RETURNED:
        return transitions.return_registration(row, actor=cast.commune_officer, at=at, reason="Thiếu nghị quyết.")
    return transitions.receive_registration(row, actor=cast.commune_officer, at=at)


def paper(created_by: User) -> StoredFile:
    """The scan of a signed paper."""
    return files.store_bytes(
        PAPER, name="giay-da-ky.pdf", content_type="application/pdf", purpose="registration.paper", created_by=created_by
    )


def more_residential_areas(world: World, count: int) -> list[Participation]:
    """Further residential areas of the commune, invited, for lists of several rows."""
    units: list[Unit] = [make_unit(UnitKind.RESIDENTIAL_AREA, f"Bản Thêm {number}", world.commune) for number in range(1, count + 1)]
    return [make_participation(world.campaign, unit, world.commune, world.commune_authority, world.at) for unit in units]
