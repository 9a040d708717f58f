"""Hand over to the command that was named: dev, manage, test or check."""

import importlib
import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[1])  # so that support.venv does not hide the standard venv

from support.say import Trouble, say  # noqa: E402 -- the path comes first


def main(command: str, *arguments: str) -> int:
    try:
        return int(importlib.import_module(f"support.{command}").main(list(arguments)))
    except Trouble as trouble:
        say(str(trouble))
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
