"""The words other modules branch on: kinds of unit, levels of management, roles."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class UnitKind(models.TextChoices):
    """Five kinds of unit (TT 124/2021, Đ2; a commune is assessed as a unit of its own kind)."""

    RESIDENTIAL_AREA = "residential_area", _("Khu dân cư")
    COMMUNE = "commune", _("Xã, phường, đặc khu")
    AGENCY = "agency", _("Cơ quan")
    ENTERPRISE = "enterprise", _("Doanh nghiệp")
    SCHOOL = "school", _("Cơ sở giáo dục")


class ManagingLevel(models.TextChoices):
    """Who manages the unit, and so who appraises and decides (TT 124/2021, Đ10)."""

    COMMUNE = "commune", _("Cấp xã quản lý")
    PROVINCE = "province", _("Cấp tỉnh quản lý")
    MINISTRY = "ministry", _("Bộ Công an theo dõi")


class AreaLevel(models.TextChoices):
    PROVINCE = "province", _("Tỉnh, thành phố")
    DISTRICT = "district", _("Huyện, quận, thị xã (trước 01/07/2025)")
    COMMUNE = "commune", _("Xã, phường, đặc khu")


class Role(models.TextChoices):
    UNIT_HEAD = "unit_head", _("Thủ trưởng đơn vị")
    UNIT_OFFICER = "unit_officer", _("Cán bộ đầu mối của đơn vị")
    COMMUNE_OFFICER = "commune_officer", _("Công an xã, thường trực Ban Chỉ đạo xã")
    PROVINCE_OFFICER = "province_officer", _("Công an tỉnh, thường trực Ban Chỉ đạo tỉnh")
    COMMITTEE_MEMBER = "committee_member", _("Thành viên Ban Chỉ đạo")
    COMMITTEE_CHAIR = "committee_chair", _("Trưởng Ban Chỉ đạo")
    LEADER = "leader", _("Lãnh đạo")
    AUDITOR = "auditor", _("Thanh tra, kiểm tra")
    SYSTEM_ADMIN = "system_admin", _("Quản trị hệ thống")


UNIT_ROLES = frozenset({Role.UNIT_HEAD, Role.UNIT_OFFICER})
STANDING_OFFICE_ROLES = frozenset({Role.COMMUNE_OFFICER, Role.PROVINCE_OFFICER})
COMMITTEE_ROLES = frozenset({Role.COMMITTEE_MEMBER, Role.COMMITTEE_CHAIR})
READING_ROLES = frozenset({Role.LEADER, Role.AUDITOR})
# Registry and results of an area; the system administrator reads the registry but no dossier.
REGISTRY_ROLES = STANDING_OFFICE_ROLES | COMMITTEE_ROLES | READING_ROLES | {Role.SYSTEM_ADMIN}
RESULT_ROLES = STANDING_OFFICE_ROLES | COMMITTEE_ROLES | READING_ROLES
# Content of dossiers in an area; committee members reach it through their agenda alone.
DOSSIER_ROLES = STANDING_OFFICE_ROLES | {Role.AUDITOR}
