"""Writes of the register that are not changes of state."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from core import audit, clock, counters, outbox
from core.transitions import SYSTEM, Actor, DomainError, TransitionRefused, lock
from units.exclusions import first_exclusion
from units.models import Area, ContactPost, RoleGrant, Unit, UnitApplication, UnitVersion, User
from units.querysets import current
from units.roles import ManagingLevel
from units.states import ApplicationState

# ---------- Units ----------


def create_unit(*, actor: Actor, at: datetime, head: dict[str, str] | None, **facts: Any) -> Unit:
    """Enter a unit in the register with its code, first version and head; an excluded one is kept as an addressee only (ruling 33)."""
    on = clock.local_date(at)
    facts.setdefault("managing_level", ManagingLevel.COMMUNE)
    unit = Unit(**facts)
    if "subject" not in facts:
        unit.subject = first_exclusion(unit, on=on) is None
    try:
        with transaction.atomic():
            unit.code = f"DV-{unit.area.code}-{counters.take(f'unit:{unit.area.code}'):04d}"
            unit.save(force_insert=True)
            UnitVersion.objects.create(
                unit=unit,
                valid_from=unit.founded_on or on,
                name=unit.name,
                kind=unit.kind,
                area=unit.area,
                managing_level=unit.managing_level,
            )
            if head:
                set_contact(unit=unit, post=ContactPost.Post.HEAD, valid_from=on, actor=actor, **head)
            audit.record("unit.create", unit, actor=actor, data={"code": unit.code, "subject": unit.subject}, at=at)
            outbox.add("unit.created", unit_id=unit.pk)
    except IntegrityError as error:
        if "unit_tax_code_once_while_open" not in str(error):
            raise
        raise DomainError(
            _("Mã số thuế %(code)s đã có trong danh bạ. Tìm đơn vị này trước khi thêm mới.") % {"code": unit.tax_code}
        ) from error
    return unit


def set_contact(
    *, unit: Unit, post: str, full_name: str, title: str, valid_from: date, actor: Actor, phone: str = "", email: str = ""
) -> ContactPost:
    """Name the head or the contact of a unit from a day on; who held the post before leaves it the day before."""
    contact = ContactPost(unit=unit, post=post, full_name=full_name, title=title, phone=phone, email=email, valid_from=valid_from)
    with transaction.atomic():
        Unit._base_manager.select_for_update(of=("self",), no_key=True).get(pk=unit.pk)
        held = unit.contacts.filter(post=post, valid_to__isnull=True)
        held.filter(valid_from__gte=valid_from).delete()
        held.update(valid_to=date.fromordinal(valid_from.toordinal() - 1))
        contact.save(force_insert=True)
        audit.record("unit.contact", unit, actor=actor, data={"post": post, "from": valid_from.isoformat()})
    return contact


# ---------- Accounts ----------


def open_account(
    *,
    username: str,
    full_name: str,
    actor: Actor,
    at: datetime,
    password: str | None = None,
    password_hash: str = "",
    post: str = "",
    phone: str = "",
    email: str = "",
    must_change_password: bool = False,
) -> User:
    """Open an account under a name in small letters; the password comes plain or already hashed, or not at all."""
    user = User(
        username=username.strip().lower(),
        full_name=full_name,
        post=post,
        phone=phone,
        email=email.strip().lower(),
        must_change_password=must_change_password,
        created_at=at,
    )
    if password_hash:
        user.password = password_hash
    else:
        user.set_password(password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
            audit.record("account.open", user, actor=actor, at=at)
    except IntegrityError as error:
        if "user_email_once" in str(error):
            raise DomainError(_("Thư điện tử này đã gắn với một tài khoản khác. Dùng thư khác hoặc để trống.")) from error
        if "username" in str(error):
            raise DomainError(_("Tên đăng nhập “%(name)s” đã có người dùng. Chọn tên khác.") % {"name": user.username}) from error
        raise
    return user


def grant_role(
    *,
    user: User,
    role: str,
    valid_from: date,
    actor: Actor,
    at: datetime,
    area: Area | None = None,
    unit: Unit | None = None,
    valid_to: date | None = None,
) -> RoleGrant:
    """Give a user a role in an area or in a unit from a day on; a role held already is not given twice."""
    with transaction.atomic():
        User._base_manager.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
        if user.grants.filter(current(valid_from), role=role, area=area, unit=unit).exists():
            raise DomainError(_("%(user)s đã có vai trò này từ trước.") % {"user": user})
        grant = RoleGrant.objects.create(user=user, role=role, area=area, unit=unit, valid_from=valid_from, valid_to=valid_to)
        audit.record("role.grant", grant, actor=actor, data={"user": user.pk, "role": role}, at=at)
    user.forget_grants()
    return grant


# ---------- Applications ----------


def save_application(application: UnitApplication, *, actor: Actor, at: datetime, step: int, **facts: Any) -> UnitApplication:
    """Keep what one step of the registration page asked; the row is made with the first step."""
    with transaction.atomic():
        row = lock(application) if application.pk else application
        if row.state not in {ApplicationState.DRAFT, ApplicationState.REFUSED}:
            raise TransitionRefused(_("Đăng ký này đã gửi đi, không sửa được nữa."))
        if "kind" in facts and facts["kind"] != row.kind:
            # another kind asks for other facts
            row.step = min(row.step, 2 if row.area_id else 1)
        for name, value in facts.items():
            setattr(row, name, value)
        row.step = max(row.step, step)
        if row._state.adding:
            row.created_at = at
        row.save()
        audit.record("application.save", row, actor=actor, data={"step": step}, at=at)
    return row


def claim_application(application: UnitApplication, *, applicant: User, at: datetime) -> UnitApplication:
    """Make a draft the application of the person who sends it."""
    with transaction.atomic():
        row = lock(application)
        if row.applicant_id not in {None, applicant.pk}:
            raise TransitionRefused(_("Đăng ký này đã gửi đi. Đăng nhập để xem kết quả."))
        row.applicant = applicant
        row.save(update_fields=["applicant"])
        audit.record("application.claim", row, actor=applicant, at=at)
    return row


def forget_drafts(*, before: datetime) -> int:
    """Delete drafts that nobody sent: they hold a person's name and nobody's decision."""
    with transaction.atomic():
        deleted, _by_model = UnitApplication.objects.filter(state=ApplicationState.DRAFT, created_at__lt=before).delete()
        if deleted:
            audit.record("application.forget", None, actor=SYSTEM, data={"count": deleted})
    return deleted


# ---------- Areas ----------

REACH_LOCK = 4_126_001  # any number of our own: rebuilding waits for rebuilding, and for nothing else

# An area reaches itself, what lies below it and what it came from; and so on from there.
REACH = """
    WITH RECURSIVE step (viewer, area) AS (
        SELECT parent_id, id FROM units_area WHERE parent_id IS NOT NULL
        UNION
        SELECT successor_id, predecessor_id FROM units_areasuccession
    ),
    reach (viewer, area) AS (
        SELECT id, id FROM units_area
        UNION
        SELECT reach.viewer, step.area FROM reach JOIN step ON step.viewer = reach.area
    )
"""
DROP_STALE = f"""{REACH}
    DELETE FROM units_areareach AS held
    WHERE NOT EXISTS (SELECT FROM reach WHERE reach.viewer = held.viewer_id AND reach.area = held.area_id)
"""
ADD_MISSING = f"""{REACH}
    INSERT INTO units_areareach (viewer_id, area_id)
    SELECT viewer, area FROM reach
    ON CONFLICT DO NOTHING
"""


@transaction.atomic
def rebuild_area_reach() -> int:
    """Bring ``AreaReach`` in line with areas and successions; the number of rows that changed. Readers never see it empty."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [REACH_LOCK])
        cursor.execute(DROP_STALE)
        dropped: int = cursor.rowcount
        cursor.execute(ADD_MISSING)
        added: int = cursor.rowcount
        if dropped + added:
            # the planner must know at once how many places there are: without it a look-up by reach took minutes, not milliseconds
            cursor.execute("ANALYZE units_area, units_areasuccession, units_areareach")
    return dropped + added
