"""Templates and what they give: text, native results, truth, and what these depend on.

Jinja is loaded with the first template: it takes a third of the time in which a home without any starts.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakValueDictionary

from inglenook.errors import TemplateError
from inglenook.home import Home
from inglenook.templates.excerpt import excerpt
from inglenook.templates.footprint import Footprint, Tracked, tracked
from inglenook.templates.native import native, parse
from inglenook.templates.tree import Renderer, compile_tree

if TYPE_CHECKING:
    from inglenook.templates.engine import Engine, Program

_log = logging.getLogger(__name__)

_NOTHING: Final[Mapping[str, Any]] = {}
_DELIMITERS: Final = ("{{", "{%", "{#")
_WARNINGS_KEPT: Final = 1_000


def is_template(text: str) -> bool:
    """Whether ``text`` has something to render in it."""
    return "{" in text and any(delimiter in text for delimiter in _DELIMITERS)


class Templates:
    """The templates of one home.

    A template lives as long as somebody holds it; the same text gives the same one meanwhile.
    """

    def __init__(self, home: Home) -> None:
        self._home = home
        self._templates: WeakValueDictionary[str, Template] = WeakValueDictionary()
        self._engine: Engine | None = None
        self._warned: set[tuple[str, str]] = set()
        self._heard: list[str] | None = None

    def compile(self, text: str, *, is_checked: bool = False) -> "Template":
        """Return the template of ``text``.

        Args:
            text: with or without delimiters.
            is_checked: it is known to be well formed, so that even reading it may wait until it is used.

        Raises:
            TemplateError: it is not well formed, or names a filter or test that is not there.
        """
        template = self._templates.get(text)
        if template is None:
            template = Template(self, text)
            if not is_checked and not template.is_static:
                template.check()
            self._templates[text] = template
        return template

    def compile_tree(self, value: Any) -> Renderer:
        """Return a renderer of a nested value: its texts, and the keys of its dicts, may be templates.

        Texts without delimiters stay as they are.

        Raises:
            TemplateError: as in :meth:`compile`.
        """
        return compile_tree(value, lambda text: self.compile(text) if is_template(text) else None)

    def track(self, ask: Callable[[], Any]) -> Tracked:
        """Return what ``ask`` gives, together with what the templates that it renders look at.

        A ``TemplateError`` is part of the answer.
        """
        view = self.engine.view
        outer, view.footprint = view.footprint, (footprint := Footprint())
        try:
            return tracked(ask(), footprint)
        except TemplateError as error:
            return tracked(None, footprint, error)
        finally:
            view.footprint = outer

    @contextmanager
    def listening(self) -> Iterator[list[str]]:
        """Give the list that, until the end of the ``with``, takes the warnings that would be logged otherwise."""
        outer, self._heard = self._heard, []
        try:
            yield self._heard
        finally:
            self._heard = outer

    def set_macros(self, files: Mapping[str, str]) -> None:
        """Replace what ``{% from 'name.jinja' import macro %}`` finds in all templates of the home.

        Args:
            files: their text by their names.
        """
        self._home.macros.files = files

    def macro_faults(self) -> dict[str, tuple[int, str]]:
        """Return which of these files are not well formed: the line, from 1, and why, by their names."""
        files = self._home.macros.files
        return {name: fault for name, text in files.items() if (fault := self.engine.macro_fault(text)) is not None}

    @property
    def engine(self) -> "Engine":
        """Jinja, set up for this home."""
        if self._engine is None:
            from inglenook.templates.engine import Engine  # noqa: PLC0415 - 100 ms that a home without templates saves

            self._engine = Engine(self._home, self._warn)
        return self._engine

    def _warn(self, text: str, problem: str) -> None:
        """Log that ``problem`` occurred in the template ``text``, once; or tell who listens."""
        if self._heard is not None:
            self._heard.append(problem)
            return
        if (text, problem) in self._warned:
            return
        if len(self._warned) >= _WARNINGS_KEPT:
            self._warned.clear()
        self._warned.add((text, problem))
        _log.warning("template %r: %s; taken as empty", excerpt(text), problem)


class Template:
    """One template. Made by :meth:`Templates.compile`.

    Attributes:
        text: as it was written.
        is_static: there is nothing to render in it.
    """

    __slots__ = ("__weakref__", "_constant", "_program", "_templates", "is_static", "text")

    def __init__(self, templates: Templates, text: str) -> None:
        self._templates = templates
        self._program: Program | None = None
        self.text = text
        self.is_static = not is_template(text)
        self._constant = parse(text.strip()) if self.is_static else None

    def check(self) -> None:
        """Read the template, if that has not been done.

        Raises:
            TemplateError: it is not well formed.
        """
        if self._program is None:
            self._program = self._templates.engine.program(self.text)

    def render(self, variables: Mapping[str, Any] = _NOTHING, *, limited: bool = False) -> Any:
        """Return the native result: ``5`` for a rendered "5".

        Args:
            variables: values by name; read, never changed.
            limited: leave out what reads the home.

        Raises:
            TemplateError: it fails.
        """
        if self.is_static:
            return self._constant
        return native((self._program or self._read()).value(variables, limited))

    def render_text(self, variables: Mapping[str, Any] = _NOTHING, *, limited: bool = False) -> str:
        """Return the rendered text, stripped and not taken for anything else.

        Raises:
            TemplateError: it fails.
        """
        if self.is_static:
            return self.text.strip()
        return str((self._program or self._read()).value(variables, limited)).strip()

    def is_true(self, variables: Mapping[str, Any] = _NOTHING) -> bool:
        """Whether the rendered text is "true", as a template condition asks: "on" and "1" are not.

        Raises:
            TemplateError: it fails.
        """
        if self.is_static:
            return self.text.strip().lower() == "true"
        return (self._program or self._read()).is_true(variables)

    def track(self, variables: Mapping[str, Any] = _NOTHING, *, as_text: bool = False) -> Tracked:
        """Return the native result together with what it depends on; an error is part of the answer.

        Args:
            variables: values by name; read, never changed.
            as_text: the result is the rendered text.
        """
        render = self.render_text if as_text else self.render
        if self.is_static:
            return tracked(render(), Footprint())
        return self._templates.track(lambda: render(variables))

    def _read(self) -> "Program":
        self.check()
        assert self._program is not None
        return self._program

    def __repr__(self) -> str:
        return f"Template({excerpt(self.text)!r})"
