"""Helpers that were made in the interface as integrations (``core.config_entries``), in the words of YAML."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from inglenook.config.storage.json_file import JsonFile
from inglenook.config.storage.rewriting import alone, nested, rewritten
from inglenook.config.storage.switch_as_x import template_of
from inglenook.config.trees import ConfigDict, ConfigList
from inglenook.errors import ConfigError
from inglenook.registry import slugify

FILE: Final = "core.config_entries"
KEY: Final = "entries"

Written = tuple[str, ConfigDict]
"""The key of the configuration that it would stand under, and a tree of that key."""


class Entry(NamedTuple):
    """One integration that was set up, the ``number``-th of the file.

    ``options`` is what a helper is made of, ``parts`` the settings of what was added to it.
    """

    number: int
    id: str
    domain: str
    title: str
    options: ConfigDict
    parts: list[ConfigDict]


def written(entry: Entry) -> Written | None:
    """Return what a person would have written for the helper; None for what is no helper, or none that is known."""
    write = _WRITE.get(entry.domain)
    return write(entry) if write is not None else None


def entries(file: JsonFile) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield number and raw value of each integration that nobody has disabled."""
    for index, raw in file.entries(KEY):
        if not all(isinstance(raw.get(key), str) for key in ("entry_id", "domain")):
            file.leave_out(KEY, index, "expected an entry_id and a domain")
        elif not raw.get("disabled_by"):
            yield index, raw


def helpers(file: JsonFile) -> Iterator[Entry]:
    """Yield the entries that may be helpers, with places."""
    for index, raw in entries(file):
        if raw["domain"] not in _WRITE:
            continue
        try:
            tree = file.tree(KEY, index)
        except ConfigError as error:
            file.leave_out(KEY, index, error.message)
            continue
        options = tree.get("options")
        if isinstance(options, ConfigDict):
            title = str(tree.get("title") or raw["domain"])
            yield Entry(index, tree["entry_id"], raw["domain"], title, options, _parts(tree.get("subentries")))
        else:
            file.leave_out(KEY, index, "expected options")


def _parts(subentries: Any) -> list[ConfigDict]:
    given = subentries if isinstance(subentries, ConfigList) else ()
    found = [part.get("data") for part in given if isinstance(part, ConfigDict)]
    return [data for data in found if isinstance(data, ConfigDict)]


# -- one function a shape -----------------------------------------------------------------------------------------


def _item(key: str, names: Mapping[str, str] | None = None) -> Callable[[Entry], Written]:
    """Return what writes an item of ``key`` with ``platform: DOMAIN``."""

    def write(entry: Entry) -> Written:
        return key, _platform(entry, rewritten(entry.options, names=names or {}, without=_unset(entry.options)))

    return write


def _item_of(key: str, *drop: str) -> Callable[[Entry], Written | None]:
    """Return the same, where an option tells the key of the configuration."""

    def write(entry: Entry) -> Written | None:
        domain = entry.options.get(key)
        tree = rewritten(entry.options, without={key, *drop})
        return (domain, _platform(entry, tree)) if isinstance(domain, str) else None

    return write


def _bayesian(entry: Entry) -> Written:
    given = entry.options.get("observations")
    parts = given if isinstance(given, ConfigList) else entry.parts
    observations = [rewritten(part, without={"name"}) for part in parts if isinstance(part, ConfigDict)]
    return "binary_sensor", _platform(entry, rewritten(entry.options, {"observations": observations}))


def _switch_as_x(entry: Entry) -> Written | None:
    made = template_of(entry.options, entry.title, entry.id)
    if made is None:
        return None
    domain, settings = made
    one = rewritten(entry.options, settings, without=entry.options.keys())
    return "template", nested(alone(one, entry.options), domain, entry.options)


def _filter(entry: Entry) -> Written:
    own = rewritten(entry.options, without={"name", "entity_id"})
    outer = rewritten(
        entry.options, {"filters": alone(own, entry.options)}, without=entry.options.keys() - {"name", "entity_id"}
    )
    return "sensor", _platform(entry, outer)


def _trend(entry: Entry) -> Written:
    name = entry.options.get("name") or entry.title
    one = rewritten(entry.options, {"friendly_name": name, "unique_id": entry.id}, without={"name"})
    sensors = nested(one, slugify(str(name)), entry.options)
    return "binary_sensor", rewritten(
        entry.options, {"platform": "trend", "sensors": sensors}, without=entry.options.keys()
    )


def _utility_meter(entry: Entry) -> Written:
    options = entry.options
    name = str(options.get("name") or entry.title)
    offset = options.get("offset")
    unset = {"cycle", "offset"} if options.get("cycle") == "none" else {"offset"}
    more = {"offset": {"days": offset}} if isinstance(offset, int | float) and offset and "cycle" not in unset else {}
    meter = rewritten(options, {"name": name, "unique_id": entry.id, **more}, without=unset)
    return "utility_meter", nested(meter, slugify(name), options)


def _template(entry: Entry) -> Written | None:
    kind = entry.options.get("template_type")
    if not isinstance(kind, str):
        return None
    more = entry.options.get("advanced_options")
    further = dict(more) if isinstance(more, dict) else {}
    tree = rewritten(
        entry.options,
        {**{key: value for key, value in further.items() if value is not None}, "unique_id": entry.id},
        names={"value_template": "state"},
        without={"template_type", "advanced_options", "device_id"},
    )
    return "template", nested(alone(tree, entry.options), kind, entry.options)


def _platform(entry: Entry, tree: ConfigDict) -> ConfigDict:
    named = {} if "name" in tree else {"name": entry.title}
    return rewritten(tree, {"platform": entry.domain, "unique_id": entry.id, **named})


def _unset(options: Mapping[str, Any]) -> set[str]:
    empty = {key for key, value in options.items() if value == ""}
    return empty | {"unit_prefix"} if options.get("unit_prefix") == "none" else empty


_WRITE: Final[Mapping[str, Callable[[Entry], Written | None]]] = {
    "bayesian": _bayesian,
    "derivative": _item("sensor"),
    "filter": _filter,
    "generic_thermostat": _item("climate"),
    "group": _item_of("group_type", "hide_members"),
    "history_stats": _item("sensor"),
    "integration": _item("sensor"),
    "min_max": _item("sensor"),
    "random": _item_of("entity_type"),
    "statistics": _item("sensor"),
    "switch_as_x": _switch_as_x,
    "template": _template,
    "threshold": _item("binary_sensor"),
    "tod": _item("binary_sensor", {"after_time": "after", "before_time": "before"}),
    "trend": _trend,
    "utility_meter": _utility_meter,
}
