"""Where templates run: translated to closures where that is exact, on Jinja everywhere else."""

from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Final

import jinja2
from jinja2 import nodes

from inglenook.errors import TemplateError
from inglenook.home import Home
from inglenook.templates.bounds import Budget, check_size
from inglenook.templates.closures import Closure, Unusual
from inglenook.templates.environment import RENDER_ERRORS, DialectEnvironment
from inglenook.templates.excerpt import excerpt
from inglenook.templates.functions import collections, geography, numbers, patterns, registries, states, text, times
from inglenook.templates.library import Library
from inglenook.templates.naming import Naming, naming_of
from inglenook.templates.selection import Selection
from inglenook.templates.translation import Translator
from inglenook.templates.view import View

Warn = Callable[[str, str], None]

_SCALARS: Final = frozenset({bool, int, float, type(None)})
_UNPRINTED: Final = frozenset({Selection, type(iter([]))})  # Jinja has generators in their place
_ANY_ERROR: Final = (*RENDER_ERRORS, Unusual)  # whatever it is, Jinja knows what it gives and how it is told


class Engine:
    """Jinja's environments for one home, the full and the limited one.

    Attributes:
        view: what templates see the home through.
    """

    def __init__(self, home: Home, warn: Warn) -> None:
        self.view = View(home)
        self.running = ""
        self._warn = warn
        budget = Budget()
        library = make_library(self.view, budget)
        self.full = DialectEnvironment(library, budget, self._report)
        self.limited = DialectEnvironment(library, budget, self._report, limited=True)
        self._of_home = library.of_home()
        self._translator = Translator(self.full, self.view)
        self._macros = home.macros
        self._files: Mapping[str, str] = {}

    def environment(self, *, limited: bool) -> DialectEnvironment:
        """Return an environment that finds the macros which the home has now."""
        if self._macros.files is not self._files:
            self._files = self._macros.files
            self.full.set_macros(self._files)
            self.limited.set_macros(self._files)
        return self.limited if limited else self.full

    def program(self, text: str) -> "Program":
        """Read a template.

        Raises:
            TemplateError: it is not well formed, or names a filter or test that is not there.
        """
        try:
            tree = self.full.parse(text)
            _check_names(self.full, tree)
        except jinja2.TemplateSyntaxError as error:
            raise _located(text, error.message or "cannot be read", error.lineno) from error
        except RecursionError as error:
            raise _located(text, "is nested too deeply", None) from error
        return Program(self, text, self._translator.translate(tree))

    def macro_fault(self, text: str) -> tuple[int, str] | None:
        """Return the line, from 1, at which a file of macros is not well formed, and why; None if it is."""
        try:
            _check_names(self.full, self.full.parse(text))
        except jinja2.TemplateSyntaxError as error:
            return error.lineno, error.message or "cannot be read"
        except RecursionError:
            return 1, "is nested too deeply"
        return None

    def naming(self, text: str) -> Naming:
        """Return what the template ``text`` names; nothing if it is not well formed."""
        try:
            return naming_of(self.full.parse(text), self.full, self._of_home)
        except (jinja2.TemplateSyntaxError, RecursionError):
            return Naming()

    def functions(self) -> frozenset[str]:
        """Return the names that templates may call."""
        return frozenset(self.full.globals)

    def bounded(self, value: Any) -> Any:
        """Return ``value``, unless its text would be larger than a template's output may be."""
        if type(value) is str:
            check_size(len(value), "the output")
        elif type(value) in _UNPRINTED:
            raise Unusual
        elif type(value) not in _SCALARS:
            self.full.budget.refill()
            self.full.budget.charge_all(value)
        return value

    def _report(self, problem: str) -> None:
        self._warn(self.running, problem)


