"""The run of a rule as a tree: what triggered it, then each step under the one that holds it."""

from collections.abc import Mapping
from typing import Any, Final

from rich.markup import escape
from rich.tree import Tree

from inglenook.cli.tables import ago

_MARKS: Final = {"finished": "[green]✓[/]", "error": "[red]✗[/]"}
VALUE_WIDTH: Final = 60  # of a variable's value

_OTHER_MARK: Final = "[yellow]•[/]"
_OUTCOMES: Final = {"queued": "waits for its turn"}


def trace_tree(trace: Mapping[str, Any]) -> Tree:
    """Return the last run of the rule and, below it, the firings that came to nothing.

    ``trace`` is what the running home answers of a rule.
    """
    tree = Tree(f"[bold]{escape(trace['name'])}[/]  [dim]{trace['entity_id']}[/]")
    if trace["problem"]:
        tree.add(f"[red]it does not run[/]: {escape(trace['problem'])}")
    if not trace["keeps_traces"]:
        tree.add("it keeps no traces: its stored_traces is 0")
    elif trace["run"] is None:
        tree.add("it has not run since the home was started")
    else:
        _add_run(tree, trace["run"])
    if trace["refusals"]:
        refused = tree.add("no run came of")
        for one in trace["refusals"]:
            why = f"{one['place']}: {one['error'] or 'not met'}"
            refused.add(f"{escape(one['trigger'] or 'a call')}  {ago(one['at'])} ago  [yellow]{escape(why)}[/]")
    return tree


def _add_run(tree: Tree, run: Mapping[str, Any]) -> None:
    outcome = f"{run['outcome']}: {run['error']}" if run["error"] else _OUTCOMES.get(run["outcome"], run["outcome"])
    mark = _MARKS.get(run["outcome"], _OTHER_MARK)
    took = "" if run["took_s"] is None else f", took {_duration(run['took_s'])}"
    top = tree.add(f"{mark} {escape(outcome)}, begun {ago(run['at'])} ago{took}  [dim]{run['id']}[/]")
    top.add(f"because of {escape(run['trigger'])}" if run["trigger"] else "because it was called")
    nodes: dict[str, Tree] = {}
    for step in run["steps"]:
        if step["result"] is None and not step["error"] and not step["set"]:
            _forget_below(nodes, step["path"])
            text = f"[dim]{step['path']}[/]  {escape(step['does'])}  [dim]{_after(step['after_s'])}[/]"
            nodes[step["path"]] = _holder(nodes, top, step["path"]).add(text)
        elif (node := nodes.get(step["path"])) is not None:
            node.label = f"{node.label}  {_result(step)}"


def _holder(nodes: Mapping[str, Tree], top: Tree, path: str) -> Tree:
    """Return the node of the step that ``path`` lies in, like ``action/0`` of ``action/0/choose/1/sequence/0``."""
    while "/" in path:
        path = path.rpartition("/")[0]
        if path in nodes:
            return nodes[path]
    return top


def _forget_below(nodes: dict[str, Tree], path: str) -> None:
    """A step that comes again, as in a loop, holds only what comes after it."""
    for other in [other for other in nodes if other.startswith(f"{path}/")]:
        del nodes[other]


def _after(seconds: float) -> str:
    return f"+{_duration(seconds)}"


def _duration(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.1f} s"


def _result(step: Mapping[str, Any]) -> str:
    if step["set"]:
        return "[cyan]" + escape(", ".join(f"{name} = {_shown(value)}" for name, value in step["set"].items())) + "[/]"
    return f"[red]{escape(step['error'])}[/]" if step["error"] else f"[cyan]→ {escape(str(step['result']))}[/]"


def _shown(value: Any) -> str:
    text = str(value)
    return text if len(text) <= VALUE_WIDTH else f"{text[: VALUE_WIDTH - 1]}…"
