"""Reads a file of a stranger in a process of its own: ``python -m core.upload_inspection pdf|image``.

The file comes on standard input; the answer is one line of JSON on standard output, for an image followed by the picture written anew.
Memory and processor time are limited here, the wall clock by the parent (``core.uploads``): whatever a hostile file does, this process
dies alone. Nothing of Django is imported.
"""

from __future__ import annotations

import io
import json
import resource
import sys
import zlib
from typing import Any, BinaryIO

MEMORY_LIMIT = 1024 * 1024 * 1024
CPU_SECONDS = 12
TEXT_PAGES = 5
TEXT_LIMIT = 200_000
MAX_PAGES = 500
MAX_PIXELS = 50_000_000
MAX_OBJECTS = 200_000
MAX_DEPTH = 100
MAX_UNPACKED = 100 * 1024 * 1024
ACTIVE_ACTIONS = frozenset({"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE"})


class Refused(Exception):
    """The rule that refuses the file: a code that ``core.uploads`` has a sentence for."""


def limit_process() -> None:
    """No more memory and processor time than a decent file needs, no file written, no core dump."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def inspect_pdf(data: bytes) -> dict[str, Any]:
    """Page count and the text of the first pages; refuses what is locked, broken, active, blown up or a wrapper of other files."""
    import pikepdf  # noqa: PLC0415 -- slow import

    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            if pdf.is_encrypted:
                raise Refused("encrypted")
            _refuse_active(pdf)
            pages = len(pdf.pages)
    except pikepdf.PasswordError as error:
        raise Refused("encrypted") from error
    except pikepdf.PdfError as error:
        raise Refused("broken") from error
    if not 1 <= pages <= MAX_PAGES:
        raise Refused("broken" if pages < 1 else "too_many_pages")
    return {"pages": pages, "text": _text(data)}


def _refuse_active(pdf: Any) -> None:
    import pikepdf  # noqa: PLC0415 -- slow import

    names = pdf.Root.get("/Names", {})
    if "/JavaScript" in names:
        raise Refused("active")
    if "/EmbeddedFiles" in names:
        raise Refused("embedded")
    unpacked = 0
    for count, thing in enumerate(pdf.objects):
        if count > MAX_OBJECTS:
            raise Refused("bomb")
        if isinstance(thing, pikepdf.Array | pikepdf.Dictionary | pikepdf.Stream):
            _refuse_entries(thing)
        if isinstance(thing, pikepdf.Stream):
            unpacked += _unpacked_size(thing, MAX_UNPACKED - unpacked)
            if unpacked >= MAX_UNPACKED:
                raise Refused("bomb")


def _refuse_entries(thing: Any, depth: int = 0) -> None:
    """Actions stand in objects of their own or anywhere inside another one; what is an object of its own is met on its own."""
    import pikepdf  # noqa: PLC0415 -- slow import

    if depth > MAX_DEPTH:
        raise Refused("bomb")
    if isinstance(thing, pikepdf.Array):
        parts = list(thing)
    else:
        if str(thing.get("/Type", "")) == "/EmbeddedFile":
            raise Refused("embedded")
        if str(thing.get("/S", "")) in ACTIVE_ACTIONS or "/JS" in thing:
            raise Refused("active")
        parts = [part for _name, part in thing.items()]
    for part in parts:
        if isinstance(part, pikepdf.Array | pikepdf.Dictionary) and not part.is_indirect:
            _refuse_entries(part, depth + 1)


def _unpacked_size(stream: Any, room: int) -> int:
    """How large a stream becomes, counted without keeping it and no further than ``room``; pictures are left to their decoder."""
    if "/FlateDecode" not in str(stream.get("/Filter", "")) or str(stream.get("/Subtype", "")) == "/Image":
        return 0
    inflate = zlib.decompressobj()
    packed = bytes(stream.read_raw_bytes())
    size = 0
    try:
        while packed and size < room:
            size += len(inflate.decompress(packed, 1024 * 1024))
            packed = inflate.unconsumed_tail
    except zlib.error:
        return size
    return size


def _text(data: bytes) -> str:
    import pypdfium2  # noqa: PLC0415 -- slow import

    try:
        document = pypdfium2.PdfDocument(data)
        found: list[str] = []
        for index in range(min(TEXT_PAGES, len(document))):
            found.append(document[index].get_textpage().get_text_bounded())
    except pypdfium2.PdfiumError as error:
        raise Refused("broken") from error
    return "\n".join(found)[:TEXT_LIMIT]


def inspect_image(data: bytes, size_limit: int) -> tuple[dict[str, Any], bytes]:
    """The picture written anew: upright, first frame only, without EXIF, place and whatever else was hidden in the file."""
    from PIL import Image, ImageOps, UnidentifiedImageError  # noqa: PLC0415 -- slow import

    Image.MAX_IMAGE_PIXELS = None  # judged here, by the size in the head
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as picture:
            kind = str(picture.format)
            if picture.width * picture.height > MAX_PIXELS:
                raise Refused("bomb")
            picture.load()
            upright = ImageOps.exif_transpose(picture)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise Refused("broken") from error
    written = _write(upright, kind, quality=88)
    if len(written) > size_limit:
        written = _write(upright, "JPEG", quality=72) if kind == "JPEG" else written
    return {"format": kind, "width": upright.width, "height": upright.height}, written


def _write(picture: Any, kind: str, *, quality: int) -> bytes:
    target = io.BytesIO()
    if kind == "JPEG":
        picture.convert("RGB").save(target, "JPEG", quality=quality)
    else:
        plain = picture if picture.mode in {"1", "L", "LA", "P", "RGB", "RGBA"} else picture.convert("RGB")
        plain.info = {}
        plain.save(target, "PNG")
    return target.getvalue()


def main(arguments: list[str], source: BinaryIO, target: BinaryIO) -> int:
    limit_process()
    data = source.read()
    picture = b""
    try:
        if arguments[0] == "pdf":
            answer = inspect_pdf(data)
        else:
            answer, picture = inspect_image(data, int(arguments[1]))
    except Refused as refusal:
        answer = {"refused": str(refusal)}
    except MemoryError:
        answer = {"refused": "bomb"}
    target.write(json.dumps(answer).encode() + b"\n" + picture)
    target.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], sys.stdin.buffer, sys.stdout.buffer))
