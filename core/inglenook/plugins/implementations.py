"""What a plugin's module implements, compared with what there is to implement."""

import difflib
import inspect
from collections.abc import Callable
from typing import Any

from inglenook.errors import PluginError
from inglenook.plugins import hookspecs


def check_hooks(name: str, module: Any) -> None:
    """Refuse hook implementations that no hook would call, in words its author understands.

    Raises:
        PluginError: there is one, or none at all.
    """
    offered = {hook: inspect.signature(function) for hook, function in _hooks().items()}
    members = vars(module).items() if inspect.ismodule(module) else inspect.getmembers(module)
    hooks = [(attribute, function) for attribute, function in members if hasattr(function, "inglenook_impl")]
    if not hooks:
        raise PluginError(name, "has no hooks; write @hookimpl, from inglenook, above its setup()")
    for attribute, function in hooks:
        if attribute not in offered:
            guess = difflib.get_close_matches(attribute, offered, 1)
            hint = f"; did you mean {guess[0]}()?" if guess else f"; there are {', '.join(sorted(offered))}"
            raise PluginError(name, f"{attribute}() is no hook{hint}")
        given = offered[attribute].parameters
        for argument in inspect.signature(function).parameters:
            if argument not in given and argument != "self":
                offer = ", ".join(given) or "no arguments"
                raise PluginError(name, f"{attribute}() takes argument {argument!r}; the hook offers {offer}")


def _hooks() -> dict[str, Callable[..., Any]]:
    return {name: value for name, value in vars(hookspecs).items() if hasattr(value, "inglenook_spec")}
