import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "installed"))

from coins import worth


def test_worth():
    assert worth(2) == 10
