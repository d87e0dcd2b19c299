"""The services that exist in every scenario and do nothing, and those that a scenario describes."""

from collections.abc import Awaitable, Mapping
from typing import Any, Final

from inglenook.errors import ServiceError, ServiceValidationError
from inglenook.home import Home
from inglenook.model import ServiceCall
from inglenook.services import Handler, Response

_SERVICES: Final = """
light turn_on turn_off toggle
switch turn_on turn_off toggle
siren turn_on turn_off toggle
fan turn_on turn_off toggle set_percentage oscillate set_direction set_preset_mode increase_speed decrease_speed
cover open_cover close_cover stop_cover toggle set_cover_position
cover open_cover_tilt close_cover_tilt set_cover_tilt_position
climate turn_on turn_off toggle set_temperature set_hvac_mode set_preset_mode set_fan_mode set_humidity
lock lock unlock open
media_player turn_on turn_off toggle play_media media_play media_pause media_stop media_next_track volume_set
media_player volume_mute select_source
vacuum start pause stop return_to_base locate
notify notify mobile_app_phone family send_message
tts speak
alarm_control_panel alarm_arm_away alarm_arm_home alarm_arm_night alarm_disarm alarm_trigger
number set_value
select select_option
button press
valve open_valve close_valve
humidifier turn_on turn_off set_humidity
test record one two three
"""
_ERRORS: Final[dict[str, type[Exception]]] = {
    "HomeAssistantError": ServiceError,
    "ServiceValidationError": ServiceValidationError,
    "ValueError": ValueError,
}


def register_mocks(home: Home, described: list[dict[str, Any]]) -> None:
    """Offer the services of every scenario, then those ``described`` in this one."""
    for line in _SERVICES.split("\n"):
        domain, *names = line.split() or [""]
        for name in names:
            home.services.register(domain, name, _nothing)
    for mock in described:
        domain, _, name = mock["service"].partition(".")
        supports = mock.get("supports_response", "none")
        home.services.register(domain, name, _handler(home, mock), supports_response=supports)


def _nothing(_call: ServiceCall) -> Response:
    return None


def _handler(home: Home, mock: Mapping[str, Any]) -> Handler:
    def act(call: ServiceCall) -> Response:
        if "error" in mock:
            raise _ERRORS[mock["error"]](mock.get("message", "mock failed"))
        for entity_id, state in (mock.get("set_states") or {}).items():
            home.states.set(entity_id, state, {}, call.context)
        response: Response = mock.get("response")
        return response

    async def act_later(call: ServiceCall) -> Response:
        await home.clock.sleep(mock["delay"])
        return act(call)

    def handle(call: ServiceCall) -> Awaitable[Response] | Response:
        return act_later(call) if mock.get("delay") else act(call)

    return handle
