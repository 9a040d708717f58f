"""Are all words of the interface marked for translation, and are the words of third parties Vietnamese?"""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

# A letter that only Vietnamese has, or a vowel with one of its marks.
VIETNAMESE = re.compile("[ăâđêôơưĂÂĐÊÔƠƯ\u1ea0-\u1ef9áàãéèíìĩóòõúùũýÁÀÃÉÈÍÌĨÓÒÕÚÙŨÝ]")
_BLOCKS = re.compile(r"\{% blocktranslate.*?%\}.*?\{% endblocktranslate %\}|\{% comment %\}.*?\{% endcomment %\}", re.DOTALL)
_MARKED = re.compile(r"""_\(\s*(?:"[^"]*"|'[^']*')\s*\)|\{% translate (?:"[^"]*"|'[^']*').*?%\}""", re.DOTALL)
_SILENT = re.compile(r"\{#.*?#\}|\{% load.*?%\}|<!--.*?-->", re.DOTALL)
MARKS = frozenset({"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"})
# Modules that speak to people through screens; printed documents are Vietnamese by law.
SPEAKING = ("views", "forms", "transitions", "operations", "policies", "states", "tasks", "models", "roles")
PRINTED = frozenset({"papers.py", "minutes.py", "decision_documents.py"})
# Words that are no interface: symbols of documents, names of printed files, what people type, audit notes, the product's own name.
EXEMPT = frozenset(
    {"BCĐ", "QĐ", "hệ thống", "không có quyền", " thay mặt ", " năm {year}", "giờ", "%H giờ %M", "Quyết định ", "Giấy công nhận ",
     "Thông báo kết quả - ", "Biên bản số ", " năm "}
)  # fmt: skip
BRAND = re.compile(r"default:\"Bình Yên\"")


def unmarked_in_template(source: str) -> list[str]:
    """Vietnamese words of a template outside any mark."""
    bare = _MARKED.sub(" ", _SILENT.sub(" ", _BLOCKS.sub(" ", BRAND.sub(" ", source))))
    return [line.strip()[:120] for line in bare.splitlines() if VIETNAMESE.search(line)]


def unmarked_in_module(source: str) -> list[str]:
    """Vietnamese literals of a module that go through none of gettext's functions; docstrings aside."""
    tree = ast.parse(source)
    silent = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in MARKS:
            silent |= {id(each) for argument in node.args for each in ast.walk(argument)}
    texts = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent]
    found = [(node.lineno, str(node.value)) for node in texts]
    return [f"{line}: {text[:100]}" for line, text in found if VIETNAMESE.search(text) and text not in EXEMPT]


def unmarked(root: Path, apps: tuple[str, ...]) -> Iterator[str]:
    """Every place of the interface where a text is not marked."""
    for path in sorted((root / "templates").rglob("*.html")):
        if "documents" not in path.relative_to(root).parts:
            for line in unmarked_in_template(path.read_text()):
                yield f"{path.relative_to(root)}: {line}"
    for app in apps:
        for path in sorted((root / app).rglob("*.py")):
            module = path.relative_to(root / app).parts[0].removesuffix(".py")
            if module in SPEAKING and path.name not in PRINTED:
                for line in unmarked_in_module(path.read_text()):
                    yield f"{path.relative_to(root)}:{line}"


def uncompiled(root: Path) -> Iterator[str]:
    """Catalogues that msgfmt refuses, or with fuzzy or empty entries."""
    for path in sorted((root / "locale").rglob("*.po")):
        command = ["msgfmt", "--check", "--statistics", "-o", "/dev/null", str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode or "," in done.stderr:  # “35 translated messages, 1 fuzzy translation.”
            yield f"{path.relative_to(root)}: {done.stderr.strip()}"
