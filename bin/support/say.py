"""The voice of the commands: short lines on standard error, so that standard output stays the command's own."""

import sys


class Trouble(Exception):
    """Something the person at the keyboard must put right; carries the sentence to show."""


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
