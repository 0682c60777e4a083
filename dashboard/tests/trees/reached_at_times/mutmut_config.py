"""Properties on small domains, of which every value is an example once: so it is known how many reach which function."""

from mutmut_dashboard.config import Target

TARGETS = [Target(name="tickets", modules=["tickets.py"], suites=["test_tickets.py"])]
