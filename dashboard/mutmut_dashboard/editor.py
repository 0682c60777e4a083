"""Links into an editor: which address opens a file of the project at a line."""

from __future__ import annotations

import re

from mutmut_dashboard.errors import UsageError

KNOWN = {
    "cursor": "cursor://file{path}:{line}",
    "idea": "idea://open?file={path}&line={line}",
    "pycharm": "pycharm://open?file={path}&line={line}",
    "subl": "subl://open?url=file://{path}&line={line}",
    "vscode": "vscode://file{path}:{line}",
    "vscodium": "vscodium://file{path}:{line}",
    "zed": "zed://file{path}:{line}",
}
"""Short names of editors that register an address of their own."""
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*:[!-~]*\{path\}[!-~]*")
_RUNS_CODE = ("javascript:", "data:", "vbscript:", "blob:")


def editor_address(given: str, where: str) -> str:
    """Return the template of an address, with {path} (absolute) and {line}, for a name or a template; "" for none.

    Raises:
        UsageError: it is neither; `where` is what to name in the message.

    """
    if not given or given in KNOWN:
        return KNOWN.get(given, "")
    address = given.replace("{line}", "")
    sound = _ADDRESS.fullmatch(address) and not re.search(r"[{}]", address.replace("{path}", ""))
    if not sound or given.lower().startswith(_RUNS_CODE):
        raise UsageError(
            f'{where} "{given}" opens no editor. Name one of {", ".join(KNOWN)}, or write an address with {{path}} '
            "and {line}, such as myeditor://open?file={path}&line={line}."
        )
    return given
