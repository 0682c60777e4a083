"""Work done in a fork, so that what it does to the interpreter ends with it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Any


def told_by_a_fork(work: Callable[[], Any]) -> Any:
    """Do it in a fork and return what it returned, which JSON can hold."""
    read_end, write_end = os.pipe()
    if not (pid := os.fork()):
        try:
            os.write(write_end, json.dumps(work()).encode())
        finally:
            os._exit(0)  # a child that fails must not go on as a second test run
    os.close(write_end)
    with os.fdopen(read_end) as pipe:
        answer = pipe.read()
    os.waitpid(pid, 0)
    assert answer, "the work failed"
    return json.loads(answer)
