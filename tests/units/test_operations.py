"""Entering units, accounts and roles."""

from datetime import timedelta

import pytest

from core import clock
from core.models import AuditEvent, Counter
from core.transitions import SYSTEM, DomainError
from tests.factories.units import make_application
from units import operations
from units.models import UnitApplication
from units.roles import ManagingLevel, Role, UnitKind

HEAD = {"full_name": "Lò Văn Tám", "title": "Trưởng bản", "phone": "+84912345678", "email": ""}


def create(world, **facts):
    values = {"kind": UnitKind.RESIDENTIAL_AREA, "name": "Bản Mới", "area": world.commune, "household_count": 40} | facts
    return operations.create_unit(actor=world.cast.commune_officer, at=world.at, head=HEAD, **values)


def test_create_unit_numbers_units_within_their_commune(world):
    units = [create(world, name="Bản Một"), create(world, name="Bản Hai"), create(world, name="Bản Ba", area=world.neighbour)]

    assert [unit.code for unit in units] == ["DV-03390-0001", "DV-03390-0002", "DV-03391-0001"]


def test_create_unit_writes_version_head_and_audit(world):
    unit = create(world)

    on = clock.local_date(world.at)
    assert list(unit.versions.values_list("valid_from", "valid_to", "name")) == [(on, None, "Bản Mới")]
    assert list(unit.contacts.values_list("post", "full_name", "title", "phone", "valid_from")) == [
        ("head", "Lò Văn Tám", "Trưởng bản", "+84912345678", on)
    ]
    events = AuditEvent.objects.filter(target_id=unit.pk, target_type__model="unit").values_list("verb", "actor")
    assert set(events) == {("unit.create", world.cast.commune_officer.pk), ("unit.contact", world.cast.commune_officer.pk)}


def test_create_unit_keeps_an_excluded_one_as_addressee_only(world):
    kindergarten = create(world, kind=UnitKind.SCHOOL, name="Trường mầm non Hoa Ban", school_level="kindergarten")

    assert (create(world).subject, kindergarten.subject) == (True, False)


def test_create_unit_refuses_a_tax_code_of_an_open_unit_and_leaves_no_gap(world):
    with pytest.raises(DomainError, match="6200001236"):
        create(world, kind=UnitKind.AGENCY, tax_code="6200001236")

    assert not Counter.objects.filter(key="unit:03390", value__gt=0).exists()


def test_set_contact_ends_the_post_of_the_former_head(world):
    on = clock.local_date(world.at)

    operations.set_contact(unit=world.agency, post="head", valid_from=on, actor=SYSTEM, **HEAD)

    assert list(world.agency.contacts.order_by("valid_from").values_list("full_name", "valid_to"))[-2:] == [
        ("Người Đứng Đầu 3", on - timedelta(days=1)),
        ("Lò Văn Tám", None),
    ]


def test_open_account_writes_the_name_small_and_hashes_the_password(world):
    user = operations.open_account(username=" Ban.Moi ", full_name="Lò Văn Tám", password="mat-khau-rat-dai", actor=SYSTEM, at=world.at)

    assert (user.username, user.check_password("mat-khau-rat-dai")) == ("ban.moi", True)


def test_open_account_without_a_password_cannot_be_signed_in(world):
    user = operations.open_account(username="ban.moi", full_name="Lò Văn Tám", actor=SYSTEM, at=world.at)

    assert not user.has_usable_password()


@pytest.mark.parametrize(
    ("taken", "words"),
    [
        ({"username": "BAN.TRUONG"}, "Tên đăng nhập “ban.truong” đã có người dùng"),
        ({"email": "ban.truong@example.invalid"}, "đã gắn với một tài khoản khác"),
    ],
)
def test_open_account_refuses_a_taken_name_or_mail(world, taken, words):
    with pytest.raises(DomainError, match=words):
        operations.open_account(**{"username": "ban.moi", "full_name": "A", "actor": SYSTEM, "at": world.at} | taken)


def test_grant_role_counts_at_once_for_a_loaded_user(world):
    user = world.cast.nobody
    before = user.has_role(Role.UNIT_HEAD)

    operations.grant_role(
        user=user, role=Role.UNIT_HEAD, unit=world.agency, valid_from=clock.local_date(world.at), actor=SYSTEM, at=world.at
    )

    assert (before, user.has_role(Role.UNIT_HEAD, unit_id=world.agency.pk)) == (False, True)


def test_grant_role_is_not_given_twice(world):
    with pytest.raises(DomainError, match="đã có vai trò này"):
        operations.grant_role(
            user=world.cast.head,
            role=Role.UNIT_HEAD,
            unit=world.residential_area,
            valid_from=clock.local_date(world.at),
            actor=SYSTEM,
            at=world.at,
        )


def test_save_application_asks_anew_when_the_kind_changes(world):
    draft = make_application(world.commune)

    kept = operations.save_application(draft, actor=SYSTEM, at=world.at, step=1, kind=UnitKind.SCHOOL)

    assert (kept.step, kept.area, kept.is_complete()) == (2, world.commune, False)


def test_save_application_leaves_a_sent_one_alone(world):
    sent = make_application(world.commune, world.cast.nobody, state="submitted")

    with pytest.raises(DomainError, match="đã gửi đi"):
        operations.save_application(sent, actor=SYSTEM, at=world.at, step=3, name="Tên khác")

    assert UnitApplication.objects.get(pk=sent.pk).name == "Bản Noong Quang"


def test_claim_application_belongs_to_the_first(world):
    draft = make_application(world.commune, world.cast.nobody)

    with pytest.raises(DomainError, match="đã gửi đi"):
        operations.claim_application(draft, applicant=world.cast.leader, at=world.at)


def test_forget_drafts_deletes_old_drafts_and_nothing_else(world):
    old = world.at - timedelta(days=40)
    make_application(world.commune, created_at=old)
    kept = [make_application(world.commune), make_application(world.commune, world.cast.nobody, state="refused", created_at=old)]

    deleted = operations.forget_drafts(before=world.at - timedelta(days=30))

    assert (deleted, list(UnitApplication.objects.order_by("pk"))) == (1, kept)


def test_unit_of_ministry_level_may_be_entered(world):
    unit = create(world, kind=UnitKind.AGENCY, managing_level=ManagingLevel.MINISTRY)

    assert unit.versions.get().managing_level == "ministry"
