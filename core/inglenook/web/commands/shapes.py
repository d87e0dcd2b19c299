"""Schemas of commands, made quick: voluptuous says what is wrong, but is asked only when something is."""

from collections.abc import Mapping
from typing import Any, Final

import voluptuous as vol

_PLAIN: Final = (str, int, bool, float, dict, list)
_ABSENT: Final = object()


class Shape:
    """Does to a dict what ``vol.Schema(schema)`` does, in a tenth of its time.

    Values of the plain types are taken as they are, functions are called, and whatever else a schema may say is left
    to voluptuous. As soon as something does not fit, voluptuous looks at the whole and raises its ``vol.Invalid``.

    Args:
        schema: keys are texts, or texts in ``vol.Required`` and ``vol.Optional``.
    """

    __slots__ = ("_checks", "_defaults", "_required", "_whole")

    def __init__(self, schema: Mapping[Any, Any]) -> None:
        self._whole = vol.Schema(dict(schema))
        self._checks = {str(key): _check_of(wanted) for key, wanted in schema.items()}
        defaults = {str(key): getattr(key, "default", vol.UNDEFINED) for key in schema}
        self._defaults = {name: make for name, make in defaults.items() if not isinstance(make, vol.Undefined)}
        required = {str(key) for key in schema if isinstance(key, vol.Required)}
        self._required = tuple(required - self._defaults.keys())

    def __call__(self, given: Any) -> Any:
        """Return the values as the schema makes them.

        Raises:
            vol.Invalid: ``given`` does not fit.
        """
        if type(given) is not dict:
            return self._whole(given)
        try:
            found = self._read(given)
        except (vol.Invalid, ValueError):
            found = None
        return self._whole(given) if found is None else found

    def _read(self, given: dict[str, Any]) -> dict[str, Any] | None:
        checks, found = self._checks, {}
        for name, value in given.items():
            wanted = checks.get(name, _ABSENT)
            if type(value) is wanted:
                found[name] = value
            elif wanted is _ABSENT or wanted in _PLAIN:
                return None
            else:
                found[name] = wanted(value)
        for name in self._required:
            if name not in found:
                return None
        for name, default in self._defaults.items():
            if name not in found:
                found[name] = default()
        return found


def _check_of(wanted: Any) -> Any:
    """Return a plain type, or a function that returns the value or raises."""
    is_function = callable(wanted) and not isinstance(wanted, type)
    if is_function or (isinstance(wanted, type) and wanted in _PLAIN):
        return wanted
    return vol.Schema(wanted)
