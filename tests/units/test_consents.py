"""Texts of consent keep their version: whoever changes a text here is told to raise it."""

import hashlib

from units.consents import CONSENTS


def test_every_text_has_its_version():
    pinned = {(each.purpose, each.version): hashlib.sha256(str(each.text).encode()).hexdigest()[:12] for each in CONSENTS}

    assert pinned == {("registry", "1"): "ccc740dafcea", ("notices", "1"): "b8672f491f9e"}
