"""Makes a parsed template pay for what it does: tags and operators that could go on without end spend steps.

The tree is rewritten before Jinja makes code of it, with filters of ours put around what must be paid for.
"""

from typing import Any, Final

from jinja2 import nodes

CHARGE: Final = "charge for"  # filters that no template can name, for the space in them
CHARGE_ALL: Final = "charge for all of"
SPEND: Final = "spend steps"
JOIN: Final = "join texts"
_TEXT_A_STEP: Final = 256
_NODES_A_STEP: Final = 16


def meter(tree: nodes.Template) -> None:
    """Rewrite a parsed template so that each pass of a loop or macro, and each search in a list, spends steps."""
    repeated: list[nodes.For | nodes.Macro | nodes.CallBlock] = list(
        tree.find_all((nodes.For, nodes.Macro, nodes.CallBlock))
    )
    for node in repeated:
        steps = _steps(node.body)
        node.body.insert(0, nodes.ExprStmt(_filter(nodes.Const(steps), SPEND), lineno=node.lineno))
        if isinstance(node, nodes.For):
            node.iter = _filter(node.iter, CHARGE)
    for operand in list(tree.find_all(nodes.Operand)):
        operand.expr = _charged(operand.expr)
    for pair in list(tree.find_all(nodes.Pair)):
        pair.key = _charged(pair.key)
    for item in list(tree.find_all(nodes.Getitem)):
        if not isinstance(item.arg, nodes.Slice):
            item.arg = _charged(item.arg)
    _rewrite(tree)
    assert tree.environment is not None
    tree.set_environment(tree.environment)


def _steps(body: list[nodes.Node]) -> int:
    text = sum(len(data.data) for part in body for data in part.find_all(nodes.TemplateData))
    count = sum(1 for part in body for _ in part.find_all(nodes.Expr))
    return 1 + text // _TEXT_A_STEP + count // _NODES_A_STEP


def _charged(expression: nodes.Expr) -> nodes.Expr:
    return expression if isinstance(expression, nodes.Const) else _filter(expression, CHARGE_ALL)


def _filter(expression: nodes.Node, name: str) -> nodes.Filter:
    return nodes.Filter(expression, name, [], [], None, None, lineno=expression.lineno)


def _rewrite(node: nodes.Node) -> None:
    for field, value in node.iter_fields():
        if isinstance(value, list):
            value[:] = [_rewritten(item) for item in value]
        elif isinstance(value, nodes.Node):
            setattr(node, field, _rewritten(value))


def _rewritten(item: Any) -> Any:
    if not isinstance(item, nodes.Node):
        return item
    _rewrite(item)
    if isinstance(item, nodes.Concat):
        return _filter(nodes.List(item.nodes, lineno=item.lineno), JOIN)
    if isinstance(item, nodes.Getitem) and isinstance(item.arg, nodes.Slice):
        return _filter(item, CHARGE)
    if isinstance(item, nodes.List | nodes.Dict) or (isinstance(item, nodes.Tuple) and item.ctx == "load"):
        is_constant = all(
            isinstance(part, nodes.Const | nodes.Pair | nodes.Keyword) for part in item.iter_child_nodes()
        )
        return item if is_constant and not isinstance(item, nodes.Dict) else _filter(item, CHARGE_ALL)
    return item
