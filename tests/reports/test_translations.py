"""What counts as an unmarked text, tried on small sources."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command

from reports import translations


@pytest.mark.parametrize(
    "source",
    [
        '{% translate "Hồ sơ" %}',
        "{% blocktranslate %}Hồ sơ năm {{ year }}{% endblocktranslate %}",
        '{% panel title=_("Hồ sơ") %}{% endpanel %}',
        "{# Hồ sơ #}<p>{{ name }}</p>",
    ],
)
def test_marked_texts_of_a_template_are_silent(source: str) -> None:
    assert translations.unmarked_in_template(source) == []


def test_unmarked_text_of_a_template_is_seen() -> None:
    assert translations.unmarked_in_template('<p>{% translate "Một" %}</p>\n<p>Hồ sơ</p>') == ["<p>Hồ sơ</p>"]


def test_unmarked_text_of_a_module_is_seen() -> None:
    source = '"""Hồ sơ."""\nfrom x import _\nA = _("Hồ sơ")\nB = _("%(n)s hồ sơ") % {"n": 1}\nC = "Hồ sơ"\n'

    assert translations.unmarked_in_module(source) == ["5: Hồ sơ"]


def test_fuzzy_entry_is_seen(tmp_path: Path) -> None:
    folder = tmp_path / "locale" / "vi" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    (folder / "django.po").write_text(head + '#, fuzzy\nmsgid "Login"\nmsgstr "Vào"\n')

    assert len(list(translations.uncompiled(tmp_path))) == 1


def test_whole_catalogue_is_silent(tmp_path: Path) -> None:
    folder = tmp_path / "locale" / "vi" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Login"\nmsgstr "Vào"\n')

    assert list(translations.uncompiled(tmp_path)) == []


def test_the_interface_is_marked_and_translated() -> None:
    call_command("check_translations")
