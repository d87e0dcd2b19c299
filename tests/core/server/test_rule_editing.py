"""A client reads and writes the rules of a home in the files where people keep them."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from tests.core.server.homes import running_home, until
from tests.core.web.clients import signed_in_at

from inglenook.auth import Role
from inglenook.config.configuration import read_configuration
from inglenook.server.running import HomeServer

CONFIGURATION = """\
http: {port: 0}
rules: [rules]
automation: !include automations.yaml
script: !include scripts.yaml
scene: !include scenes.yaml
automation inline:
  - {id: inline, alias: Inline, triggers: [], actions: []}
"""
AUTOMATIONS = """\
# mine
- id: '1'  # the first
  alias: "Hall"
  triggers:
  - {trigger: event, event_type: hall}
  actions:
  # tell
  - event: !secret told
- id: two
  alias: Two
  triggers: []
  actions: []
"""
SCRIPTS = """\
# scripts
night:
  alias: 'Night'   # good night
  sequence:
  - event: night
"""
SCENES = """\
- id: film
  name: Film
  entities:
    light.sofa: "off"   # dark
"""
RULES = """\
# hall
- id: folder
  alias: Folder
  triggers: []   # none
  actions: []
"""
NEW = {"alias": "New", "triggers": [{"trigger": "event", "event_type": "new"}], "actions": [{"event": "was_new"}]}


class Rules:
    """The client, and the home it speaks to."""

    def __init__(self, server: HomeServer, session: aiohttp.ClientSession, token: str) -> None:
        self.server = server
        self._session = session
        self.headers = {"Authorization": f"Bearer {token}"}

    async def ask(self, method: str, domain: str, key: str, config: Any = None) -> tuple[int, Any]:
        url = f"http://127.0.0.1:{self.server.gateway.port}/api/config/{domain}/config/{key}"
        async with self._session.request(method, url, json=config, headers=self.headers) as answer:
            is_json = answer.content_type == "application/json"
            return answer.status, await (answer.json() if is_json else answer.text())

    async def get(self, domain: str, key: str) -> Any:
        status, body = await self.ask("GET", domain, key)
        assert status == 200, body
        return body

    async def save(self, domain: str, key: str, config: Any) -> None:
        assert await self.ask("POST", domain, key, config) == (200, {"result": "ok"})

    def is_there(self, entity_id: str) -> bool:
        state = self.server.home.states.get(entity_id)
        return state is not None and state.state != "unavailable"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "rules").mkdir()
    texts = {
        "configuration": CONFIGURATION,
        "automations": AUTOMATIONS,
        "scripts": SCRIPTS,
        "scenes": SCENES,
        "rules/hall": RULES,
        "secrets": "told: was_told\n",
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.yaml").write_text(text)
    return tmp_path


@asynccontextmanager
async def client(folder: Path, role: Role = Role.OWNER) -> AsyncIterator[Rules]:
    async with running_home(folder) as server, aiohttp.ClientSession() as session:
        user = await server.auth.create_user("Ada", role=role)
        yield Rules(server, session, server.auth.create_long_lived(user, "test"))


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.suffix in (".yaml", ".new")}


async def test_a_rule_that_was_broken_by_hand_runs_on_when_another_is_saved(folder: Path) -> None:
    async with client(folder) as rules:
        path = folder / "automations.yaml"
        path.write_text(path.read_text().replace("event_type:", "evnt_type:", 1))

        await rules.save("automation", "brand_new", NEW)

        assert rules.is_there("automation.hall")
        assert "evnt_type" in path.read_text()


async def test_what_was_written_is_answered(folder: Path) -> None:
    async with client(folder) as rules:
        first = await rules.get("automation", "1")

        assert first["actions"] == [{"event": "was_told"}]
        assert (await rules.get("automation", "folder"))["alias"] == "Folder"
        assert (await rules.get("automation", "inline"))["alias"] == "Inline"
        assert (await rules.get("script", "night"))["alias"] == "Night"
        assert (await rules.get("scene", "film"))["entities"] == {"light.sofa": "off"}
        assert await rules.ask("GET", "automation", "none") == (404, {"message": "Resource not found"})


async def test_a_changed_rule_changes_its_lines_alone_and_is_live(folder: Path) -> None:
    async with client(folder) as rules:
        first = await rules.get("automation", "1")
        heard: list[str] = []
        rules.server.home.bus.listen("was_told", lambda event: heard.append(event.event_type))

        await rules.save("automation", "1", {**first, "triggers": [{"trigger": "event", "event_type": "porch"}]})

        after = AUTOMATIONS.replace("event_type: hall}", "event_type: porch}")
        assert (folder / "automations.yaml").read_text() == after
        rules.server.home.bus.fire("hall")
        assert heard == []
        rules.server.home.bus.fire("porch")
        assert heard == ["was_told"]


async def test_what_is_saved_as_it_was_leaves_every_file_as_it_was(folder: Path) -> None:
    before = contents(folder)
    async with client(folder) as rules:
        for domain, key in (("automation", "1"), ("automation", "folder"), ("script", "night"), ("scene", "film")):
            await rules.save(domain, key, await rules.get(domain, key))

    assert contents(folder) == before


async def test_new_rules_come_into_the_included_files(folder: Path) -> None:
    async with client(folder) as rules:
        await rules.save("automation", "n", NEW)
        await rules.save("script", "dawn", {"sequence": [{"event": "dawn"}]})
        await rules.save("scene", "day", {"name": "Day", "entities": {"light.sofa": "on"}})

        assert rules.is_there("automation.new")
        assert rules.is_there("script.dawn")
        assert rules.is_there("scene.day")
        assert rules.server.home.services.has("script", "dawn")
    assert (folder / "automations.yaml").read_text().startswith(AUTOMATIONS + "- id: n\n  alias: New\n")
    assert (folder / "scripts.yaml").read_text() == SCRIPTS + "dawn:\n  sequence:\n  - event: dawn\n"
    added = "- id: day\n  name: Day\n  entities:\n    light.sofa: 'on'\n"
    assert (folder / "scenes.yaml").read_text() == SCENES + added


async def test_a_rule_of_a_rules_folder_changes_where_it_stands(folder: Path) -> None:
    async with client(folder) as rules:
        await rules.save("automation", "folder", {**await rules.get("automation", "folder"), "alias": "Other"})

        assert (await rules.get("automation", "folder"))["alias"] == "Other"
    assert (folder / "rules" / "hall.yaml").read_text() == RULES.replace("Folder", "Other")


async def test_without_an_included_file_a_new_rule_gets_a_file_of_its_own(folder: Path) -> None:
    (folder / "configuration.yaml").write_text("http: {port: 0}\nrules: [rules]\n")
    async with client(folder) as rules:
        await rules.save("automation", "n", NEW)

        assert rules.is_there("automation.new")
        status, body = await rules.ask("POST", "script", "dawn", {"sequence": []})
    assert (folder / "rules" / "new.yaml").read_text().startswith("- id: n\n  alias: New\n")
    assert status == 400
    assert "script: !include scripts.yaml" in body["message"]


async def test_new_files_have_names_of_their_own_however_long_or_alike_the_rules_are(folder: Path) -> None:
    (folder / "configuration.yaml").write_text("http: {port: 0}\nrules: [rules]\n")
    async with client(folder) as rules:
        for key, alias in (("a", "x" * 500), ("b", "x" * 500), ("c", "!?")):
            await rules.save("automation", key, {**NEW, "alias": alias})

    names = {path.stem for path in (folder / "rules").iterdir()} - {"hall"}
    assert names == {"x" * 60, f"{'x' * 60}_2", "automation"}


async def test_a_removed_rule_is_gone_from_file_home_and_registry(folder: Path) -> None:
    async with client(folder) as rules:
        home = rules.server.home
        for domain, key in (("automation", "two"), ("automation", "folder"), ("script", "night"), ("scene", "film")):
            assert await rules.ask("DELETE", domain, key) == (200, {"result": "ok"})

        gone = ["automation.two", "automation.folder", "script.night", "scene.film"]
        assert [name for name in gone if name in home.states or home.registry.entities.get(name)] == []
        assert await rules.ask("DELETE", "automation", "two") == (400, {"message": "Resource not found"})
    assert (folder / "automations.yaml").read_text() == AUTOMATIONS[: AUTOMATIONS.index("- id: two")]
    assert (folder / "scripts.yaml").read_text() == "# scripts\n{}\n"
    assert (folder / "scenes.yaml").read_text() == "[]\n"
    assert (folder / "rules" / "hall.yaml").read_text() == "# hall\n[]\n"


@pytest.mark.parametrize(
    ("domain", "key", "config", "words"),
    [
        ("automation", "1", {"triggers": [{"trigger": "statte"}], "actions": []}, "Message malformed: triggers"),
        ("automation", "x", {"use_blueprint": {"path": "a/b.yaml"}}, "Message malformed: use_blueprint.path"),
        ("automation", "x", [], "Message malformed: expected an object"),
        ("script", "Bad Name", {"sequence": []}, "Message malformed: the name of a script"),
        ("script", "turn_on", {"sequence": []}, "Message malformed: script.turn_on is a service"),
        ("scene", "film", {"entities": {}}, "Message malformed: name: this key is required"),
        ("automation", "inline", NEW, "configuration.yaml:7:5: this automation stands among other things"),
        ("automation", "1", {**NEW}, "automations.yaml:8:12: !secret stands in what would be written anew"),
    ],
)
async def test_what_cannot_be_written_is_refused_and_nothing_changes(
    folder: Path, domain: str, key: str, config: Any, words: str
) -> None:
    before = contents(folder)
    async with client(folder) as rules:
        status, body = await rules.ask("POST", domain, key, config)

    assert (status, words in body["message"]) == (400, True), body
    assert contents(folder) == before


async def test_writes_at_the_same_time_are_all_kept(folder: Path) -> None:
    async with client(folder) as rules:
        await asyncio.gather(
            *(rules.save("automation", f"n{index}", {**NEW, "alias": f"N {index}"}) for index in range(8))
        )

        assert all(rules.is_there(f"automation.n_{index}") for index in range(8))
    assert len(read_configuration(folder).sections.trees["automation"][0]) == 10


async def test_a_failing_disk_leaves_the_file_as_it_was(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    before = contents(folder)
    async with client(folder) as rules:
        monkeypatch.setattr("inglenook.config.writing.os.fsync", full)
        status, body = await rules.ask("POST", "automation", "n", NEW)
        monkeypatch.undo()

        assert status == 400
        assert body["message"] == "automations.yaml: cannot be written: No space left on device"
        assert not rules.is_there("automation.new")
    assert contents(folder) == before


async def test_the_mode_of_a_file_and_a_link_to_it_stay(folder: Path) -> None:
    real = folder / "real.yaml"
    (folder / "automations.yaml").rename(real)
    (folder / "automations.yaml").symlink_to(real)
    real.chmod(0o640)
    async with client(folder) as rules:
        await rules.save("automation", "n", NEW)

    assert (folder / "automations.yaml").is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert "id: n\n" in real.read_text()


async def test_users_who_are_no_admins_see_no_rule(folder: Path) -> None:
    async with client(folder, Role.USER) as rules:
        assert (await rules.ask("GET", "automation", "1"))[0] in {401, 403}


async def test_a_hand_edit_of_an_included_file_is_live(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with client(folder) as rules:
        (folder / "automations.yaml").write_text(AUTOMATIONS + "- {id: n, alias: New, triggers: [], actions: []}\n")
        (folder / "scenes.yaml").write_text(SCENES.replace("Film", "Movie"))

        await until(lambda: rules.is_there("automation.new"))
        await until(lambda: any("Movie" in state.name for state in rules.server.home.states.domain("scene")))
    assert "configuration.yaml changed" not in caplog.text


async def test_a_broken_hand_edit_leaves_what_runs(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with client(folder) as rules:
        (folder / "automations.yaml").write_text(AUTOMATIONS.replace("alias: Two", "alias: Two\n  aktions: []"))

        await until(lambda: "automations.yaml: refused" in caplog.text)
        assert rules.is_there("automation.two")
    assert "automations.yaml:11:3" in caplog.text


async def test_what_a_client_wrote_is_not_read_twice(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with client(folder) as rules:
        await rules.save("automation", "n", NEW)
        (folder / "configuration.yaml").write_text(CONFIGURATION + "# end\n")

        await until(lambda: "configuration.yaml changed: " in caplog.text)
    assert "automations.yaml: " not in caplog.text


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
async def test_rules_of_included_folders_change_and_go_where_they_stand(
    folder: Path, newline: str, caplog: pytest.LogCaptureFixture
) -> None:
    (folder / "configuration.yaml").write_text(
        "http: {port: 0}\nrules: [rules]\n"
        "automation a: !include_dir_list one\nautomation b: !include_dir_merge_list many\n"
        "script: !include_dir_named scripts\n"
    )
    texts = {
        "one/a.yaml": "# a\nid: a\nalias: A  # name\ntriggers: []\nactions: []\n",
        "many/b.yaml": "- id: b\n  alias: B\n  triggers: []\n  actions: []\n# end\n",
        "scripts/c.yaml": "alias: C\nsequence: []\n",
    }
    for name, text in texts.items():
        (folder / name).parent.mkdir()
        (folder / name).write_bytes(text.replace("\n", newline).encode())
    caplog.set_level(logging.INFO)
    async with client(folder) as rules:
        for domain, key in (("automation", "a"), ("automation", "b"), ("script", "c")):
            config = await rules.get(domain, key)
            await rules.save(domain, key, {**config, "alias": f"New {key}", "mode": "single"})
            assert (await rules.get(domain, key))["mode"] == "single"
        written = {name: (folder / name).read_bytes().decode() for name in texts}
        for domain, key in (("automation", "a"), ("automation", "b"), ("script", "c")):
            assert (await rules.ask("DELETE", domain, key))[0] == 200

        (folder / "configuration.yaml").write_text("http: {port: 0}\n")
        await until(lambda: "configuration.yaml changed: " in caplog.text)
    assert caplog.text.count("configuration.yaml changed: ") == 1
    after = {
        "one/a.yaml": "# a\nid: a\nalias: New a  # name\ntriggers: []\nactions: []\nmode: single\n",
        "many/b.yaml": "- id: b\n  alias: New b\n  triggers: []\n  actions: []\n  mode: single\n# end\n",
        "scripts/c.yaml": "alias: New c\nsequence: []\nmode: single\n",
    }
    assert written == {name: text.replace("\n", newline) for name, text in after.items()}
    assert not (folder / "one" / "a.yaml").exists()
    assert (folder / "many" / "b.yaml").read_bytes().decode() == f"[]{newline}# end{newline}"
    assert not (folder / "scripts" / "c.yaml").exists()


async def test_a_rule_of_a_package_is_shown_and_changed_by_hand(folder: Path) -> None:
    (folder / "configuration.yaml").write_text(
        "http: {port: 0}\nrules: [rules]\nhomeassistant: {packages: {hall: !include hall.yaml}}\n"
    )
    (folder / "hall.yaml").write_text("automation:\n- {id: p, alias: P, triggers: [], actions: []}\n")
    async with client(folder) as rules:
        config = await rules.get("automation", "p")
        status, body = await rules.ask("POST", "automation", "p", {**config, "alias": "Q"})

    assert (status, body["message"].partition(":")[0]) == (400, "hall.yaml")


async def test_shared_parts_and_files_in_brackets_are_changed_or_refused_but_never_spoilt(folder: Path) -> None:
    shared = "- {id: a, triggers: [], actions: []}\n- id: b\n  triggers: []\n  variables: &v {x: 1}\n  actions: []\n"
    shared += "- id: c\n  triggers: []\n  variables: *v\n  actions: []\n"
    (folder / "automations.yaml").write_text(shared)
    async with client(folder) as rules:
        for key in "abc":
            config = await rules.get("automation", key)
            others = [await rules.get("automation", one) for one in "abc" if one != key]
            status, _ = await rules.ask("POST", "automation", key, {**config, "variables": {"x": 2}})
            assert (await rules.get("automation", key)).get("variables") == ({"x": 2} if status == 200 else {"x": 1})
            assert [await rules.get("automation", one) for one in "abc" if one != key] == others
        (folder / "automations.yaml").write_text('[{"id": "j", "triggers": [], "actions": []}]')
        await rules.server.home.services.call("automation", "reload")
        assert (await rules.ask("POST", "automation", "n", NEW))[0] == 400
        await rules.save("automation", "j", {**NEW, "alias": "J"})
        assert (await rules.get("automation", "j"))["alias"] == "J"


async def test_the_configuration_behind_an_entity_is_asked_over_the_socket(folder: Path) -> None:
    async with client(folder) as rules:
        token = rules.headers["Authorization"].removeprefix("Bearer ")
        async with signed_in_at(rules.server.gateway.port, token) as one:
            assert (await one.result("automation/config", entity_id="automation.two"))["config"]["id"] == "two"
            night = {"alias": "Night", "sequence": [{"event": "night"}]}
            assert await one.result("script/config", entity_id="script.night") == {"config": night}
            assert await one.code("script/config", entity_id="script.none") == "not_found"


@pytest.mark.parametrize("domain", ["automation", "script", "scene"])
async def test_a_reload_service_takes_hand_edits_while_the_file_is_watched(folder: Path, domain: str) -> None:
    async with client(folder) as rules:
        names = {"automation": ("Two", "Three"), "script": ("Night", "Three"), "scene": ("Film", "Three")}
        path = folder / f"{domain}s.yaml"
        path.write_text(path.read_text().replace(*names[domain]))
        await rules.server.home.services.call(domain, "reload")

        assert any("Three" in state.name for state in rules.server.home.states.domain(domain))


async def test_a_rule_that_was_wrong_before_does_not_keep_others_from_changing(folder: Path) -> None:
    wrong = AUTOMATIONS + "- {id: w, alias: Wrong, triggers: [{trigger: statte}], actions: []}\n"
    (folder / "automations.yaml").write_text(wrong)
    async with client(folder) as rules:
        (folder / "automations.yaml").write_text("# moved\n" + wrong.replace("Two", "Three"))

        await until(lambda: any("Three" in state.name for state in rules.server.home.states.domain("automation")))
