"""ha-mcp: a language model's tools, called over stdio as a model's host would."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.peers.conftest import Home, program, until

CLIENT = Path(__file__).parent / "mcp_client.py"


class Tools:
    """The tools of a running ha-mcp."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.names: list[str] = self._read()

    def _read(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "ha-mcp has ended"
        return json.loads(line)

    def ask(self, tool: str, **arguments: Any) -> Any:
        """Call a tool; return what it answers, read as JSON."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([tool, arguments]) + "\n")
        self._process.stdin.flush()
        answer = self._read()
        return {"failed": answer["text"]} if answer["is_error"] else json.loads(answer["text"])

    def use(self, tool: str, **arguments: Any) -> Any:
        """Call a tool that succeeds."""
        answer = self.ask(tool, **arguments)
        assert "failed" not in answer, answer
        assert answer.get("success", True), answer
        return answer


@pytest.fixture(scope="module")
def tools(home: Home) -> Iterator[Tools]:
    server, python = program("ha-mcp", "ha-mcp"), program("ha-mcp", "python")
    environment = {**os.environ, "HOMEASSISTANT_URL": home.url, "HOMEASSISTANT_TOKEN": home.token}
    environment.pop("PYTHONPATH", None)
    with (home.folder / "ha-mcp.log").open("w") as log:
        process = subprocess.Popen(
            [python, str(CLIENT), server], env=environment, cwd=home.folder, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
        )  # fmt: skip
        try:
            yield Tools(process)
        finally:
            process.kill()
            process.communicate()


def test_it_looks_around(tools: Tools, home: Home) -> None:
    assert {"ha_get_state", "ha_call_service", "ha_eval_template"} <= set(tools.names)

    found = json.dumps(tools.use("ha_search_entities", query="hall"))
    overview = tools.use("ha_get_overview")
    deep = json.dumps(tools.use("ha_deep_search", query="good night"))
    state = json.dumps(tools.use("ha_get_state", entity_id="input_select.mode"))

    assert "light.hall" in found
    assert "light" in json.dumps(overview)
    assert "good_night" in deep
    assert home.state("input_select.mode") in state


def test_it_calls_services_one_by_one_and_together(tools: Tools, home: Home) -> None:
    home.call("light", "turn_off", "light.hall")

    tools.use("ha_call_service", domain="light", service="turn_on", entity_id="light.hall")
    assert home.state("light.hall") == "on"
    tools.use("ha_bulk_control", operations=[
        {"entity_id": "light.hall", "action": "off"}, {"entity_id": "input_boolean.holiday", "action": "on"},
    ])  # fmt: skip

    until(lambda: (home.state("light.hall"), home.state("input_boolean.holiday")) == ("off", "on"))


def test_it_renders_templates_and_reads_the_past(tools: Tools, home: Home) -> None:
    home.call("input_boolean", "toggle", "input_boolean.holiday")

    rendered = tools.use("ha_eval_template", template="{{ states('input_boolean.lamp') }} {{ 2 * 21 }}")
    past = json.dumps(tools.use("ha_get_logbook", hours_back=1, entity_id="input_boolean.holiday"))

    assert "42" in json.dumps(rendered)
    assert "input_boolean.holiday" in past


def test_it_writes_reads_and_removes_automations_and_scripts(tools: Tools, home: Home) -> None:
    automation = {
        "alias": "By a model", "trigger": [{"platform": "event", "event_type": "to_the_model"}],
        "action": [{"service": "input_text.set_value", "target": {"entity_id": "input_text.note"},
                    "data": {"value": "a model heard"}}],
    }  # fmt: skip
    tools.use("ha_config_set_automation", config=automation)
    until(lambda: "automation.by_a_model" in {state["entity_id"] for state in home.ask("GET", "/api/states")})
    home.ask("POST", "/api/events/to_the_model", {})
    until(lambda: home.state("input_text.note") == "a model heard")
    assert "By a model" in json.dumps(tools.use("ha_config_get_automation", identifier="automation.by_a_model"))
    tools.use("ha_config_remove_automation", identifier="automation.by_a_model")

    steps = [{"action": "input_select.select_next", "target": {"entity_id": "input_select.mode"}}]
    tools.use("ha_config_set_script", script_id="by_a_model", config={"alias": "Next", "sequence": steps})
    assert "select_next" in json.dumps(tools.use("ha_config_get_script", script_id="by_a_model"))
    tools.use("ha_config_remove_script", script_id="by_a_model")

    until(lambda: not [state for state in home.ask("GET", "/api/states") if "by_a_model" in state["entity_id"]])
    assert "# counts what is heard" in (home.folder / "automations.yaml").read_text()
    assert "By a model" not in (home.folder / "automations.yaml").read_text()


@pytest.mark.parametrize(
    "kind", ["input_boolean", "input_number", "input_select", "input_text", "input_datetime", "input_button"]
)
def test_it_lists_helpers(tools: Tools, kind: str) -> None:
    assert "helpers" in tools.use("ha_config_list_helpers", helper_type=kind)


def test_it_makes_and_removes_helpers(tools: Tools, home: Home) -> None:
    made = tools.use("ha_config_set_helper", helper_type="input_boolean", name="From a model")

    assert home.state("input_boolean.from_a_model") == "off", made
    tools.use("ha_config_remove_helper", helper_type="input_boolean", helper_id="input_boolean.from_a_model")


def test_it_makes_shows_changes_and_removes_dashboards(tools: Tools) -> None:
    views = [{"title": "Hall", "cards": [{"type": "tile", "entity": "light.hall"}]}]

    made = tools.use("ha_config_set_dashboard", url_path="by-a-model", config={"views": views}, title="By a model")
    shown = tools.use("ha_config_get_dashboard", url_path="by-a-model")
    listed = tools.use("ha_config_list_dashboards")
    (dashboard,) = [one for one in listed["dashboards"] if one["url_path"] == "by-a-model"]
    tools.use("ha_config_update_dashboard_metadata", dashboard_id=dashboard["id"], title="Model's")
    renamed = json.dumps(tools.use("ha_config_list_dashboards"))
    tools.use("ha_config_delete_dashboard", dashboard_id=dashboard["id"])

    assert made["url_path"] == "by-a-model"
    assert shown["config"]["views"] == views
    assert dashboard["title"] == "By a model"
    assert "Model's" in renamed
    assert "by-a-model" not in json.dumps(tools.use("ha_config_list_dashboards"))


WRONG: list[tuple[str, dict[str, Any]]] = [
    ("ha_call_service", {"domain": "light", "service": "no_such"}),
    ("ha_get_state", {"entity_id": "light.no_such"}),
    ("ha_eval_template", {"template": "{{ 1 + }}"}),
    ("ha_config_get_automation", {"identifier": "automation.no_such"}),
    ("ha_config_get_script", {"script_id": "no_such"}),
    ("ha_config_set_automation", {"config": {"alias": "Broken", "trigger": [{"platform": "no_such"}], "action": []}}),
]


@pytest.mark.parametrize(("tool", "arguments"), WRONG)
def test_what_fails_is_told(tools: Tools, tool: str, arguments: dict[str, Any]) -> None:
    answer = tools.ask(tool, **arguments)

    assert "failed" in answer or "error" in json.dumps(answer).lower(), answer
