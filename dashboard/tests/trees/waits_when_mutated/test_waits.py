import os
import time
from pathlib import Path

from waits import held, quick

GATE = Path(os.environ.get("GATE", "no gate"))


def wait_at(gate, waits, note):
    deadline = time.monotonic() + 40  # of its own, for the day that nobody opens the gate
    if waits() and gate.exists():
        gate.with_name(note).touch()
    while waits() and gate.exists() and time.monotonic() < deadline:
        time.sleep(0.02)


def test_quick():
    wait_at(GATE.with_name("gate of all"), lambda: True, f"waiting in {Path.cwd().name}")
    assert quick(3) == 7


def test_held():
    wait_at(GATE, lambda: held(1) is not False, "waiting")
    assert held(1) is False
