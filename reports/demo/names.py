"""Invented names: of people no one could take for real ones, and of the units of a mountain province."""

from __future__ import annotations

from random import Random

from units.roles import UnitKind

FAMILIES = ("Lò", "Quàng", "Vàng", "Giàng", "Sùng", "Tòng", "Lý", "Phàn", "Cà", "Hoàng", "Nguyễn", "Trần", "Đỗ", "Bùi", "Mùa", "Thào")
MEN, WOMEN = ("Văn", "A", "Đức", "Hữu"), ("Thị", "Thị", "Thanh", "Thu")
# No person is called so: “Sample”, “Trial”, “Example”, “Illustration”, “Supposition”.
GIVEN = ("Mẫu", "Thử", "Ví Dụ", "Minh Họa", "Giả Định", "Mô Phỏng", "Tập Dượt", "Diễn Tập")

SYLLABLES = ("Nà", "Phiêng", "Nậm", "Huổi", "Pá", "Sin", "Tả", "Hua", "Co", "Chiềng", "Mường", "Thèn", "Lùng", "Xà", "Bản")
ENDINGS = ("Đon", "Khoang", "Lúa", "Pản", "Sáng", "Tùng", "Chải", "Phìn", "Luông", "Cáy", "Mạ", "Kha", "Hiềng", "Pheo", "Sẳng", "Tấu")
OFFICES = ("Trạm Y tế", "Trung tâm Dịch vụ công", "Trung tâm Văn hóa, Thể thao", "Trạm Khuyến nông", "Hạt Kiểm lâm", "Ban Quản lý chợ")
PROVINCE_OFFICES = (
    "Sở Nội vụ",
    "Sở Tài chính",
    "Sở Y tế",
    "Sở Xây dựng",
    "Sở Công Thương",
    "Thư viện tỉnh",
    "Bảo tàng tỉnh",
    "Đài Phát thanh và Truyền hình",
)
TRADES = ("Chè", "Gỗ", "Thủy điện", "Khoáng sản", "Vận tải", "May mặc", "Nông sản", "Vật liệu xây dựng")
SCHOOLS = ("Trường THCS", "Trường THPT", "Trường PTDTBT THCS", "Trường PTDTNT THCS và THPT")


def person(rng: Random) -> str:
    """A name no one bears: “Lò Văn Mẫu”."""
    return f"{rng.choice(FAMILIES)} {rng.choice(rng.choice((MEN, WOMEN)))} {rng.choice(GIVEN)}"


def unit(kind: str, place: str, number: int, rng: Random, *, of_province: bool = False) -> str:
    """A name for the ``number``-th unit of its kind in a place; numbers beyond the first keep names apart."""
    ordinal = f" số {number}" if number > 1 else ""
    match kind:
        case UnitKind.RESIDENTIAL_AREA:
            first = SYLLABLES[number % len(SYLLABLES)]
            return f"Bản {first} {ENDINGS[(number // len(SYLLABLES) + rng.randrange(len(ENDINGS))) % len(ENDINGS)]} {number}"
        case UnitKind.AGENCY if of_province:
            return f"{PROVINCE_OFFICES[(number - 1) % len(PROVINCE_OFFICES)]} (mẫu {number})"
        case UnitKind.AGENCY:
            return f"{OFFICES[(number - 1) % len(OFFICES)]} {place}{ordinal}"
        case UnitKind.ENTERPRISE:
            return f"Công ty cổ phần {TRADES[(number - 1) % len(TRADES)]} {place}{ordinal}"
        case _:
            return f"{SCHOOLS[(number - 1) % len(SCHOOLS)]} {place}{ordinal}"
