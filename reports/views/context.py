"""What every page shows around its content: brand, place, menu, unread notices."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from core.models import Notice
from units.models import Area, Unit, User
from units.roles import COMMITTEE_ROLES, READING_ROLES, REGISTRY_ROLES, RESULT_ROLES, STANDING_OFFICE_ROLES, UNIT_ROLES, AreaLevel, Role


@dataclass(frozen=True)
class MenuItem:
    label: str
    url: str
    icon: str
    current: bool = False
    count: int = 0


@dataclass(frozen=True)
class MenuGroup:
    label: str
    items: list[MenuItem] = field(default_factory=list)


@dataclass(frozen=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True)
class Entry:
    """A line of the menu and the roles it is drawn for."""

    label: str
    url_name: str
    icon: str
    roles: frozenset[str]


def frame(request: HttpRequest) -> dict[str, Any]:
    """Everything lazily: a page that draws no menu pays for none."""
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    return {
        "frame": SimpleLazyObject(lambda: _frame(user if signed_in else None)),
        "menu": SimpleLazyObject(lambda: _menu(user, request.path) if user is not None and signed_in else []),
        "layout": SimpleLazyObject(lambda: layout_for(user if signed_in else None)),
    }


def layout_for(user: User | None) -> str:
    """Dense pages with side menu for officers, roomy ones with tabs for units, plain ones for the public."""
    if user is None:
        return "base_public.html"
    return "base_officer.html" if user.has_any_role(REGISTRY_ROLES) else "base_unit.html"


def _frame(user: User | None) -> dict[str, Any]:
    links = [
        Link(_("Trang công khai"), reverse("reports:public-home")),
        Link(_("Đơn vị đã được công nhận"), reverse("reports:recognised-list")),
    ]
    shared = {"brand": settings.BRAND, "footer_links": links, "province": _province(), "register_url": reverse("units:application-start")}
    if user is None:
        return shared | {"place": shared["province"]}
    return shared | {
        "place": _place(user),
        "notices_url": reverse("core:notice-list"),
        "unread_count": Notice.objects.filter(user=user, read_at__isnull=True).count(),
        "search_url": reverse("units:unit-list") if user.has_any_role(REGISTRY_ROLES) else "",
        "account_links": [
            Link(_("Tài khoản của tôi"), reverse("units:account")),
            Link(_("Đổi mật khẩu"), reverse("account_change_password")),
        ],
    }


def _province() -> str:
    """The province this installation serves, as public pages name it; looked up every few minutes."""
    name = cache.get("site:province")
    if name is None:
        area = Area.objects.filter(authorities__level=AreaLevel.PROVINCE, authorities__valid_to__isnull=True).order_by("pk").first()
        name = area.name[:1].upper() + area.name[1:] if area else ""
        cache.set("site:province", name, 300)
    return str(name)


def _place(user: User) -> str:
    """The place of the user's first role, as it stands in the top bar."""
    grants = user.current_grants()
    areas = grants.area_ids(REGISTRY_ROLES)
    if areas:
        name = Area.objects.only("name").get(pk=areas[0]).name
        return name[:1].upper() + name[1:]
    unit = Unit.objects.only("name").filter(pk__in=grants.unit_ids).first()
    return unit.name if unit else ""


def _menu(user: User, path: str) -> list[MenuGroup]:
    everybody = frozenset(Role)
    offices, committees, readers = STANDING_OFFICE_ROLES, COMMITTEE_ROLES, READING_ROLES
    dossier_readers = offices | {Role.AUDITOR}
    groups = [
        (
            _("Đợt xét công nhận"),
            [
                Entry(_("Việc của tôi"), "reports:home", "home", everybody),
                Entry(_("Đăng ký, cam kết"), "movement:registration-list", "edit", offices | readers | UNIT_ROLES),
                Entry(_("Hồ sơ thẩm định"), "evaluations:dossier-list", "folder", dossier_readers),
                Entry(_("Phiên họp Ban Chỉ đạo"), "evaluations:session-list", "people", offices | committees | readers),
                Entry(_("Quyết định công nhận"), "evaluations:decision-list", "award", RESULT_ROLES),
                Entry(_("Kết quả, giấy công nhận"), "reports:result-list", "award", RESULT_ROLES | UNIT_ROLES),
            ],
        ),
        (
            _("Danh mục"),
            [
                Entry(_("Đơn vị chờ xác nhận"), "units:application-list", "inbox", offices),
                Entry(_("Đơn vị"), "units:unit-list", "building", REGISTRY_ROLES),
                Entry(_("Đợt và thời hạn"), "movement:campaign-list", "calendar", RESULT_ROLES),
                Entry(_("Ban Chỉ đạo"), "movement:committee-list", "people", RESULT_ROLES),
                Entry(_("Văn bản"), "directives:document-list", "file", RESULT_ROLES),
                Entry(_("Sổ văn bản"), "directives:series-list", "layers", offices | committees),
            ],
        ),
    ]
    menu = []
    for label, entries in groups:
        items = [_item(entry, path) for entry in entries if user.has_any_role(entry.roles) or entry.url_name == "reports:home"]
        if items:
            menu.append(MenuGroup(label, items))
    return menu


def _item(entry: Entry, path: str) -> MenuItem:
    url = reverse(entry.url_name)
    return MenuItem(entry.label, url, entry.icon, current=path == url or (url != "/viec-cua-toi/" and path.startswith(url)))
