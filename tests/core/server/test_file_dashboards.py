"""Dashboards in files: shown as they are written, read anew when they change, changed by hand alone."""

import os
from pathlib import Path

from .homes import client_of

CONFIGURATION = """
http: {port: 0}
lovelace:
  mode: yaml
  resources: [{url: /local/a.js, type: module}]
  dashboards:
    up-stairs: {mode: yaml, filename: up.yaml, title: Up, require_admin: true}
"""
MAIN = "views:\n  - title: Home\n    cards: !include cards.yaml\n"


def write(folder: Path, name: str, text: str, age: int = 0) -> None:
    path = folder / name
    path.write_text(text)
    os.utime(path, ns=(age, age))  # no clock is too coarse for that


async def test_dashboards_in_files_are_shown_and_read_anew_when_they_change(tmp_path: Path) -> None:
    write(tmp_path, "configuration.yaml", CONFIGURATION)
    write(tmp_path, "ui-lovelace.yaml", MAIN)
    write(tmp_path, "cards.yaml", "- {type: markdown, content: one, 1: on}\n")
    async with client_of(tmp_path) as (_, client):
        first = await client.result("lovelace/config", url_path=None)
        await client.result("subscribe_events", event_type="lovelace_updated")
        again = await client.result("lovelace/config", url_path=None, force=False)
        write(tmp_path, "cards.yaml", "- {type: markdown, content: two}\n", age=1)
        changed = await client.result("lovelace/config", url_path=None)

        assert first == again == {
            "views": [{"title": "Home", "cards": [{"type": "markdown", "content": "one", "1": True}]}]
        }  # fmt: skip
        assert changed["views"][0]["cards"] == [{"type": "markdown", "content": "two"}]
        assert (await client.event())["data"] == {"url_path": None, "mode": "yaml"}
        assert client.events == []
        await client.result("lovelace/config", url_path=None, force=True)
        assert (await client.event())["data"] == {"url_path": None, "mode": "yaml"}


async def test_they_are_listed_as_panels_and_changed_by_hand_alone(tmp_path: Path) -> None:
    write(tmp_path, "configuration.yaml", CONFIGURATION)
    write(tmp_path, "ui-lovelace.yaml", "{views: []}\n")
    async with client_of(tmp_path) as (_, client):
        await client.result("lovelace/dashboards/create", url_path="my-own", title="Mine")
        listed = await client.result("lovelace/dashboards/list")
        panels = await client.result("get_panels")
        refused = await client.ask("lovelace/config/save", url_path="up-stairs", config={"views": []})

        assert [one["url_path"] for one in listed] == ["lovelace", "up-stairs", "my-own"]
        assert listed[1] == {
            "mode": "yaml", "filename": "up.yaml", "url_path": "up-stairs", "title": "Up", "icon": None,
            "show_in_sidebar": True, "require_admin": True,
        }  # fmt: skip
        assert [panels[path]["config"]["mode"] for path in ("lovelace", "up-stairs", "my-own")] == [
            "yaml", "yaml", "storage",
        ]  # fmt: skip
        assert panels["up-stairs"]["require_admin"]
        assert refused["error"] == {
            "code": "not_supported",
            "message": "This dashboard stands in up.yaml; change it there.",
        }
        assert await client.code("lovelace/dashboards/create", url_path="up-stairs", title="X") == "invalid_format"
        assert await client.result("lovelace/info") == {"resource_mode": "yaml"}
        assert await client.result("lovelace/resources") == [
            {"id": "/local/a.js", "url": "/local/a.js", "type": "module"}
        ]
        assert await client.code("lovelace/resources/create", res_type="js", url="/local/b.js") == "invalid_format"


async def test_what_is_wrong_in_a_file_is_told_with_its_place(tmp_path: Path) -> None:
    write(tmp_path, "configuration.yaml", CONFIGURATION)
    write(tmp_path, "up.yaml", "views:\n  - cards: [\n")
    async with client_of(tmp_path) as (server, client):
        (problem,) = server.problems
        assert str(problem).startswith("configuration.yaml:3:1: lovelace: ui-lovelace.yaml is not there;")
        missing = await client.ask("lovelace/config", url_path=None)
        broken = await client.ask("lovelace/config", url_path="up-stairs")
        write(tmp_path, "up.yaml", "- 1\n", age=1)
        no_mapping = await client.ask("lovelace/config", url_path="up-stairs")
        write(tmp_path, "up.yaml", "{views: []}\n", age=2)

        assert missing["error"] == {"code": "config_not_found", "message": "ui-lovelace.yaml is not there"}
        assert broken["error"]["code"] == no_mapping["error"]["code"] == "error"
        assert "up.yaml:" in broken["error"]["message"]
        assert "expected a mapping" in no_mapping["error"]["message"]
        assert await client.result("lovelace/config", url_path="up-stairs") == {"views": []}
