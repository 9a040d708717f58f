"""Django template → PDF/A-2u: the one place that knows WeasyPrint."""

import atexit
import logging
import mimetypes
import re
import threading
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import override

if TYPE_CHECKING:
    from weasyprint import CSS

_ASSET = "asset:"
_STYLESHEET = re.compile(rf'<link rel="stylesheet" href="{_ASSET}documents/(?P<name>[\w-]+\.css)">')
_LAYOUT = threading.Lock()  # the font configuration is shared and Pango's font map is not for several threads

logging.getLogger("fontTools").setLevel(logging.WARNING)  # the subsetter reports every table


def render(template: str, document: object, *, context: Mapping[str, Any] | None = None) -> bytes:
    """Lay out a document by its template; the same input gives the same bytes.

    The template names our own style sheets; they are taken out of the page and handed over parsed, since reading
    style sheet and fonts anew costs more than the layout of a certificate.
    """
    with override("vi"):
        page = render_to_string(template, {**(context or {}), "document": document})
    with _LAYOUT:
        toolbox = _toolbox()
        stylesheets = [toolbox.stylesheet(found["name"]) for found in _STYLESHEET.finditer(page)]
        return toolbox.write(_STYLESHEET.sub("", page), stylesheets)


class _Toolbox:
    """What a worker process keeps between documents: fonts and parsed style sheets."""

    def __init__(self) -> None:
        from weasyprint import CSS, HTML  # noqa: PLC0415 -- slow import
        from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415 -- slow import

        self._html: partial[HTML] = partial(HTML, base_url=_ASSET, url_fetcher=fetch_asset)
        self._css: partial[CSS] = partial(CSS, base_url=_ASSET, url_fetcher=fetch_asset)
        self._fonts: FontConfiguration = FontConfiguration()
        self._parsed: dict[str, CSS] = {}

    def stylesheet(self, name: str) -> "CSS":
        if name not in self._parsed:
            self._parsed[name] = self._css(url=f"{_ASSET}documents/{name}", font_config=self._fonts)
        return self._parsed[name]

    def write(self, page: str, stylesheets: "list[CSS]") -> bytes:
        pdf = self._html(string=page).write_pdf(stylesheets=stylesheets, font_config=self._fonts, pdf_variant="pdf/a-2u", pdf_tags=True)
        return bytes(pdf or b"")


@cache
def _toolbox() -> _Toolbox:
    atexit.register(_toolbox.cache_clear)  # fonts are released while the library is still there
    return _Toolbox()


def fetch_asset(url: str) -> Any:
    """Serve `asset:documents/…`, `asset:fonts/…` and `data:` URLs; a page reaches neither the net nor the disk."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: PLC0415 -- slow import

    if url.startswith("data:"):
        return URLFetcher(allowed_protocols={"data"}).fetch(url)
    path = _asset_path(url)
    content_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": content_type})


def _asset_path(url: str) -> Path:
    folder_name, _, name = url.removeprefix(_ASSET).partition("/")
    folders = {"documents": settings.BASE_DIR / "static" / "documents", "fonts": settings.DATA_DIR / "fonts"}
    if not url.startswith(_ASSET) or folder_name not in folders:
        raise ValueError(f"Not an asset of ours: {url}")
    folder = Path(folders[folder_name]).resolve()
    path = (folder / name).resolve()
    if not path.is_relative_to(folder):
        raise ValueError(f"Outside the assets: {url}")
    return path
