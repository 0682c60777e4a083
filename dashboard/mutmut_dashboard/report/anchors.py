"""Names of places on the page: short, stable from run to run, safe in a URL and unique on one page."""

from __future__ import annotations

import hashlib
import re

_PLAIN = re.compile(r"[A-Za-z0-9_-]{1,64}")


def _digest(*parts: str) -> str:
    text = "\0".join(parts)
    return hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=5).hexdigest()


def of_operator(operator: str) -> str:
    """Place of an operator's explanation; the scripts make the same one from its name (`static/js/route.js`)."""
    plain = re.sub(r"[^A-Za-z0-9 ]", lambda sign: f"_{ord(sign[0]):x}_", operator)
    return f"operator-{plain.replace(' ', '-')}"


def of_mutant(mutant_id: str, target: str, *, shared: bool) -> str:
    """Place of a mutant; one that several targets share is told apart by its target."""
    plain = mutant_id if _PLAIN.fullmatch(mutant_id) else _digest(mutant_id)
    return f"mutant-{plain}-{_digest(target)}" if shared else f"mutant-{plain}"
