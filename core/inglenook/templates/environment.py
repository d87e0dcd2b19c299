"""The Jinja environment of the dialect: sandboxed, bounded, with its own undefined, and a context that costs little."""

import re
import struct
from collections.abc import Callable, Iterable, Mapping
from string import Formatter
from types import BuiltinMethodType, FunctionType
from typing import Any, Final

from jinja2 import DictLoader, Template, Undefined, nodes
from jinja2.exceptions import TemplateError as JinjaError
from jinja2.nodes import EvalContext
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment, SandboxedFormatter
from jinja2.utils import missing

from inglenook.errors import InglenookError
from inglenook.templates.bounds import (
    CONTAINERS,
    MAX_SIZE,
    Budget,
    bounded_range,
    check_binop,
    check_size,
    check_width,
    checked_args,
)
from inglenook.templates.library import Library, unfolded
from inglenook.templates.metering import CHARGE, CHARGE_ALL, JOIN, SPEND, meter
from inglenook.templates.weights import COPY, FILTERS, METHODS, UNKNOWN

# What an expression may raise besides what Jinja itself raises. Anything else is a fault of ours.
RENDER_ERRORS: Final = (
    JinjaError,
    InglenookError,
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    RuntimeError,
    MemoryError,
    AssertionError,
    re.error,
    struct.error,
)


class DialectEnvironment(ImmutableSandboxedEnvironment):
    """Jinja as rules know it.

    Args:
        library: the functions that templates may use.
        limited: leave out what reads the home, as for ``trigger_variables``.
        budget: what a rendering may spend.
        report: told of each undefined variable that is used.
    """

    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(
        self, library: Library, budget: Budget, report: Callable[[str], None], *, limited: bool = False
    ) -> None:
        super().__init__(
            undefined=logging_undefined(report),
            extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"],
            loader=DictLoader({}),
            cache_size=64,
            auto_reload=False,
            finalize=budget.charge_all,
        )
        self.context_class = DialectContext
        self.budget = budget
        self.plain_eval = EvalContext(self)
        library.install(self, budget, limited=limited)
        self.globals["range"] = bounded_range
        self.filters[CHARGE] = budget.charge
        self.filters[CHARGE_ALL] = budget.charge_all
        self.filters[SPEND] = unfolded(budget.spend)
        self.filters[JOIN] = self.concat_values
        self._weights = {self.globals[name]: weight for name, weight in FILTERS.items() if name in self.globals}
        self.globals_keys = set(self.globals)

    def set_macros(self, files: Mapping[str, str]) -> None:
        """Replace the files that ``{% from 'name.jinja' import macro %}`` finds."""
        self.loader = DictLoader(dict(files))
        if self.cache is not None:
            self.cache.clear()

    def render(self, template: Template, variables: Mapping[str, Any]) -> str:
        """Return the text that a template of this environment gives, on a context that copies nothing."""
        return self.concat(template.root_render_func(DialectContext.over(self, template, variables)))

    def concat(self, parts: Iterable[str]) -> str:
        """Join rendered text, up to the size allowed."""
        kept: list[str] = []
        size = 0
        for part in parts:
            size += len(part)
            if size > MAX_SIZE:
                check_size(size, "the output")
            kept.append(part)
        return "".join(kept)

    def concat_values(self, values: list[Any]) -> str:
        """The operator ``~``."""
        return str(self.budget.charge_all(self.concat([str(self.budget.charge_all(value)) for value in values])))

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Carry out an operator that could grow without end."""
        check_binop(operator, left, right)
        if isinstance(right, CONTAINERS):
            self.budget.charge_all(right)
        result = self.binop_table[operator](left, right)
        return result if isinstance(result, int | float) else self.budget.charge_all(result)

    def call(self, context: Context, called: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call a function or method for a template."""
        self.budget.spend(1)
        args = checked_args(called, args, kwargs)
        weight = self._weight(called)
        for given in (*args, *kwargs.values()):
            if isinstance(given, CONTAINERS):
                self.budget.charge_all(given, weight)
            elif isinstance(given, str | bytes):
                self.budget.charge(given, weight)
        result = super().call(context, called, *args, **kwargs)
        return self.budget.charge(result) if isinstance(result, str | bytes | list) else result

    def _weight(self, called: Any) -> int:
        """Return the weight of the texts that a function or method is given; one of a text pays for that text here."""
        if isinstance(called, BuiltinMethodType) and isinstance(called.__self__, str | bytes):
            weight = METHODS.get(called.__name__, COPY)
            self.budget.charge(called.__self__, weight)
            return weight
        return self._weights.get(called, UNKNOWN) if isinstance(called, FunctionType) else UNKNOWN

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        """Return a safe and bounded stand-in for ``str.format`` and ``str.format_map``, None for anything else."""
        safe = super().wrap_str_format(value)
        if safe is None or not hasattr(value, "__self__"):
            return safe
        text, is_map = value.__self__, value.__name__ == "format_map"
        formatter = _BoundedFormatter(self)

        def formatted(*args: Any, **kwargs: Any) -> str:
            if not is_map:
                return formatter.vformat(text, args, kwargs)
            return formatter.vformat(text, (), *args, **kwargs)

        return formatted

    def _generate(
        self, source: nodes.Template, name: str | None, filename: str | None, defer_init: bool = False
    ) -> str:
        meter(source)
        return super()._generate(source, name, filename, defer_init)


class DialectContext(Context):
    """A context that looks names up in what the template set, the variables it was given, then the globals."""

    variables: Mapping[str, Any] = {}

    @classmethod
    def over(
        cls, environment: DialectEnvironment, template: Template, variables: Mapping[str, Any]
    ) -> "DialectContext":
        """Return a context for one rendering."""
        self = cls.__new__(cls)
        self.environment = environment
        self.parent = environment.globals
        self.variables = variables
        self.vars = {}
        self.eval_ctx = environment.plain_eval
        self.exported_vars = set()
        self.name = None
        self.blocks = {name: [block] for name, block in template.blocks.items()} if template.blocks else {}
        self.globals_keys = environment.globals_keys
        return self

    def resolve_or_missing(self, key: str) -> Any:
        """Return the value of a name, or Jinja's ``missing``."""
        if key in self.vars:
            return self.vars[key]
        try:
            return self.variables[key]
        except KeyError:
            return self.parent.get(key, missing)

    def get_all(self) -> dict[str, Any]:
        """Return everything that can be looked up."""
        return {**self.parent, **self.variables, **self.vars}

    def __contains__(self, name: object) -> bool:
        return name in self.vars or name in self.variables or name in self.parent


def logging_undefined(report: Callable[[str], None]) -> type[Undefined]:
    """Return the class of values that are not there: empty, false, and ``report`` is told when one is used so."""

    class LoggingUndefined(Undefined):  # ``typeof`` shows this name
        __slots__ = ()

        def __str__(self) -> str:
            report(self._undefined_message)
            return ""

        def __iter__(self) -> Any:
            report(self._undefined_message)
            return iter(())

        def __bool__(self) -> bool:
            report(self._undefined_message)
            return False

    return LoggingUndefined


class _BoundedFormatter(SandboxedFormatter):
    def format_field(self, value: Any, format_spec: str) -> str:
        check_width(format_spec)
        return str(Formatter.format_field(self, value, format_spec))
