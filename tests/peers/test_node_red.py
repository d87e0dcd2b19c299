"""Node-RED with the nodes for Home Assistant: each is reached by a path of Node-RED's own, or by what happens."""

import json
import shutil
from collections.abc import Iterator
from typing import Any
from urllib.request import Request, urlopen

import pytest
from tests.peers.conftest import NODE_RED, Home, Process, free_port, until

MODULES = NODE_RED / "node_modules"
STATE = [{"property": "payload", "propertyType": "msg", "value": "", "valueType": "entityState"}]
DATA = [{"property": "payload", "propertyType": "msg", "value": "", "valueType": "eventData"}]
RESULTS = [{"property": "payload", "propertyType": "msg", "value": "", "valueType": "results"}]

# By the path that runs it: a node, and what it is set to. What it makes of msg.payload is the answer.
ASKED: dict[str, dict[str, Any]] = {
    "state": {"type": "api-current-state", "version": 3, "entity_id": "input_select.mode", "halt_if": "",
              "halt_if_type": "str", "halt_if_compare": "is", "state_type": "str", "outputs": 1, "for": "0",
              "forType": "num", "forUnits": "minutes", "blockInputOverrides": True, "outputProperties": STATE},
    "action": {"type": "api-call-service", "version": 7, "action": "light.turn_on", "entityId": ["light.hall"],
               "data": "", "dataType": "json", "queue": "none", "outputProperties": [], "areaId": [], "deviceId": [],
               "floorId": [], "labelId": [], "mergeContext": "", "mustacheAltTags": False},
    "template": {"type": "api-render-template", "version": 0, "templateLocation": "",
                 "template": "{{ states('input_select.mode') }} {{ 1 + 1 }}", "templateLocationType": "none",
                 "resultsLocation": "payload",
                 "resultsLocationType": "msg"},
    "api_http": {"type": "ha-api", "version": 1, "protocol": "http", "method": "get", "path": "config", "data": "",
                 "dataType": "json", "responseType": "json", "outputProperties": RESULTS},
    "api_post": {"type": "ha-api", "version": 1, "protocol": "http", "method": "post", "path": "template",
                 "data": '{"template": "{{ 2 * 21 }}"}', "dataType": "jsonata", "responseType": "text",
                 "outputProperties": RESULTS},
    "api_socket": {"type": "ha-api", "version": 1, "protocol": "websocket", "method": "get", "path": "",
                   "data": '{"type": "config/entity_registry/list"}', "dataType": "json", "responseType": "json",
                   "outputProperties": RESULTS},
    "history": {"type": "api-get-history", "version": 1, "entityId": "input_select.mode", "entityIdType": "equals",
                "useRelativeTime": True, "relativeTime": "1 hours", "flatten": True, "outputType": "array",
                "outputLocationType": "msg", "outputLocation": "payload", "startDate": "", "endDate": ""},
    "entities": {"type": "ha-get-entities", "version": 1, "outputType": "array", "outputEmptyResults": True,
                 "outputLocationType": "msg", "outputLocation": "payload", "outputResultsCount": 1,
                 "rules": [{"property": "entity_id", "logic": "starts_with", "value": "input_", "valueType": "str"}]},
    "event": {"type": "ha-fire-event", "version": 0, "event": "from_a_peer", "data": '{"a": 1}', "dataType": "json"},
}  # fmt: skip

# By what starts it: a state that changes, an event. What follows notes in the home that it has heard.
STARTED: dict[str, dict[str, Any]] = {
    "lamp": {"type": "trigger-state", "version": 5, "inputs": 0, "outputs": 2, "exposeAsEntityConfig": "",
             "entities": {"entity": ["input_boolean.lamp"], "substring": [], "regex": []}, "debugEnabled": False,
             "constraints": [{"targetType": "this_entity", "targetValue": "", "propertyType": "current_state",
                              "propertyValue": "new_state.state", "comparatorType": "is",
                              "comparatorValueDatatype": "str", "comparatorValue": "on"}],
             "customOutputs": [], "outputInitially": False, "stateType": "str", "enableInput": False},
    "holiday": {"type": "server-state-changed", "version": 4, "exposeToHomeAssistant": False, "haConfig": [],
                "entityidfilter": "input_boolean.holiday", "entityidfiltertype": "exact", "outputinitially": False,
                "state_type": "str", "haltifstate": "", "halt_if_type": "str", "halt_if_compare": "is", "outputs": 1,
                "output_only_on_state_change": True, "for": "0", "forType": "num", "forUnits": "minutes",
                "outputProperties": STATE},
    "event": {"type": "server-events", "version": 3, "exposeAsEntityConfig": "", "eventType": "to_node_red",
              "eventData": "", "waitForRunning": True, "outputProperties": DATA},
}  # fmt: skip


