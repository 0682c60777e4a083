"""Puts a node of a syntax tree in another one's place by remaking only the nodes above it.

mutmut does it by remaking every node of the function, once for each mutant, which is a quarter of generating.
"""

from __future__ import annotations

import libcst


class Places:
    """Where the nodes of a module are, none of which may be in it twice, as after parsing."""

    def __init__(self, module: libcst.Module) -> None:
        self._above: dict[libcst.CSTNode, tuple[libcst.CSTNode, str, int | None]] = {}
        """Node -> the one above it, the field it is in, and its place there in a sequence."""
        waiting: list[libcst.CSTNode] = [module]
        while waiting:
            node = waiting.pop()
            for name in node.__dataclass_fields__:
                value = getattr(node, name)
                places = enumerate(value) if isinstance(value, list | tuple) else [(None, value)]
                for place, child in places:
                    if isinstance(child, libcst.CSTNode):
                        self._above[child] = (node, name, place)
                        waiting.append(child)

    def replaced(
        self, tree: libcst.CSTNode, old: libcst.CSTNode, new: libcst.CSTNode
    ) -> libcst.CSTNode | None:
        """Return the tree with the new node; None where the old one is not in it.

        `tree` is a function of the module, or a copy of one with another name.
        """
        node, made = old, new
        while (found := self._above.get(node)) is not None:
            above, name, place = found
            is_top = type(above) is type(tree) and getattr(above, "body", None) is getattr(
                tree, "body", above
            )
            owner = tree if is_top else above
            value = getattr(owner, name)
            if is_top and value is not getattr(above, name):
                return None
            made = owner.with_changes(
                **{name: made if place is None else [*value[:place], made, *value[place + 1 :]]}
            )
            if is_top:
                return made
            node = above
        return None