class Program:
    """A template that has been read: a closure if it could be translated, and Jinja's code once that is needed."""

    __slots__ = ("_closure", "_engine", "_full", "_limited", "_text")

    def __init__(self, engine: Engine, text: str, closure: Closure | None) -> None:
        self._engine = engine
        self._text = text
        self._closure = closure
        self._full: jinja2.Template | None = None
        self._limited: jinja2.Template | None = None

    @property
    def is_translated(self) -> bool:
        """True when it runs without Jinja as long as nothing unusual happens."""
        return self._closure is not None

    def value(self, variables: Mapping[str, Any], limited: bool = False) -> Any:
        """Return what the template gives: a value whose ``str()`` is the rendered text.

        Raises:
            TemplateError: it fails.
        """
        if self._closure is not None and not limited:
            try:
                return self._engine.bounded(self._closure(variables))
            except _ANY_ERROR:
                pass
        return self.text(variables, limited)

    def is_true(self, variables: Mapping[str, Any]) -> bool:
        """Whether the rendered text is the word "true".

        Raises:
            TemplateError: it fails.
        """
        if self._closure is not None:
            try:
                value = self._closure(variables)
                if value is True or value is False:
                    return value
                return str(self._engine.bounded(value)).strip().lower() == "true"
            except _ANY_ERROR:
                pass
        return self.text(variables).strip().lower() == "true"

    def text(self, variables: Mapping[str, Any], limited: bool = False) -> str:
        """Return what Jinja renders.

        Raises:
            TemplateError: it fails.
        """
        engine = self._engine
        environment = engine.environment(limited=limited)
        outer, engine.running = engine.running, self._text
        environment.budget.refill()
        try:
            template = (self._limited if limited else self._full) or self._compile(environment, limited)
            return environment.render(template, variables)
        except RENDER_ERRORS as error:
            raise _located(self._text, _told(error), _line(error.__traceback__)) from error
        finally:
            engine.running = outer

    def _compile(self, environment: DialectEnvironment, limited: bool) -> jinja2.Template:
        template = environment.from_string(self._text)
        if limited:
            self._limited = template
        else:
            self._full = template
        return template


def make_library(view: View, budget: Budget) -> Library:
    """Return every function of the dialect, for one home."""
    library = Library()
    numbers.offer(library)
    text.offer(library)
    patterns.offer(library, budget)
    collections.offer(library, budget)
    times.offer(library, view)
    states.offer(library, view)
    registries.offer(library, view)
    geography.offer(library, view)
    return library


def _check_names(environment: DialectEnvironment, node: nodes.Node) -> None:
    """Refuse a filter or test that is not there; inside an ``if`` it may be missing, as Jinja has it."""
    for child in node.iter_child_nodes():
        if isinstance(child, nodes.If | nodes.CondExpr):
            continue
        if isinstance(child, nodes.Filter) and child.name not in environment.filters:
            raise jinja2.TemplateAssertionError(f"there is no filter {child.name!r}", child.lineno)
        if isinstance(child, nodes.Test) and child.name not in environment.tests:
            raise jinja2.TemplateAssertionError(f"there is no test {child.name!r}", child.lineno)
        _check_names(environment, child)


def _located(text: str, problem: str, line: int | None) -> TemplateError:
    where = f" (line {line})" if line is not None and "\n" in text.strip() else ""
    return TemplateError(f"template {excerpt(text)!r}{where}: {problem}", problem, line)


def _told(error: BaseException) -> str:
    if isinstance(error, RecursionError):
        return "it calls itself without end, or is nested too deeply"
    return str(error) if isinstance(error, TemplateError | ValueError) else f"{type(error).__name__}: {error}"


def _line(traceback: TracebackType | None) -> int | None:
    """Return the line of the template where an error arose, from the code that Jinja made of it."""
    line = None
    while traceback is not None:
        made_from = traceback.tb_frame.f_globals.get("__jinja_template__")
        if made_from is not None:
            line = made_from.get_corresponding_lineno(traceback.tb_lineno)
        traceback = traceback.tb_next
    return line
