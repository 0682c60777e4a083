import os
import time
from pathlib import Path

from waits import held, quick

GATE = Path(os.environ.get("GATE", "no gate"))


def test_quick():
    assert quick(3) == 7


def test_held():
    deadline = time.monotonic() + 40  # of its own, for the day that nobody opens the gate
    if held(1) is not False and GATE.exists():
        GATE.with_name("waiting").touch()
    while held(1) is not False and GATE.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert held(1) is False