def flow_of(home: Home) -> list[dict[str, Any]]:
    """Return the flow, with the home's address and token in its configuration node."""
    server = {
        "id": "the-home", "type": "server", "name": "Peers", "version": 6, "addon": False,
        "rejectUnauthorizedCerts": True, "ha_boolean": ["on"],
        "connectionDelay": False, "cacheJson": False, "heartbeat": True, "heartbeatInterval": 10,
        "areaSelector": "friendlyName", "deviceSelector": "friendlyName", "entitySelector": "friendlyName",
        "enableGlobalContextStore": True, "credentials": {"host": home.url, "access_token": home.token},
    }  # fmt: skip
    flow: list[dict[str, Any]] = [{"id": "tab", "type": "tab", "label": "Peers"}, server]
    for name, node in ASKED.items():
        common = {"z": "tab", "x": 0, "y": 0}
        flow += [
            {"id": f"{name}-in", "type": "http in", "url": f"/{name}", "method": "get", **common, "wires": [[name]]},
            {"id": name, "server": "the-home", **common, **node, "wires": [[f"{name}-out"]]},
            {"id": f"{name}-out", "type": "http response", "statusCode": "200", **common, "wires": []},
        ]
    for name, node in STARTED.items():
        note = {
            "type": "api-call-service", "version": 7, "action": "input_text.set_value", "entityId": ["input_text.note"],
            "data": f'{{"value": "Node-RED heard of {name}"}}', "dataType": "json", "queue": "none",
            "outputProperties": [], "areaId": [], "deviceId": [], "floorId": [], "labelId": [], "mergeContext": "",
            "blockInputOverrides": True, "mustacheAltTags": False,
        }  # fmt: skip
        flow += [
            {
                "id": f"on-{name}",
                "server": "the-home",
                "z": "tab",
                "x": 0,
                "y": 0,
                **node,
                "wires": [[f"note-{name}"], []],
            },
            {"id": f"note-{name}", "server": "the-home", "z": "tab", "x": 0, "y": 0, **note, "wires": [[]]},
        ]
    return flow


class NodeRed:
    """A running Node-RED."""

    def __init__(self, url: str) -> None:
        self.url = url

    def send(self, path: str, body: Any = None) -> str:
        """Ask for a path, or send JSON to it; return the answer."""
        headers = {"Content-Type": "application/json", "Node-RED-API-Version": "v1"}
        request = Request(self.url + path, None if body is None else json.dumps(body).encode(), headers)  # noqa: S310
        with urlopen(request, timeout=20) as answer:  # noqa: S310 - our own
            text: str = answer.read().decode()
            return text

    def is_there(self) -> bool:
        """True once it answers."""
        try:
            return bool(self.send("/flows"))
        except OSError:
            return False


@pytest.fixture(scope="module")
def node_red(home: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NodeRed]:
    node = shutil.which("node")
    if node is None or not MODULES.is_dir():
        pytest.skip("Node-RED is not here; `make peers` installs it where node is, or may be installed")
    folder = tmp_path_factory.mktemp("node_red")
    (folder / "node_modules").symlink_to(MODULES)
    (folder / "package.json").write_text((NODE_RED / "package.json").read_text())
    port = free_port()
    settings = {
        "uiHost": "127.0.0.1", "uiPort": port, "userDir": str(folder),
        "flowFile": "flows.json", "credentialSecret": "x",
        "telemetry": {"enabled": False, "updateNotification": False}, "logging": {"console": {"level": "info"}},
    }  # fmt: skip
    (folder / "settings.js").write_text(f"module.exports = {json.dumps(settings)};\n")
    with Process(node, str(MODULES / "node-red" / "red.js"), "-s", "settings.js", folder=folder) as process:
        process.says("Started flows", 90)
        client = NodeRed(f"http://127.0.0.1:{port}")
        until(client.is_there)
        client.send("/flows", flow_of(home))
        process.says(r"Connected to", 30)
        yield client
        said = "".join(process.lines)
    assert "UnhandledPromiseRejection" not in said, said
    assert "[error]" not in said, said


def test_it_reads_states_and_entities(node_red: NodeRed, home: Home) -> None:
    home.call("input_select", "select_option", "input_select.mode", option="away")

    until(lambda: node_red.send("/state") == "away")
    entities = json.loads(node_red.send("/entities"))

    assert {"input_boolean.lamp", "input_select.mode"} <= {entity["entity_id"] for entity in entities}


def test_it_calls_services_and_fires_events(node_red: NodeRed, home: Home) -> None:
    home.call("light", "turn_off", "light.hall")
    heard = int(home.state("counter.heard"))

    node_red.send("/action")
    node_red.send("/event")

    assert until(lambda: home.state("light.hall") == "on")
    assert until(lambda: int(home.state("counter.heard")) == heard + 1)


@pytest.mark.parametrize("name", STARTED)
def test_it_hears_of_states_and_events(node_red: NodeRed, home: Home, name: str) -> None:
    home.call("input_text", "set_value", "input_text.note", value="nothing")
    if name == "event":
        home.ask("POST", "/api/events/to_node_red", {"a": 1})
    else:
        home.call("input_boolean", "turn_off", f"input_boolean.{name}")
        home.call("input_boolean", "turn_on", f"input_boolean.{name}")

    until(lambda: home.state("input_text.note") == f"Node-RED heard of {name}")


def test_it_comes_again_after_a_restart_of_the_home(node_red: NodeRed, home: Home) -> None:
    home.restart()

    def hears() -> bool:
        home.call("input_boolean", "turn_off", "input_boolean.lamp")
        home.call("input_boolean", "turn_on", "input_boolean.lamp")
        return home.state("input_text.note") == "Node-RED heard of lamp"

    until(hears, 60)
    assert until(lambda: node_red.send("/state") == home.state("input_select.mode"))


def test_it_renders_templates_and_asks_anything(node_red: NodeRed, home: Home) -> None:
    home.call("input_select", "select_option", "input_select.mode", option="night")

    assert node_red.send("/template") == "night 2"
    assert json.loads(node_red.send("/api_http"))["location_name"] == "Peers"
    assert node_red.send("/api_post") == "42"
    assert "light.hall" in {entity["entity_id"] for entity in json.loads(node_red.send("/api_socket"))}


def test_it_reads_the_past(node_red: NodeRed, home: Home) -> None:
    home.call("input_select", "select_option", "input_select.mode", option="home")

    history = json.loads(node_red.send("/history"))

    assert history[-1]["entity_id"] == "input_select.mode"
    assert history[-1]["state"] == "home"
