"""The functions of the dialect by name: which of them are globals, filters or tests, and what they may read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from jinja2 import Environment, pass_context
from jinja2.runtime import Context

from inglenook.errors import TemplateError
from inglenook.templates.bounds import CONTAINERS, Budget
from inglenook.templates.builtins import bound_builtins
from inglenook.templates.weights import FILTERS, UNKNOWN

Reach = Literal["pure", "live", "home"]


@dataclass(frozen=True, slots=True)
class Function:
    """One name of the dialect.

    Attributes:
        name: as templates write it.
        call: what it does.
        places: where it may stand: ``g`` a global, ``f`` a filter, ``t`` a test.
        reach: ``pure`` depends on its arguments alone; ``live`` gives another answer another time; ``home`` is live and
            reads states, time or registries, which limited templates may not.
    """

    name: str
    call: Any
    places: str
    reach: Reach


class Library:
    """Every function that templates may use, in the order offered; a later one of the same name and place wins."""

    def __init__(self) -> None:
        self._functions: list[Function] = []

    def offer(self, name: str, call: Any, places: str = "gf", reach: Reach = "pure") -> None:
        """Add a function; see :class:`Function`."""
        self._functions.append(Function(name, call, places, reach))

    def offer_all(self, calls: Mapping[str, Any], places: str = "gf", reach: Reach = "pure") -> None:
        """Add functions by name; see :class:`Function`."""
        for name, call in calls.items():
            self.offer(name, call, places, reach)

    def names(self) -> list[str]:
        """Return the names of all functions, sorted."""
        return sorted({function.name for function in self._functions})

    def of_home(self) -> frozenset[str]:
        """Return the names of the functions that read the home."""
        return frozenset(function.name for function in self._functions if function.reach == "home")

    def install(self, environment: Environment, budget: Budget, *, limited: bool) -> None:
        """Put the functions into a Jinja environment, and make Jinja's own spend steps."""
        bound_builtins(environment, budget)
        for function in self._functions:
            call = function.call
            if limited and function.reach == "home":
                call = _refused(function.name)
            if "g" in function.places:
                environment.globals[function.name] = call
            in_chain = _in_chain(call, function, budget)
            if "f" in function.places:
                environment.filters[function.name] = in_chain
            if "t" in function.places:
                environment.tests[function.name] = in_chain


def unfolded(call: Callable[..., Any], plain: Callable[..., Any] | None = None) -> Callable[..., Any]:
    """Return ``call`` for use as a filter or test that Jinja may not work out beforehand, when it compiles."""

    @pass_context
    def live(_context: Context, *args: Any, **kwargs: Any) -> Any:
        return call(*args, **kwargs)

    live.plain = plain or call  # type: ignore[attr-defined]
    return live


def _in_chain(call: Callable[..., Any], function: Function, budget: Budget) -> Callable[..., Any]:
    """Return a function as a filter or test: it spends steps for what it is given, and is not folded unless pure."""
    if not callable(call):
        return call
    weight = FILTERS.get(function.name, UNKNOWN)

    def charging(*args: Any, **kwargs: Any) -> Any:
        for given in args:
            if isinstance(given, CONTAINERS):
                budget.charge_all(given, weight)
            elif isinstance(given, str | bytes):
                budget.charge(given, weight)
        return call(*args, **kwargs)

    charging.plain = call  # type: ignore[attr-defined] # for the translation, which calls it directly
    return charging if function.reach == "pure" else unfolded(charging, call)


def _refused(name: str) -> Callable[..., Any]:
    def refused(*_args: Any, **_kwargs: Any) -> Any:
        raise TemplateError(f"{name}() reads the home, which a limited template (as in trigger_variables) may not")

    return refused
