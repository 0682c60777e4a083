"""Mutants are left out in every way there is: by rule, by pragma, by hook with a reason and by hook without."""

from mutmut_dashboard.config import Skip, Target

TARGETS = [Target(name="letters", modules=["letters.py"], suites=["test_letters.py"])]

SKIPS = [
    Skip(function="log", reason="what is logged is nobody's promise"),
    Skip(file="letters.py", line="*GREETING*", original="'dear'", reason="wording"),
    Skip(target="letters", operator="number", replacement="101", reason="a limit one higher is as good"),
]


def pre_mutation(context):
    """Leave out what stands in `sign`, with a reason for numbers only."""
    if context.function == "sign":
        context.skip = True
        if context.operator == "number":
            context.skip_reason = f"line {context.line}: {context.current_source_line.strip()}"
