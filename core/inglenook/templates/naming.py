"""What a template names, as far as it can be told without rendering it: entities, and functions that are not there."""

import re
from collections.abc import Collection, Iterator
from typing import Final, NamedTuple

from jinja2 import Environment, nodes

_OF_AN_ENTITY: Final = frozenset({
    "entity_name", "has_value", "is_hidden_entity", "is_state", "is_state_attr", "state_attr", "state_attr_translated",
    "state_translated", "states",
})  # fmt: skip
_OF_SEVERAL: Final = "expand"
_STATES: Final = "states"
_JINJAS_OWN: Final = frozenset({"caller", "loop", "self", "super"})
_ID: Final = re.compile(r"[a-z0-9_]+\.[a-z0-9_]+")


class Naming(NamedTuple):
    """What one template names.

    Attributes:
        entities: ids that stand in it as they are, in its order.
        unknown: names that it calls, and that neither it nor the dialect gives a meaning.
        of_home: functions of the dialect in it that read the home.
    """

    entities: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    of_home: tuple[str, ...] = ()


def naming_of(tree: nodes.Template, environment: Environment, of_home: Collection[str]) -> Naming:
    """Return what ``tree`` names.

    Args:
        tree: as ``environment`` parsed it.
        environment: knows the functions of the dialect.
        of_home: those that read the home.
    """
    own = {name.name for name in tree.find_all(nodes.Name) if name.ctx != "load"}
    own.update(macro.name for macro in tree.find_all(nodes.Macro))
    own.update(each.target for each in tree.find_all(nodes.Import))
    own.update(_imported(tree))
    known = own | environment.globals.keys() | _JINJAS_OWN
    called = [call.node.name for call in tree.find_all(nodes.Call) if isinstance(call.node, nodes.Name)]
    used = [name.name for name in tree.find_all(nodes.Name) if name.name not in own]
    used += [each.name for each in tree.find_all((nodes.Filter, nodes.Test))]
    return Naming(
        tuple(dict.fromkeys(name.lower() for name in _entities(tree) if _ID.fullmatch(name.lower()))),
        tuple(dict.fromkeys(name for name in called if name not in known)),
        tuple(dict.fromkeys(name for name in used if name in of_home)),
    )


def _imported(tree: nodes.Template) -> Iterator[str]:
    for each in tree.find_all(nodes.FromImport):
        yield from (name if isinstance(name, str) else name[1] for name in each.names)


def _entities(tree: nodes.Template) -> Iterator[str]:
    """Yield the constant texts that stand where an entity is asked for."""
    for node in tree.find_all((nodes.Call, nodes.Filter, nodes.Test, nodes.Getattr, nodes.Getitem)):
        if isinstance(node, nodes.Call):
            if isinstance(node.node, nodes.Name) and node.args:
                yield from _asked(node.node.name, node.args)
        elif isinstance(node, nodes.Filter | nodes.Test):
            if node.node is not None:
                yield from _asked(node.name, [node.node])
        elif isinstance(node, nodes.Getattr):
            domain = node.node
            if isinstance(domain, nodes.Getattr) and _is_states(domain.node):
                yield f"{domain.attr}.{node.attr}"
        elif isinstance(node, nodes.Getitem) and _is_states(node.node):
            yield from _texts(node.arg)


def _asked(function: str, arguments: list[nodes.Expr]) -> Iterator[str]:
    if function in _OF_AN_ENTITY:
        yield from _texts(arguments[0])
    elif function == _OF_SEVERAL:
        for argument in arguments:
            yield from _texts(argument)


def _texts(node: nodes.Node) -> Iterator[str]:
    """Yield a constant text, or those of a list."""
    if isinstance(node, nodes.Const):
        yield from [node.value] if isinstance(node.value, str) else ()
    elif isinstance(node, nodes.List | nodes.Tuple):
        for item in node.items:
            yield from _texts(item)


def _is_states(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Name) and node.name == _STATES
