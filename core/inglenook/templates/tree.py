"""Nested values with templates in them, as service data and variables are."""

from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

_NOTHING: Final[Mapping[str, Any]] = {}

Render = Callable[[Mapping[str, Any], bool], Any]


class Compiled(Protocol):
    """A template, as far as a tree needs to know."""

    def render(self, variables: Mapping[str, Any] = ..., *, limited: bool = ...) -> Any:
        """Return the native result."""


class Renderer:
    """Turns variables into the rendered tree.

    Attributes:
        is_static: nothing in it is a template, so that every call returns the same object.
    """

    __slots__ = ("_render", "is_static")

    def __init__(self, render: Render, *, is_static: bool) -> None:
        self._render = render
        self.is_static = is_static

    def __call__(self, variables: Mapping[str, Any] = _NOTHING, *, limited: bool = False) -> Any:
        """Return the value with every template in it rendered; dicts and lists are new ones.

        Raises:
            TemplateError: a template fails.
        """
        return self._render(variables, limited)


def compile_tree(value: Any, compile_text: Callable[[str], Compiled | None]) -> Renderer:
    """Return a renderer of ``value``; ``compile_text`` gives the template of a text, None for a plain text."""
    render = _compile(value, compile_text)
    if render is not None:
        return Renderer(render, is_static=False)
    plain = _plain(value)
    return Renderer(lambda _variables, _limited: plain, is_static=True)


def _compile(value: Any, compile_text: Callable[[str], Compiled | None]) -> Render | None:
    """Return how to render ``value``, or None when there is nothing to render in it."""
    if isinstance(value, str):
        template = compile_text(value)
        if template is None:
            return None
        render = template.render
        return lambda variables, limited: render(variables, limited=limited)
    if isinstance(value, Mapping):
        return _compile_dict(value, compile_text)
    if isinstance(value, list | tuple):
        return _compile_list(value, compile_text)
    return None


def _compile_dict(value: Mapping[Any, Any], compile_text: Callable[[str], Compiled | None]) -> Render | None:
    pairs = [(_compile(key, compile_text), key, _compile(item, compile_text), item) for key, item in value.items()]
    if all(key is None and item is None for key, _, item, _ in pairs):
        return None
    parts = [(key or _constant(plain_key), item or _constant(plain)) for key, plain_key, item, plain in pairs]
    return lambda variables, limited: {key(variables, limited): item(variables, limited) for key, item in parts}


def _compile_list(value: Any, compile_text: Callable[[str], Compiled | None]) -> Render | None:
    items = [(_compile(item, compile_text), item) for item in value]
    if all(render is None for render, _ in items):
        return None
    parts = [render or _constant(item) for render, item in items]
    return lambda variables, limited: [part(variables, limited) for part in parts]


def _constant(value: Any) -> Render:
    plain = _plain(value)
    return lambda _variables, _limited: plain


def _plain(value: Any) -> Any:
    """Return ``value``, with plain dicts and lists for those that remember their file, whose extra names would show."""
    if isinstance(value, dict):
        if type(value) is dict and all(_plain(item) is item for item in value.values()):
            return value
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        if type(value) is list and all(_plain(item) is item for item in value):
            return value
        return [_plain(item) for item in value]
    return value
