"""The fonts of documents (Tinos) and screens (Open Sans), cut down to Latin and Vietnamese.

Debian's Liberation Serif lacks 92 Vietnamese letters, so documents load Tinos from the data folder and nothing else.
"""

import subprocess
import tempfile
from pathlib import Path

from support.paths import PYTHON, private_folder
from support.say import Trouble, say

SYSTEM = Path("/usr/share/fonts/truetype")
FACES = {
    "Tinos-Regular": "croscore/Tinos-Regular.ttf",
    "Tinos-Bold": "croscore/Tinos-Bold.ttf",
    "Tinos-Italic": "croscore/Tinos-Italic.ttf",
    "Tinos-BoldItalic": "croscore/Tinos-BoldItalic.ttf",
    "OpenSans-Regular": "open-sans/OpenSans-Regular.ttf",
    "OpenSans-SemiBold": "open-sans/OpenSans-Semibold.ttf",
    "OpenSans-Bold": "open-sans/OpenSans-Bold.ttf",
}
LETTERS = (
    "U+0020-007E,U+00A0-017F,U+01A0-01A1,U+01AF-01B0,U+02C6-02DD,U+0300-0304,U+0306-030C,U+031B,U+0323,U+1EA0-1EF9,"
    "U+2000-200D,U+2010-2027,U+202F-203A,U+2044,U+2070-2089,U+20AB-20AC,U+2116,U+2122,U+2190-2193,U+2212,U+2248,U+2260,U+2264-2265,U+FEFF"
)
WRITE = """
import sys
from fontTools import subset
letters, target, *faces = sys.argv[1:]
for source, name in zip(faces[::2], faces[1::2]):
    for flavour, ending in ((None, "ttf"), ("woff2", "woff2")):
        options = subset.Options(layout_features=["*"], flavor=flavour, name_IDs=["*"], notdef_outline=True)
        font = subset.load_font(source, options)
        cut = subset.Subsetter(options)
        cut.populate(unicodes=subset.parse_unicodes(letters))
        cut.subset(font)
        subset.save_font(font, f"{target}/{name}.{ending}", options)
"""


def ensure(data: Path) -> Path:
    """Write `<face>.ttf` and `<face>.woff2` to the folder `fonts` of `data`, once per version of the source fonts."""
    folder = private_folder(data / "fonts", mode=0o755)
    stamp, wanted = folder / "stamp", _wanted()
    if stamp.exists() and stamp.read_text() == wanted:
        return folder
    say("Cutting the fonts to Latin and Vietnamese …")
    faces = [part for name, source in FACES.items() for part in (str(SYSTEM / source), name)]
    with tempfile.TemporaryDirectory(dir=folder) as fresh:
        done = subprocess.run([str(PYTHON), "-c", WRITE, LETTERS, fresh, *faces], capture_output=True, text=True, check=False)
        if done.returncode:
            raise Trouble(f"The fonts could not be prepared:\n{done.stderr[-1500:]}")
        for file in Path(fresh).iterdir():
            file.replace(folder / file.name)
    stamp.write_text(wanted)
    return folder


def _wanted() -> str:
    sources = [(SYSTEM / source).stat() for source in FACES.values()]
    return LETTERS + "".join(f" {source.st_size}@{source.st_mtime_ns}" for source in sources)
