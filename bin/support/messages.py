"""Compiled translations, made by msgfmt where the source is newer."""

import os
import subprocess

from support.paths import ROOT
from support.say import Trouble


def ensure() -> None:
    for source in sorted((ROOT / "locale").glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        fresh = target.with_suffix(f".{os.getpid()}.mo")
        done = subprocess.run(["msgfmt", "--check-format", "-o", str(fresh), str(source)], capture_output=True, text=True, check=False)
        if done.returncode:
            raise Trouble(f"{source.relative_to(ROOT)} does not compile:\n{done.stderr}")
        fresh.replace(target)
