"""What the settings of all that is outside have in common: templates, intervals, the look of an entity."""

from collections.abc import Callable
from typing import Any, Final

import voluptuous as vol

from inglenook import Home, InglenookError, Templates
from inglenook.values import between, device_class, ensure_list, float_, positive_duration, shown, string

Config = dict[str, Any]
Validator = Callable[[Any], Any]
Keys = dict[Any, Any]

SHORTEST_INTERVAL_S: Final = 0.1
LONGEST_TIMEOUT_S: Final = 3600.0


def template_of(home: Home) -> Validator:
    """Return a validator of the text of a template: it has to be well formed."""
    templates = Templates(home)

    def template(value: Any) -> str:
        text = string(value)
        try:
            templates.compile(text)
        except InglenookError as error:
            raise vol.Invalid(str(error)) from None
        return text

    return template


def timeout(value: Any) -> float:
    """Return the seconds after which nobody waits any more."""
    return float(between(float_, SHORTEST_INTERVAL_S, LONGEST_TIMEOUT_S)(value))


def interval(value: Any) -> float:
    """Return the seconds from one turn to the next."""
    seconds = positive_duration(value)
    if seconds >= SHORTEST_INTERVAL_S:
        return seconds
    raise vol.Invalid(f"expected {SHORTEST_INTERVAL_S:g} seconds or more, got {shown(value)}")


def names(value: Any) -> list[str]:
    """Return names from one text, separated by commas, or a list."""
    given = value.split(",") if isinstance(value, str) else ensure_list(value)
    return [string(name).strip() for name in given]


def json_path(value: Any) -> str:
    """Return a JSONPath that can be read."""
    import jsonpath  # noqa: PLC0415 - 40 ms that a home without one saves

    text = string(value)
    try:
        jsonpath.compile(text)
    except jsonpath.JSONPathError as error:
        raise vol.Invalid(f"expected a JSONPath like $.rooms[0], got {shown(value)}: {error}") from None
    return text


def one_or_more(item: Any) -> Any:
    """Return a schema of a list, or one item in place of it, or nothing; faults have the path of either form."""

    def fitting(value: Any, forms: tuple[Any, Any]) -> tuple[Any]:
        return (forms[0] if isinstance(value, dict) else forms[1],)

    return vol.All(lambda value: value or [], vol.Union(item, [item], discriminant=fitting), ensure_list)


def look(template: Validator, domain: str) -> Keys:
    """Return the keys that say how an entity of ``domain`` looks and whether it is available."""
    return {
        "name": template,
        "unique_id": string,
        "icon": template,
        "picture": template,
        "availability": template,
        "device_class": _none_or(device_class(domain)),
    }


def _none_or(validate: Validator) -> Validator:
    return lambda value: None if value is None else validate(value)


def of_a_sensor(template: Validator) -> Keys:
    """Return the keys that say what a sensor makes of an answer."""
    return {
        "value_template": template,
        "unit_of_measurement": string,
        "state_class": vol.Any(None, string),
        vol.Optional("json_attributes", default=[]): names,
        "json_attributes_path": json_path,
    }
