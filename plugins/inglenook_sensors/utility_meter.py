"""``utility_meter``: what a counter counted in a day, a month or any other cycle, by tariff."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final

import voluptuous as vol

from inglenook import Home, PluginScope, Select, Sensor, ServiceCall, State, hookimpl, slugify
from inglenook.values import boolean, ensure_list, entity_id, float_, one_of, positive_duration, slug, string
from inglenook_sensors.cron import parse_cron
from inglenook_sensors.cycles import CYCLES, end_of_cycle
from inglenook_sensors.following import Config, Following
from inglenook_sensors.items import Roster
from inglenook_sensors.numbers import as_number, number_of, unit_of

COLLECTING: Final = "collecting"
PAUSED: Final = "paused"
_SOME_DAY: Final = datetime(2024, 1, 1, tzinfo=UTC)  # for whether a pattern ever fits
_NO_WORDS: Final = ("True", "False")  # which nobody calls a tariff, and an unquoted on or off becomes
MAX_OFFSET_S: Final = 28 * 86400.0
CLASSES: Final = {"Wh": "energy", "kWh": "energy", "MWh": "energy", "GWh": "energy", "TWh": "energy"}


class Tariffs(Following, Select):
    """The choice of the tariff that is counted; what it last was comes back."""

    def __init__(self, home: Home, object_id: str, config: Config) -> None:
        super().__init__(home, config)
        self.object_id = object_id
        self.name = config.get("name", object_id)
        self.options = tuple(config["tariffs"])
        self.state = self.options[0]

    def added(self) -> None:
        """Take up the last tariff."""
        if self.last_state is not None and self.last_state.state in self.options:
            self.state = self.last_state.state

    def select_option(self, option: str) -> None:
        """Count this tariff from now on."""
        self.state = option
        self.write()


class Meter(Following, Sensor):
    """What the source increased by in this cycle; with a tariff only while that is chosen.

    What it had counted comes back after a restart.
    """

    icon = "mdi:counter"

    def __init__(self, home: Home, object_id: str, config: Config, tariffs: Tariffs | None = None, tariff: str = ""):
        super().__init__(home, config)
        self._config = config
        self._source: str = config["source"]
        self._tariffs = tariffs
        self._tariff = tariff
        self._total: float | None = None
        self._last_valid: float | None = None
        self._last_period: float = 0.0
        self._last_reset: datetime | None = None
        self._unit: str | None = None
        name = config.get("name", object_id)
        self.object_id = f"{object_id}_{slugify(tariff)}" if tariff else object_id
        self.name = f"{name} {tariff}" if tariff else name
        if tariff and self.unique_id is not None:
            self.unique_id = f"{self.unique_id}_{tariff}"
        is_measured = config["net_consumption"] or not config["periodically_resetting"]
        self.state_class = "total" if is_measured or config["delta_values"] else "total_increasing"

    @property
    def tariffs(self) -> Tariffs | None:
        """The choice that decides whether it counts, if there is one."""
        return self._tariffs

    def added(self) -> None:
        """Take up the last count; begin to follow the source, the tariff and the calendar."""
        if self.last_state is not None:
            self._take_up(self.last_state)
        self.follow(self._source, self._heard)
        if self._tariffs is not None:
            self.follow(self._tariffs.entity_id, self._chosen)
        self._wait()
        self._show(self._home.states.get(self._source))

    def calibrate(self, value: float) -> None:
        """Have counted ``value``."""
        self._total = value
        self._publish()

    def reset(self) -> None:
        """Begin a new cycle now."""
        self._last_period = self._total or 0.0
        self._total = 0.0
        self._last_reset = datetime.fromtimestamp(self._home.clock.now(), UTC)
        self._publish()

    def _take_up(self, last: State) -> None:
        self._total = number_of(last)
        self._unit = unit_of(last)
        self._last_period = number_of(last, "last_period") or 0.0
        self._last_valid = number_of(last, "last_valid_state")
        reset = last.attributes.get("last_reset")
        self._last_reset = datetime.fromisoformat(reset) if isinstance(reset, str) else None

    def _wait(self) -> None:
        end = self._end()
        if end is not None:
            self.wake_at(end.timestamp(), self._over)

    def _end(self) -> datetime | None:
        now = self._home.clock.local()
        if "cron" in self._config:
            return parse_cron(self._config["cron"]).next_after(now)
        if "cycle" not in self._config:
            return None
        return end_of_cycle(self._config["cycle"], now, timedelta(seconds=self._config["offset"]))

    def _over(self) -> None:
        self.reset()
        self._wait()

    def _chosen(self, _old: State | None, _new: State | None) -> None:
        self._publish()

    def _is_collecting(self) -> bool:
        return self._tariffs is None or self._tariffs.state == self._tariff

    def _heard(self, old: State | None, new: State | None) -> None:
        if not self._is_collecting():
            return
        number = number_of(new)
        if number is not None:
            rise = self._rise(number_of(old), number)
            self._unit = unit_of(new)
            self._total = self._total or 0.0
            if rise is not None and (rise >= 0 or self._config["net_consumption"]):
                self._total += rise
            self._last_valid = number
        self._show(new)
        self.write()

    def _rise(self, before: float | None, number: float) -> float | None:
        """Return by how much the source rose.

        A source that itself begins anew from time to time is only believed from one number to the next; of another the
        last number counts however long ago it was.
        """
        if self._config["delta_values"]:
            return number
        if not self._config["periodically_resetting"] and self._last_valid is not None:
            before = self._last_valid
        return None if before is None else number - before

    def _publish(self) -> None:
        self._show(self._home.states.get(self._source))
        self.write()

    def _show(self, source: State | None) -> None:
        is_there = source is not None and source.state != "unavailable"
        self.is_available = is_there or source is None or self._config["always_available"]
        self.state = as_number(None if self._total is None else round(self._total, 10))
        shown = {
            "source": self._source,
            "status": COLLECTING if self._is_collecting() else PAUSED,
            "last_period": str(self._last_period),
            "last_valid_state": None if self._last_valid is None else str(self._last_valid),
            "last_reset": self._last_reset.isoformat() if self._last_reset else None,
            "tariff": self._tariff or None,
            "meter_period": self._config.get("cycle"),
            "cron_pattern": self._config.get("cron"),
            "unit_of_measurement": self._unit,
            "device_class": CLASSES.get(self._unit or ""),
        }
        self.extra_attributes = {key: value for key, value in shown.items() if value is not None}


def _made(home: Home, object_id: str, config: Config) -> list[Following]:
    if not config["tariffs"]:
        return [Meter(home, object_id, config)]
    tariffs = Tariffs(home, object_id, config)
    return [tariffs, *(Meter(home, object_id, config, tariffs, tariff) for tariff in config["tariffs"])]


# -- services ---------------------------------------------------------------------------------------------------------


def _each(home: Home, act: Callable[[Meter, Mapping[str, Any]], None], call: ServiceCall) -> None:
    """Let every meter act that is aimed at; a choice of tariffs stands for its meters."""
    aimed = set(home.registry.resolve(call.target))
    for entity in home.entities:
        if isinstance(entity, Meter):
            choice = entity.tariffs
            if entity.entity_id in aimed or (choice is not None and choice.entity_id in aimed):
                act(entity, call.data)


def _reset(meter: Meter, _data: Mapping[str, Any]) -> None:
    meter.reset()


def _calibrate(meter: Meter, data: Mapping[str, Any]) -> None:
    meter.calibrate(data["value"])


# -- settings ---------------------------------------------------------------------------------------------------------


def _cron(value: Any) -> str:
    text = string(value)
    try:
        parse_cron(text).next_after(_SOME_DAY)
    except ValueError as error:
        raise vol.Invalid(f"expected a cron pattern like '0 17 * * *', got {text!r}: {error}") from None
    return text


def _offset(value: Any) -> float:
    seconds: float = positive_duration(value)
    if seconds < MAX_OFFSET_S:
        return seconds
    raise vol.Invalid("expected less than 28 days")


@hookimpl
def config_warnings(config: Mapping[str, Config]) -> Iterator[tuple[Sequence[Any], str]]:
    """Tell of tariffs that YAML read as something else than the words that stand there."""
    for name, settings in config.items():
        for index, tariff in enumerate(settings["tariffs"]):
            if tariff in _NO_WORDS:
                message = f"the tariff is called {tariff}: YAML reads on, off, yes and no without quotes so; quote them"
                yield (name, "tariffs", index), message


def _tariffs(value: Any) -> list[str]:
    tariffs = [string(tariff) for tariff in ensure_list(value)]
    if len(set(map(slugify, tariffs))) == len(tariffs):
        return tariffs
    raise vol.Invalid(f"expected tariffs that differ, got {', '.join(tariffs)}")


def _one_rhythm(config: Config) -> Config:
    if "cron" in config and ("cycle" in config or config["offset"]):
        raise vol.Invalid("give either cron, or cycle and offset", ["cron"])
    return config


KEYS: Final[dict[Any, Any]] = {
    "name": string,
    "unique_id": string,
    vol.Required("source"): entity_id,
    "cycle": one_of(*CYCLES),
    "cron": _cron,
    vol.Optional("offset", default=0.0): _offset,
    vol.Optional("tariffs", default=list): _tariffs,
    vol.Optional("delta_values", default=False): boolean,
    vol.Optional("net_consumption", default=False): boolean,
    vol.Optional("periodically_resetting", default=True): boolean,
    vol.Optional("always_available", default=False): boolean,
}


@hookimpl
def config_schema() -> vol.Schema:
    """Return the settings of each."""
    return vol.Schema({slug: vol.All(vol.Schema(KEYS), _one_rhythm)})


@hookimpl
def service_names() -> tuple[str, ...]:
    """Return what is offered beside the reload."""
    return "utility_meter.calibrate", "utility_meter.reset"


@hookimpl
def setup(home: Home, config: Mapping[str, Config], scope: PluginScope) -> None:
    """Add what is declared, and offer the services."""
    roster = Roster(home, scope, partial(_made, home))
    scope.on_reload(lambda config: roster.bring(config.items()))
    scope.register_service(scope.name, "reset", partial(_each, home, _reset), vol.Schema({}))
    scope.register_service(
        scope.name, "calibrate", partial(_each, home, _calibrate), vol.Schema({vol.Required("value"): float_})
    )
    roster.bring(config.items())
