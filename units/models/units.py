"""Who: the organisations of the register, with their dated history and the law's exclusions."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from core.models import SortKeyField, Stateful
from units.models.areas import Area, DateRange
from units.models.people import User
from units.querysets import UnitApplicationQuerySet, UnitQuerySet
from units.roles import ManagingLevel, UnitKind
from units.states import ApplicationState


class Sector(models.TextChoices):
    """The two columns of NĐ 80/2021/NĐ-CP, Điều 5."""

    PRODUCTION = "production", _("Nông, lâm nghiệp, thủy sản; công nghiệp; xây dựng")
    SERVICES = "services", _("Thương mại và dịch vụ")


class SchoolLevel(models.TextChoices):
    NURSERY = "nursery", _("Nhà trẻ")
    KINDERGARTEN = "kindergarten", _("Trường mầm non, mẫu giáo")
    PRIMARY = "primary", _("Trường tiểu học")
    LOWER_SECONDARY = "lower_secondary", _("Trường trung học cơ sở")
    UPPER_SECONDARY = "upper_secondary", _("Trường trung học phổ thông")
    MIXED_GENERAL = "mixed_general", _("Trường phổ thông có nhiều cấp học")
    VOCATIONAL = "vocational", _("Cơ sở giáo dục nghề nghiệp, giáo dục thường xuyên")
    HIGHER = "higher", _("Trường cao đẳng, đại học, học viện")


GENERAL_EDUCATION = frozenset({SchoolLevel.PRIMARY, SchoolLevel.LOWER_SECONDARY, SchoolLevel.UPPER_SECONDARY, SchoolLevel.MIXED_GENERAL})


# A commune is entered with its area, never by registration.
SELF_REGISTERED_KINDS = (UnitKind.RESIDENTIAL_AREA, UnitKind.AGENCY, UnitKind.ENTERPRISE, UnitKind.SCHOOL)
# What an application must say of itself, beside name, address and place, before the exclusions can be judged.
REQUIRED_FACTS = {
    UnitKind.RESIDENTIAL_AREA: ("household_count",),
    UnitKind.AGENCY: ("headcount",),
    UnitKind.ENTERPRISE: ("tax_code", "sector", "insured_headcount", "revenue", "capital"),
    UnitKind.SCHOOL: ("school_level", "headcount", "learner_count"),
}


class UnitFacts(models.Model):
    """What the exclusions of TT 124/2021 Đ1.2.b and its criteria ask of a unit."""

    kind = models.CharField(_("loại đơn vị"), max_length=20, choices=UnitKind.choices)
    name = models.CharField(_("tên đơn vị"), max_length=200)
    area = models.ForeignKey(Area, models.PROTECT, related_name="%(class)ss", verbose_name=_("xã, phường, đặc khu"))
    address = models.CharField(_("địa chỉ"), max_length=200, blank=True)
    managing_level = models.CharField(_("cấp quản lý"), max_length=10, choices=ManagingLevel.choices, default=ManagingLevel.COMMUNE)
    tax_code = models.CharField(_("mã số thuế"), max_length=14, blank=True)
    headcount = models.PositiveIntegerField(_("số người làm việc"), null=True, blank=True)
    insured_headcount = models.PositiveIntegerField(_("số lao động tham gia bảo hiểm xã hội"), null=True, blank=True)
    learner_count = models.PositiveIntegerField(_("số người học"), null=True, blank=True)
    household_count = models.PositiveIntegerField(_("số hộ"), null=True, blank=True)
    sector = models.CharField(_("lĩnh vực"), max_length=12, choices=Sector.choices, blank=True)
    revenue = models.DecimalField(_("doanh thu năm trước (tỷ đồng)"), max_digits=12, decimal_places=3, null=True, blank=True)
    capital = models.DecimalField(_("nguồn vốn năm trước (tỷ đồng)"), max_digits=12, decimal_places=3, null=True, blank=True)
    school_level = models.CharField(_("cấp học"), max_length=20, choices=SchoolLevel.choices, blank=True)
    is_armed_forces = models.BooleanField(_("đơn vị lực lượng vũ trang"), default=False)
    has_party_organisation = models.BooleanField(_("có tổ chức Đảng"), default=True)
    has_guard_force = models.BooleanField(_("có lực lượng bảo vệ"), default=True)
    sub_unit_count = models.PositiveIntegerField(_("số đầu mối trực thuộc"), null=True, blank=True)
    founded_on = models.DateField(_("ngày thành lập"), null=True, blank=True)

    class Meta:
        abstract = True


FACT_FIELDS = tuple(field.name for field in UnitFacts._meta.local_fields)


class Unit(UnitFacts):
    """An organisation of the register. ``subject`` is false for a body that may only be an addressee (ruling 33)."""

    code = models.CharField(_("mã đơn vị"), max_length=20, unique=True)
    sort_key = SortKeyField("name")
    name_fold = models.GeneratedField(
        expression=Func(F("name"), function="vn_fold", output_field=models.TextField()), output_field=models.TextField(), db_persist=True
    )
    governs = models.OneToOneField(Area, models.PROTECT, null=True, blank=True, related_name="governing_unit")
    subject = models.BooleanField(_("thuộc đối tượng xét công nhận"), default=True)
    closed_on = models.DateField(_("ngày giải thể"), null=True, blank=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["sort_key"]
        indexes: ClassVar = [
            GinIndex(fields=["name_fold"], opclasses=["gin_trgm_ops"], name="unit_name_trigrams"),
            models.Index(fields=["area", "kind"], name="unit_by_area_kind"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(governs__isnull=True) | Q(kind=UnitKind.COMMUNE), name="unit_only_commune_governs"),
            models.CheckConstraint(condition=Q(kind__in=UnitKind.values), name="unit_kind_known"),
            models.UniqueConstraint(
                fields=["tax_code"], condition=~Q(tax_code="") & Q(closed_on__isnull=True), name="unit_tax_code_once_while_open"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class UnitVersion(models.Model):
    """How a unit was called, and what it was, for a span of days."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="versions")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=UnitKind.choices)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    managing_level = models.CharField(max_length=10, choices=ManagingLevel.choices)
    ground = models.CharField(_("căn cứ"), max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["unit", "valid_from"]
        constraints: ClassVar = [
            ExclusionConstraint(
                name="unitversion_does_not_overlap",
                expressions=[
                    ("unit", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to", Value("[]")), RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        return self.name


class UnitSuccession(models.Model):
    """A unit that came from another by merger or division; titles stay with the predecessor (ruling 20)."""

    class Kind(models.TextChoices):
        MERGE = "merge", _("sáp nhập")
        SPLIT = "split", _("chia, tách")

    predecessor = models.ForeignKey(Unit, models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Unit, models.PROTECT, related_name="precessions")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    on = models.DateField()
    ground = models.CharField(_("căn cứ"), max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["predecessor", "successor"], name="unitsuccession_once")]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"


class ExclusionRule(models.Model):
    """A legal exclusion as data: units for which ``condition`` holds may not take part, for the cited reason.

    ``condition`` is a tree: ``{"all": […]}``, ``{"any": […]}`` or ``{"fact": name, "is"|"in"|"at_most"|"missing": value}``.
    """

    code = models.CharField(max_length=40)
    kind = models.CharField(max_length=20, choices=UnitKind.choices)
    condition = models.JSONField()
    citation = models.CharField(max_length=120)
    explanation = models.CharField(max_length=300)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["kind", "code"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["code", "valid_from"], name="exclusionrule_once")]

    def __str__(self) -> str:
        return f"{self.code}: {self.citation}"


class ContactPost(models.Model):
    """Who heads or represents a unit, with work phone and e-mail, from a day to a day."""

    class Post(models.TextChoices):
        HEAD = "head", _("thủ trưởng")
        CONTACT = "contact", _("đầu mối liên hệ")

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="contacts")
    post = models.CharField(max_length=10, choices=Post.choices)
    title = models.CharField(_("chức vụ"), max_length=120)
    full_name = models.CharField(_("họ và tên"), max_length=120)
    phone = models.CharField(_("điện thoại công vụ"), max_length=16, blank=True)
    email = models.EmailField(_("thư điện tử công vụ"), blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit"], condition=Q(post="head", valid_to__isnull=True), name="contactpost_one_head_now")
        ]

    def __str__(self) -> str:
        return f"{self.full_name}, {self.title}"


class UnitApplication(UnitFacts, Stateful):
    """A unit that asks to enter the register, filled in by its head on the public site, confirmed by the commune police of the place."""

    token = models.UUIDField(unique=True)
    step = models.PositiveSmallIntegerField(default=1)
    head_name = models.CharField(_("họ và tên thủ trưởng"), max_length=120, blank=True)
    head_title = models.CharField(_("chức vụ"), max_length=120, blank=True)
    head_phone = models.CharField(_("điện thoại công vụ"), max_length=16, blank=True)
    head_email = models.EmailField(_("thư điện tử công vụ"), blank=True)
    consents = models.JSONField(default=dict, blank=True)
    applicant = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="applications")
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField(_("lý do"), blank=True)
    unit = models.OneToOneField(Unit, models.PROTECT, null=True, blank=True, related_name="application")
    area = models.ForeignKey(  # type: ignore[assignment]  # a draft has no place yet
        Area, models.PROTECT, null=True, blank=True, related_name="applications", verbose_name=_("xã, phường, đặc khu")
    )
    state = models.CharField(max_length=12, choices=ApplicationState.choices, default=ApplicationState.DRAFT, editable=False)

    objects = UnitApplicationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["submitted_at", "pk"]
        indexes: ClassVar = [models.Index(fields=["area", "state"], name="application_by_area_state")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=ApplicationState.values), name="application_state_known"),
            models.CheckConstraint(
                condition=Q(state=ApplicationState.DRAFT) | Q(submitted_at__isnull=False, applicant__isnull=False, area__isnull=False),
                name="application_submitted_is_complete",
            ),
            models.CheckConstraint(
                condition=~Q(state=ApplicationState.CONFIRMED) | Q(unit__isnull=False), name="application_confirmed_has_unit"
            ),
            models.CheckConstraint(condition=~Q(state=ApplicationState.REFUSED) | ~Q(reason=""), name="application_refused_has_reason"),
        ]

    def __str__(self) -> str:
        return self.name

    def is_complete(self) -> bool:
        """Whether every step has been answered, as far as the row itself can tell."""
        if self.kind not in SELF_REGISTERED_KINDS or "registry" not in self.consents:
            return False
        asked = ("name", "address", "area_id", "head_name", "head_title", "head_phone", *REQUIRED_FACTS[UnitKind(self.kind)])
        return all(getattr(self, name) not in {None, ""} for name in asked)

    def head(self) -> dict[str, str]:
        """The head of the unit, as ``operations.create_unit`` takes it."""
        return {"full_name": self.head_name, "title": self.head_title, "phone": self.head_phone, "email": self.head_email}
