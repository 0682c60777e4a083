"""Names, messages and lines that break out of HTML, JSON or a terminal where they are not kept in."""

from mutmut_dashboard.config import Skip, Target

TARGETS = [Target(name="hostile", modules=["hostile.py"], suites=["test_hostile.py"])]
SKIPS = [Skip(function="größe", reason="</script><img src=x onerror=alert(1)> \"quoted\" & 'quoted' [bold]\u202e")]
