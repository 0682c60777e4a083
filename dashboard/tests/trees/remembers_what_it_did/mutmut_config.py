from mutmut_dashboard.config import Floors, Target

TARGETS = [
    Target(
        name="postage",
        modules=["postage.py"],
        suites=["test_postage.py"],
        floors=Floors(coverage=0),
    )
]
