"""Postage, from a table and weights that are worked out once and kept."""

_table = {}
_heavy = {}


def rate(zone):
    if not _table:
        _fill()
    return _table[zone]


def _fill():
    _table["near"] = 1 + 1
    _table["far"] = 2 + 3


def is_heavy(weight):
    if weight in _heavy:
        return _heavy[weight] and True
    _heavy[weight] = weight > 20
    return _heavy[weight]
