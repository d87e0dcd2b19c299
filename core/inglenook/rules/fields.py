"""Fields: what a script may be given, described for people and clients; the engine itself does not look at them."""

from collections.abc import Mapping
from typing import Any, Final

import voluptuous as vol

from inglenook.config.selectors import selector
from inglenook.config.values import boolean, shown, string
from inglenook.rules.shape import Shape, anything, gathered

_FIELD: Final = Shape(
    {
        "name": string,
        "description": string,
        "advanced": boolean,
        "required": boolean,
        "example": anything,
        "default": anything,
        "selector": selector,
    }
)


def fields(value: Any) -> Mapping[str, Mapping[str, Any]]:
    """Return the fields by name."""
    if not isinstance(value, Mapping):
        raise vol.Invalid(f"expected fields by their names, got {shown(value)}")
    result, errors = {}, []
    for name, item in value.items():
        try:
            result[string(name)] = _FIELD(item)
        except vol.Invalid as error:
            error.prepend([name])
            errors.append(error)
    if errors:
        raise gathered(errors)
    return result
