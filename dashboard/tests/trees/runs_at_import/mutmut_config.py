"""A mutated function is called while its module is imported; what it leaves behind is all that is tested."""

from mutmut_dashboard.config import Target

TARGETS = [Target(name="tables", modules=["tables.py"], suites=["test_tables.py"])]
