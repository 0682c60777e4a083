from mutmut_dashboard.config import Floors, Target

TARGETS = [
    Target(name="guests", modules=["guests.py"], suites=["test_guests.py"], floors=Floors(coverage=0)),
]
