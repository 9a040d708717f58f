"""QR codes for paper."""

import segno
from segno.encoder import DataOverflowError

_VERSION = 5  # 37 modules, 45 with the quiet zone: 0,67 mm each at 30 mm
_MASK = 2  # any mask reads well on random codes; weighing all eight takes longer than drawing the rest of the code


def svg_data_url(url: str) -> str:
    """A URL as a QR code in a data URL of SVG, 37 modules wide if the URL fits (84 bytes), more if it does not."""
    try:
        code = segno.make_qr(url, error="m", version=_VERSION, mask=_MASK)
    except DataOverflowError:
        code = segno.make_qr(url, error="m")
    return code.svg_data_uri(border=4, omitsize=True, svgclass=None, lineclass=None, xmldecl=False)
