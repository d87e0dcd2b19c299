"""``input_select``: one of a list of options."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import voluptuous as vol

from inglenook import Domain, DomainService, Field, ServiceError, ServiceValidationError, hookimpl
from inglenook.values import boolean, ensure_list, icon, string
from inglenook_helpers.declared import Declared, hooks
from inglenook_helpers.schemas import Config, named

_log = logging.getLogger(__name__)


class InputSelect(Declared):
    """An option; what it last was comes back if it is still one, unless the settings say how it begins."""

    domain = "input_select"
    SHOWN = ("options",)

    options: list[str]
    state: str

    def __init__(self, object_id: str, config: Config) -> None:
        self.state = config.get("initial", config["options"][0])
        self._is_given = "initial" in config
        super().__init__(object_id, config)

    def configure(self, config: Config) -> None:
        """Take the settings; an option that is none any more gives way to the first."""
        super().configure(config)
        self._offer(list(dict.fromkeys(config["options"])))

    def added(self) -> None:
        """Take up the last state."""
        if not self._is_given and self.last_state is not None and self.last_state.state in self.options:
            self.state = self.last_state.state

    def select_option(self, option: str) -> None:
        """Be ``option``.

        Raises:
            ServiceValidationError: it is none of the options.
        """
        if option not in self.options:
            raise ServiceValidationError(
                f"{self.entity_id}: option {option!r} is none of its options {', '.join(self.options)}"
            )
        self.state = option
        self.write()

    def select_next(self, cycle: bool = True) -> None:
        """Be the next option; after the last comes the first, or with ``cycle`` false none."""
        self._move(1, cycle)

    def select_previous(self, cycle: bool = True) -> None:
        """Be the option before; before the first comes the last, or with ``cycle`` false none."""
        self._move(-1, cycle)

    def select_first(self) -> None:
        """Be the first option."""
        self.select_option(self.options[0])

    def select_last(self) -> None:
        """Be the last option."""
        self.select_option(self.options[-1])

    def set_options(self, options: list[str]) -> None:
        """Have other options until the configuration is read again.

        Raises:
            ServiceError: one stands there twice.
        """
        if len(set(options)) != len(options):
            raise ServiceError(f"{self.entity_id}: expected options that differ, got {', '.join(options)}")
        self._offer(options)
        self.write()

    def _offer(self, options: list[str]) -> None:
        self.options = options
        if self.state not in options:
            _log.warning("%s: %r is none of its options %s any more", self.entity_id, self.state, ", ".join(options))
            self.state = options[0]

    def _move(self, steps: int, cycle: bool) -> None:
        index, last = self.options.index(self.state) + steps, len(self.options) - 1
        self.select_option(self.options[index % (last + 1) if cycle else max(0, min(last, index))])


def _options(value: Any) -> list[str]:
    options = [string(option) for option in ensure_list(value)]
    if options:
        return options
    raise vol.Invalid("expected at least one option")


def _begins_with_one(config: Config) -> Config:
    options = dict.fromkeys(config["options"])
    if "initial" in config and config["initial"] not in options:
        raise vol.Invalid(f"expected one of {', '.join(options)}; got {config['initial']!r}", ["initial"])
    return config


@hookimpl
def config_warnings(config: Mapping[str, Config]) -> Iterator[tuple[Sequence[Any], str]]:
    """Tell of options that stand there twice."""
    for name, settings in config.items():
        for index, option in enumerate(settings["options"]):
            if option in settings["options"][:index]:
                yield (name, "options", index), f"the option {option!r} stands there twice, and counts once"


_CYCLE: Final = Field("cycle", boolean, {"boolean": {}}, "Whether it goes on at the other end.", default=True)

DOMAIN: Final = Domain(
    "input_select",
    InputSelect,
    (
        DomainService(
            "select_option",
            "Select an option.",
            (Field("option", string, {"text": {}}, "The option.", required=True),),
        ),
        DomainService("select_next", "Select the next option.", (_CYCLE,)),
        DomainService("select_previous", "Select the option before.", (_CYCLE,)),
        DomainService("select_first", "Select the first option."),
        DomainService("select_last", "Select the last option."),
        DomainService(
            "set_options",
            "Give it other options, until the configuration is read again.",
            (Field("options", _options, {"object": {}}, "The options.", required=True),),
        ),
    ),
)


KEYS: Final[dict[Any, Any]] = {"name": string, vol.Required("options"): _options, "initial": string, "icon": icon}


config_schema, client_items, register_entity_domains, setup = hooks(DOMAIN, named(KEYS, _begins_with_one), InputSelect)
