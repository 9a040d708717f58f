"""What the documents say must be there: files that links name, words that users are told to look for on the screen, modules of the code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

ROOT: Path = settings.BASE_DIR
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
GUIDES = sorted((ROOT / "docs" / "huong-dan").glob("*.md"))
LINK = re.compile(r"\]\((?!https?:)([^)#\s]+)(?:#[^)]*)?\)")
LABEL = re.compile(r"\*\*([^*]+?)[.:]?\*\*")
FILE = re.compile(r"`((?:bin|config|core|units|movement|directives|evaluations|reports|templates|static|tests|docs)/[\w./-]+)`")
EMPHASIS = {"đậm", "Bản đăng ký", "Hồ sơ", "Trả lại", "Đề xuất", "Xung đột lợi ích", "Hai tỷ lệ của xã"}


def _words_of_the_screen() -> str:
    apps = [path for app in ("core", "units", "movement", "directives", "evaluations", "reports") for path in (ROOT / app).rglob("*.py")]
    return "\n".join(path.read_text(encoding="utf-8") for path in [*(ROOT / "templates").rglob("*.html"), *apps])


def _missing_links() -> Iterator[str]:
    for page in PAGES:
        for target in LINK.findall(page.read_text(encoding="utf-8")):
            if not (page.parent / target).exists():
                yield f"{page.relative_to(ROOT)}: {target}"


def test_every_relative_link_leads_to_a_file():
    assert list(_missing_links()) == []


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.name)
def test_every_label_in_a_guide_stands_on_a_screen(page):
    screen = _words_of_the_screen()

    labels = set(LABEL.findall(page.read_text(encoding="utf-8"))) - EMPHASIS

    assert sorted(label for label in labels if f'"{label}"' not in screen and f">{label}<" not in screen) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_named_file_of_the_code_exists(page):
    named = set(FILE.findall(page.read_text(encoding="utf-8")))

    assert sorted(name for name in named if not (ROOT / name).exists()) == []


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.name)
def test_every_guide_says_what_is_never_entered(page):
    assert "## Không bao giờ nhập" in page.read_text(encoding="utf-8")
