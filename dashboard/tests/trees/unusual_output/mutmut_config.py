from mutmut_dashboard.config import Suite, Target

TARGETS = [
    Target(
        name="greeting",
        modules=["greeting.py"],
        suites=[Suite(path="test_greeting.py", args=("--basetemp=shared", "--capture=fd"))],
    )
]
