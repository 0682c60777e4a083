from mutmut_dashboard.config import Target

TARGETS = [Target(name="notes", modules=["notes.py"], suites=["test_notes.py"], timeout_floor=1.0)]
