"""Replacing a node gives the code that mutmut's own replacing gives."""

from __future__ import annotations

import inspect

import libcst
import pytest
from mutmut.mutation.file_mutation import Mutation, MutationVisitor, deep_replace
from mutmut.mutation.mutators import mutation_operators
from mutmut.mutation.pragma_handling import IgnoredCode

from mutmut_dashboard import metrics, shards
from mutmut_dashboard.engine.replacing import Places

SOURCE = '''\
import asyncio


def outer(a, *, b=1, **more):
    """Text."""
    def inner(c):
        return [x + 1 for x in c if x > 2 and not x % 3]
    match a:
        case {"k": 1} if b == 2:
            return inner(
                (1,
                 2 + 3),
            )
        case _:
            pass
    with open("x") as f, open("y"):
        a[b:1] += f.read() or "no"
    return lambda y=5: y * 2


class Box:
    size: int = 1

    @staticmethod
    def made(n):
        while n < 10: n += 1; n -= 2
        return n

    async def waits(self, t):
        try:
            await asyncio.sleep(t + 1)
        except (ValueError, KeyError) as error:
            raise RuntimeError("late") from error
        else:
            return not self.size
'''
SOURCES = {
    "many kinds of code": SOURCE,
    "metrics": inspect.getsource(metrics),
    "shards": inspect.getsource(shards),
}


def mutations_of(module: libcst.Module) -> list[Mutation]:
    nothing = IgnoredCode(no_mutate_lines=set(), ignore_node_lines=set(), ignore_pattern_lines=set())
    visitor = MutationVisitor(mutation_operators, nothing)
    libcst.MetadataWrapper(module, unsafe_skip_copy=True).visit(visitor)
    return [
        one
        for one in visitor.mutations
        if isinstance(one.contained_by_top_level_function, libcst.FunctionDef)
    ]


@pytest.mark.parametrize("name", SOURCES)
def test_the_code_is_mutmuts(name: str) -> None:
    module = libcst.parse_module(SOURCES[name])
    places = Places(module)
    found = mutations_of(module)

    assert found
    for one in found:
        function = one.contained_by_top_level_function
        assert isinstance(function, libcst.FunctionDef)
        renamed = function.with_changes(name=libcst.Name("renamed"))
        ours, theirs = (
            module.code_for_node(replace(renamed, one.original_node, one.mutated_node))  # type: ignore[arg-type]
            for replace in (places.replaced, deep_replace)
        )
        assert ours == theirs
        assert ours != module.code_for_node(renamed)


def test_a_node_of_another_tree_is_replaced_nowhere() -> None:
    module, other = libcst.parse_module(SOURCE), libcst.parse_module(SOURCE)
    function, foreign = module.body[1], other.body[1]

    assert Places(module).replaced(function, foreign, libcst.Name("x")) is None
