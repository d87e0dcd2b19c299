"""An app for AppDaemon: does what is asked of it by an event, and fires what came of it."""

from typing import Any

from appdaemon.plugins.hass.hassapi import Hass


class Peer(Hass):  # type: ignore[misc]
    """Listens to states and events, calls services, reads the past, renders templates."""

    def initialize(self) -> None:
        """Begin to listen."""
        self.listen_state(self.changed, "input_boolean.lamp")
        self.listen_event(self.asked, "ask_the_app")
        self.tell("ready", {"lights": sorted(self.get_state("light")), "services": len(self.list_services())})

    def tell(self, what: str, data: Any) -> None:
        """Fire what came of something."""
        self.fire_event("app_tells", what=what, data=data)

    def changed(self, entity: str, attribute: str, old: Any, new: Any, **_: Any) -> None:
        """Note a change where the home shows it."""
        self.call_service("input_text/set_value", entity_id="input_text.note", value=f"{entity} {old} {new}")

    def asked(self, event_name: str, data: dict[str, Any], **_: Any) -> None:
        """Do what an event asks for."""
        self.tell(data["what"], getattr(self, f"ask_{data['what']}")())

    def ask_history(self) -> Any:
        return self.get_history("input_boolean.lamp", days=1)

    def ask_logbook(self) -> Any:
        return [{**entry, "when": str(entry["when"])} for entry in self.get_logbook("input_boolean.lamp")]

    def ask_template(self) -> Any:
        return self.render_template("{{ states('input_select.mode') }} {{ a }}", variables={"a": 5})

    def ask_response(self) -> Any:
        return self.call_service("script/good_night")

    def ask_failure(self) -> Any:
        return self.call_service("input_number/set_value", entity_id="input_number.target", value=99)

    def ask_state(self) -> Any:
        self.set_state("sensor.by_app", state="5", attributes={"unit": "W"})
        return self.get_state("sensor.by_app", attribute="all")

    def ask_switch(self) -> Any:
        self.turn_on("light.hall")
        self.select_option("input_select.mode", "away")
        self.set_value("input_number.target", 22)
        return self.get_state("light.hall")
