"""One mutant lives, since no test asks at the boundary; one of the kills comes with a Hypothesis example."""

from mutmut_dashboard.config import Target

TARGETS = [Target(name="ages", modules=["ages/*.py"], suites=["tests"])]

KEPT_OUTPUT = 120
