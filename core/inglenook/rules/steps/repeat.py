"""The step that repeats: ``repeat:`` with ``count``, ``for_each``, ``while`` or ``until``."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final

import voluptuous as vol

from inglenook.clock import Clock
from inglenook.config.values import integer, is_template, shown
from inglenook.errors import ConditionError, TemplateError
from inglenook.model import NO_DATA
from inglenook.rules.faults import located
from inglenook.rules.kinds import Action, ActionKind, Actions, Compiler, Config, Grammar
from inglenook.rules.run import Assigned, Run, RunAborted
from inglenook.rules.shape import Shape

_log = logging.getLogger(__name__)

PASSES_AT_ONCE: Final = 200  # then the rest of the house gets its turn
MANY_PASSES: Final = 5_000
MAX_PASSES: Final = 10_000  # of ``while`` and ``until``

_FORMS: Final = ("count", "for_each", "while", "until")
_NONE: Final = object()

Following = Callable[[int], dict[str, Any] | None]
"""Gives ``repeat`` for the pass of that number (from 1), or None when the loop is over."""

Passes = Callable[[Run], Following]
"""Begins a loop."""


def compile_repeat(config: Config, compiler: Compiler, path: str) -> Action:
    """Return the step."""
    repeat = config["repeat"]
    form = next(name for name in _FORMS if name in repeat)
    sequence = compiler.actions(repeat["sequence"], f"{path}/repeat/sequence")
    passes = _COMPILERS[form](repeat[form], compiler, f"{path}/repeat/{form}")
    clock = compiler.home.clock
    return lambda run: _Loop(run, passes(run), sequence, clock).start()


class _Loop:
    """One time through the step; without a task for as long as no pass has to wait."""

    __slots__ = ("_clock", "_following", "_number", "_outer", "_run", "_sequence")

    def __init__(self, run: Run, following: Following, sequence: Actions, clock: Clock) -> None:
        self._run = run
        self._following = following
        self._sequence = sequence
        self._clock = clock
        self._number = 0
        self._outer = run.variables.get("repeat", _NONE)

    def start(self) -> Awaitable[None] | None:
        try:
            while self._has_more():
                if (pending := self._pass()) is not None:
                    return self._go_on(pending)
        except Exception:
            self._restore()
            raise
        self._restore()
        return None

    async def _go_on(self, pending: Awaitable[None]) -> None:
        try:
            await pending
            while self._has_more():
                if (waiting := self._pass()) is not None:
                    await waiting
        finally:
            self._restore()

    def _has_more(self) -> bool:
        """Set ``repeat`` for the next pass, if there is one."""
        self._number += 1
        variable = self._following(self._number)
        if variable is not None:
            run = self._run
            run.variables["repeat"] = variable
            run.note(Assigned({"repeat": variable}, NO_DATA))
        return variable is not None

    def _pass(self) -> Awaitable[None] | None:
        pending = self._sequence(self._run)
        if pending is None and self._number % PASSES_AT_ONCE == 0:
            return self._clock.sleep(0)
        return pending

    def _restore(self) -> None:
        """Give ``repeat`` back to the loop around this one, if there is one."""
        if self._outer is _NONE:
            self._run.variables.pop("repeat", None)
        else:
            self._run.variables["repeat"] = self._outer


def _numbered(number: int) -> dict[str, Any]:
    return {"first": number == 1, "index": number}


def _count(value: Any, compiler: Compiler, path: str) -> Passes:
    render = compiler.template(value).render if isinstance(value, str) else lambda _: value

    def begin(run: Run) -> Following:
        try:
            count = integer(render(run.variables))
        except (TemplateError, vol.Invalid) as error:
            raise RunAborted(f"count: {error}") from error

        return lambda number: {**_numbered(number), "last": number == count} if number <= count else None

    return begin


def _for_each(value: Any, compiler: Compiler, path: str) -> Passes:
    render = compiler.template(value).render if isinstance(value, str) else compiler.renderer(value)

    def begin(run: Run) -> Following:
        try:
            items = render(run.variables)
        except TemplateError as error:
            raise RunAborted(f"for_each: {error}") from error
        if not isinstance(items, list):
            raise RunAborted(f"for_each: expected a list, the template gave {shown(items)}")
        last = len(items)

        def following(number: int) -> dict[str, Any] | None:
            if number > last:
                return None
            return {**_numbered(number), "last": number == last, "item": items[number - 1]}

        return following

    return begin


def _while(value: Any, compiler: Compiler, path: str) -> Passes:
    hold = compiler.conditions(value, path)

    def begin(run: Run) -> Following:
        def following(number: int) -> dict[str, Any] | None:
            _guard(run, number)
            run.variables["repeat"] = variable = _numbered(number)
            return variable if hold(run.variables) else None

        return following

    return begin


def _until(value: Any, compiler: Compiler, path: str) -> Passes:
    hold = compiler.all_of(value)

    def is_over(run: Run) -> bool:
        try:
            return hold(run.variables) is not False
        except ConditionError as error:
            where = located(path, error.position)
            _log.warning("rule %s, %s: %s; the loop ends", compiler.name, where, error)
            return True

    def begin(run: Run) -> Following:
        def following(number: int) -> dict[str, Any] | None:
            _guard(run, number)
            return None if number > 1 and is_over(run) else _numbered(number)

        return following

    return begin


_COMPILERS: Final[dict[str, Callable[[Any, Compiler, str], Passes]]] = {
    "count": _count,
    "for_each": _for_each,
    "while": _while,
    "until": _until,
}


def _guard(run: Run, number: int) -> None:
    if number == MANY_PASSES:
        _log.warning("rule %s is in pass %d of a loop at %s", run.owner.name, number, run.place)
    if number > MAX_PASSES:
        raise RunAborted(f"a loop of more than {MAX_PASSES} passes")


def _count_of(value: Any) -> Any:
    return value if is_template(value) else integer(value)


def _items(value: Any) -> Any:
    if isinstance(value, list) or is_template(value):
        return value
    raise vol.Invalid(f"expected a list, or a template that gives one; got {shown(value)}")


def _one_form(result: Config) -> None:
    given = [name for name in _FORMS if name in result]
    if len(given) != 1:
        raise vol.Invalid(
            f"expected exactly one of {', '.join(_FORMS)}" + (f"; got {' and '.join(given)}" * bool(given))
        )


def _shape(grammar: Grammar) -> Shape:
    repeat = Shape(
        {
            "count": _count_of,
            "for_each": _items,
            "while": grammar.conditions,
            "until": grammar.conditions,
            vol.Required("sequence"): grammar.actions,
        },
        checks=[_one_form],
    )
    return Shape({vol.Required("repeat"): repeat})


KIND: Final = ActionKind(_shape, compile_repeat)
