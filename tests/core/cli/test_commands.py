"""The commands, as a person types them."""

import asyncio
import contextlib
import getpass
import json
import os
import re
import signal
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from inglenook.cli import main
from inglenook.version import __version__


def inglenook(*words: str | Path, answer: str = "") -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], input=answer)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    result = inglenook("init", folder, "--demo")
    assert result.exit_code == 0, result.output
    return folder


def test_version_names_what_it_is_built_on() -> None:
    result = inglenook("version")

    assert result.stdout.startswith(f"inglenook {__version__}\n")
    assert "aiohttp 3." in result.stdout


def test_a_new_folder_is_in_order(tmp_path: Path) -> None:
    made = inglenook("init", tmp_path / "new")
    checked = inglenook("check", tmp_path / "new")

    assert made.exit_code == 0
    assert checked.exit_code == 0, checked.output
    assert "0 rules" in checked.stdout
    assert (tmp_path / "new" / "secrets.yaml").stat().st_mode & 0o77 == 0


def test_a_new_folder_with_the_demo_is_in_order_and_has_its_rules(folder: Path) -> None:
    checked = inglenook("check", folder)
    listed = inglenook("rule", "list", "--config", folder)

    assert checked.exit_code == 0, checked.output
    assert "Hall light on motion" in listed.stdout
    assert "rules/hall.yaml" in listed.stdout


def test_scripts_are_listed_and_counted_beside_the_rules(folder: Path) -> None:
    (folder / "configuration.yaml").write_text("script: {night: {alias: Good night, sequence: []}}\n")

    listed = inglenook("rule", "list", "--config", folder).stdout.splitlines()

    assert "Good night" in listed[-1]
    assert "script.night" in listed[-1]
    assert " and 1 script in " in inglenook("check", folder).stdout


def test_a_template_is_tried_without_a_running_home(folder: Path) -> None:
    good = inglenook("template", "{{ 1 + 1 }} {{ states('light.none') }}{{ none_such }}", "--config", folder)
    wrong = inglenook("template", "{{ 1 | nope }}", "--config", folder)
    (folder / "a.jinja").write_text("1\n{{ 'x' | float }}\n")
    failed = inglenook("template", "--file", str(folder / "a.jinja"), "--config", folder)
    neither = inglenook("template", "--config", folder)

    assert (good.exit_code, good.stdout) == (0, "2 unknown\n")
    assert good.stderr == "warning: 'none_such' is undefined; taken as empty\n"
    assert (wrong.exit_code, wrong.stderr) == (1, "error: <template>:1:8: there is no filter 'nope'\n")
    assert failed.stderr.startswith(f"error: {folder}/a.jinja:2:5: float got 'x'")
    assert "give either a template or --file" in neither.stderr


def test_init_overwrites_nothing(folder: Path) -> None:
    (folder / "configuration.yaml").write_text("homeassistant: {name: Mine}\n")

    result = inglenook("init", folder)

    assert result.exit_code == 1
    assert "is there already; nothing was written" in result.stderr
    assert "Mine" in (folder / "configuration.yaml").read_text()


def test_check_tells_everything_that_is_wrong_with_its_place(folder: Path) -> None:
    (folder / "rules" / "a.yaml").write_text("- alias: A\n  triggers:\n    - trigger: statte\n  actions: []\n")
    (folder / "rules" / "b.yaml").write_text("- alias: B\n\ttriggers: []\n")
    (folder / "rules" / "c.yaml").write_text(
        "- alias: C\n  triggers: {trigger: state, entity_id: light.x, to: on}\n  actions: {delay: soon}\n"
    )

    result = inglenook("check", folder)

    assert result.exit_code == 1
    for expected in (
        "rules/a.yaml:3:16: triggers[0].trigger",
        "rules/b.yaml:2:1",
        "rules/c.yaml:2:54: triggers.to",
        "rules/c.yaml:3:20: actions.delay",
    ):
        assert expected in result.stdout, (expected, result.stdout)
    assert "did you mean 'state'" in result.stdout.replace("`", "'")


def test_check_tells_of_a_rule_that_another_keeps_out(folder: Path) -> None:
    (folder / "rules" / "report2.yaml").write_text((folder / "rules" / "report.yaml").read_text())

    result = inglenook("check", folder)

    assert result.exit_code == 1
    assert (
        "rules/report2.yaml:3:7: id: a rule with the id 'house_report' stands at rules/report.yaml:3:3 already"
        in result.stdout
    )


def test_check_tells_programs_and_github_too(folder: Path) -> None:
    (folder / "rules" / "a.yaml").write_text(
        "- alias: A\n  triggers: {trigger: event, event_type: go}\n  actions:\n"
        "    - {action: script.nope}\n    - {action: light.turn_onn}\n"
    )
    (folder / "rules" / "b.yaml").write_text("- alias: B\n  triggers: []\n")

    told = json.loads(inglenook("check", folder, "--format", "json").stdout)
    marked = inglenook("check", folder, "--format", "github")

    error = {
        "file": "rules/b.yaml", "line": 1, "column": 3, "where": "actions", "message": "this key is required",
        "is_fatal": False,
    }  # fmt: skip
    assert told["errors"] == [error]
    assert [(warning["line"], warning["where"]) for warning in told["warnings"]] == [
        (4, "actions[0].action"),
        (5, "actions[1].action"),
    ]
    assert "::error file=rules/b.yaml,line=1,col=3::actions: this key is required" in marked.stdout.splitlines()
    assert marked.exit_code == 1


def test_check_tells_of_a_blueprint_once_and_warns_of_one_that_nobody_uses(folder: Path) -> None:
    (folder / "blueprints/automation/me").mkdir(parents=True)
    for name in ("used", "unused"):
        (folder / f"blueprints/automation/me/{name}.yaml").write_text("blueprint: {name: X}\n")
    use = "- {alias: %s, use_blueprint: {path: me/used.yaml}}\n"
    (folder / "rules" / "a.yaml").write_text(use % "A" + use % "B")

    lines = inglenook("check", folder).stdout.splitlines()

    about = [line for line in lines if "blueprint.domain" in line]
    assert about == [
        "warning: blueprints/automation/me/unused.yaml:1:12: blueprint.domain: this key is required",
        "error: blueprints/automation/me/used.yaml:1:12: blueprint.domain: this key is required",
    ]


def test_check_knows_what_the_home_has_seen(folder: Path) -> None:
    inglenook("device", "add", "hall", "--config", folder)  # which makes the database
    (folder / "rules" / "a.yaml").write_text(
        "- alias: A\n  triggers: {trigger: state, entity_id: light.nobody}\n  actions: []\n"
    )

    result = inglenook("check", folder)

    assert result.exit_code == 0
    assert "warning: rules/a.yaml:2:41: triggers.entity_id: there is no entity light.nobody" in result.stdout


def test_what_is_wrong_in_the_configuration_hides_nothing_in_the_rules(folder: Path) -> None:
    (folder / "configuration.yaml").write_text(
        "homeassistant:\n  latitude: north\nhttp:\n  tls: {certificate: none.pem, key: none.key}\nwibble: 1\n"
    )
    (folder / "rules" / "a.yaml").write_text("- alias: A\n  triggers:\n    - trigger: statte\n  actions: []\n")

    told = inglenook("check", folder).stdout

    for expected in (
        "configuration.yaml:2:13: homeassistant.latitude",
        "configuration.yaml:5:1: nothing handles the key wibble",
        "rules/a.yaml:3:16: triggers[0].trigger",
    ):
        assert expected in told, (expected, told)


@pytest.mark.parametrize(
    ("configuration", "told"),
    [
        (
            "script:\n  - sequence: []\n",
            "error: configuration.yaml:1:1: script: expected scripts by their names, got a list",
        ),
        (
            "automation:\n  - {id: x, triggers: [], actions: []}\n  - {id: x, triggers: [], actions: []}\n",
            "error: configuration.yaml:3:10: id: a rule with the id 'x' stands at configuration.yaml:2:5 already",
        ),
        (
            "automations: []\n",
            "warning: configuration.yaml:1:1: nothing handles the key automations; it has no effect; "
            "did you mean 'automation'?",
        ),
        (
            "automation:\n  - use_blueprint:\n",
            "error: configuration.yaml:2:19: use_blueprint: expected a mapping with the path of a blueprint, got null",
        ),
        (
            "automation:\n  - use_blueprint: {path: me/b.yaml, input: {lamp: light.a, lmp: 1}}\n",
            "warning: configuration.yaml:2:61: use_blueprint.input.lmp: blueprint me/b.yaml has no input lmp; "
            "did you mean 'lamp'?",
        ),
    ],
)
def test_check_names_the_place_and_what_was_expected(folder: Path, configuration: str, told: str) -> None:
    (folder / "blueprints/automation/me").mkdir(parents=True)
    (folder / "blueprints/automation/me/b.yaml").write_text(
        "blueprint: {name: B, domain: automation, input: {lamp: }}\ntriggers: []\n"
        "actions: [{action: light.turn_on, target: {entity_id: !input lamp}}]\n"
    )
    (folder / "configuration.yaml").write_text(configuration)

    lines = inglenook("check", folder).stdout.splitlines()

    assert any(line.startswith(told) for line in lines), lines


def test_a_folder_without_a_configuration_says_how_to_make_one(tmp_path: Path) -> None:
    result = inglenook("run", "--config", tmp_path)

    assert result.exit_code == 1
    assert "inglenook init" in result.stderr
    assert "Traceback" not in result.output


def test_adding_a_device_prints_its_token_alone(folder: Path) -> None:
    added = inglenook("device", "add", "hall", "--config", folder)
    listed = inglenook("device", "list", "--config", folder)
    revoked = inglenook("device", "revoke", "hall", "--config", folder)
    again = inglenook("device", "revoke", "hall", "--config", folder)

    assert len(added.stdout.split()) == 1
    assert added.stdout.split()[0] not in listed.stdout
    assert "never seen" in listed.stdout
    assert revoked.exit_code == 0
    assert again.exit_code == 1
    assert "no device 'hall' has a token" in again.stderr


def test_a_data_folder_that_is_not_there_is_told_and_not_made(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for data in (tmp_path / "typo", tmp_path / "empty"):
        for words in (("list",), ("revoke", "hall")):
            result = inglenook("device", *words, "--config", folder, "--data", data)

            assert result.exit_code == 1
            assert f"there is no home's data in {data}" in result.stderr

    assert not (tmp_path / "typo").exists()
    assert list((tmp_path / "empty").iterdir()) == []


def test_the_devices_of_a_home_that_has_never_run_are_none_and_nothing_is_made(folder: Path) -> None:
    listed = inglenook("device", "list", "--config", folder)
    revoked = inglenook("device", "revoke", "hall", "--config", folder)

    assert (listed.exit_code, revoked.exit_code) == (0, 1)
    assert "no devices yet" in listed.stdout
    assert "no device 'hall' has a token" in revoked.stderr
    assert not (folder / "data").exists()


@pytest.mark.parametrize("device", ["a/b", "hall lamp", "q?x", "", "-hall", "x" * 65])
def test_an_id_that_the_gateway_would_refuse_gets_no_token(folder: Path, device: str) -> None:
    result = inglenook("device", "add", "--config", folder, "--", device)

    assert result.exit_code == 1
    assert f"device id {device!r}: expected 1 to 64" in result.stderr
    assert "no devices yet" in inglenook("device", "list", "--config", folder).stdout


def test_watching_and_pairing_need_a_running_home(folder: Path) -> None:
    for word in ("watch", "pair"):
        result = inglenook("device", word, "--config", folder)

        assert result.exit_code == 1
        assert f"inglenook run --config {folder}" in result.stderr


def test_plugins_are_listed_with_what_is_used_and_missing(folder: Path) -> None:
    (folder / "plugins" / "mine.py").write_text("")
    configuration = folder / "configuration.yaml"
    configuration.write_text(configuration.read_text().replace("plugins:\n", "plugins:\n  lost:\n"))

    result = inglenook("plugin", "list", "--config", folder)

    rows = {line.split()[0]: line for line in result.stdout.splitlines()[1:]}
    assert "not used" in rows["mine"]
    assert "not found" in rows["lost"]
    assert "inglenook" in rows["demo"]


def test_a_certificate_is_made_once_and_can_be_used(folder: Path) -> None:
    made = inglenook("tls", "--config", folder, "--host", "hub.local", "--host", "127.0.0.1")
    again = inglenook("tls", "--config", folder)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "tls" / "certificate.pem", folder / "tls" / "key.pem")

    assert made.exit_code == 0
    assert again.exit_code == 1
    assert "is there already" in again.stderr
    assert (folder / "tls" / "key.pem").stat().st_mode & 0o77 == 0


def test_the_service_unit_is_written_where_it_is_told(folder: Path, tmp_path: Path) -> None:
    result = inglenook("service", "install", "--config", folder, "--folder", tmp_path / "units")

    unit = (tmp_path / "units" / "inglenook.service").read_text()
    assert result.exit_code == 0, result.output
    assert f"--config {folder}" in unit
    assert "systemctl enable --now inglenook.service" in result.stdout
    assert f"inglenook device list --config {folder} --data /var/lib/inglenook\n" in result.stdout


def test_a_service_without_a_configuration_is_not_installed(tmp_path: Path) -> None:
    result = inglenook("service", "install", "--config", tmp_path / "nothing", "--folder", tmp_path / "units")

    assert result.exit_code == 1
    assert "there is no such file or folder" in result.stderr
    assert not (tmp_path / "units").exists()


def test_a_service_says_which_user_it_still_needs(folder: Path, tmp_path: Path) -> None:
    words = ("service", "install", "--config", folder, "--folder", tmp_path / "units", "--user")

    missing, there = inglenook(*words, "no-such-user"), inglenook(*words, getpass.getuser())

    assert "There is no user no-such-user yet; make it with: useradd --system" in missing.stdout
    assert "useradd" not in there.stdout


@contextlib.asynccontextmanager
async def running(folder: Path, *words: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, list[str]]]:
    """Run a home as a process; its lines until it listens."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "inglenook", "run", "--config", str(folder), "--port", "0", *words,
        stdout=subprocess.PIPE, env={**os.environ, "COLUMNS": "200"},
    )  # fmt: skip
    assert process.stdout is not None
    lines: list[str] = []
    try:
        while not lines or "stop with" not in lines[-1]:
            line = await asyncio.wait_for(process.stdout.readline(), 20)
            assert line, lines
            lines.append(line.decode())
        yield process, lines
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def next_line(process: asyncio.subprocess.Process, text: str) -> str:
    assert process.stdout is not None
    while True:
        line = (await asyncio.wait_for(process.stdout.readline(), 20)).decode()
        assert line, f"it ended without {text!r}"
        if text in line:
            return line


async def test_the_demo_home_runs_shows_its_rules_and_stops_when_told(folder: Path) -> None:
    async with running(folder) as (process, lines):
        ran = await next_line(process, "because of")
        process.send_signal(signal.SIGTERM)
        status = await asyncio.wait_for(process.wait(), 10)

    assert any("listening on http://127.0.0.1:" in line for line in lines)
    assert any("/api/device" in line for line in lines)
    assert "→" in ran
    assert status == 0


async def test_commands_act_on_the_home_while_it_runs(folder: Path) -> None:
    async with running(folder):
        added = await asyncio.to_thread(inglenook, "device", "add", "attic", "--config", folder)
        devices = await asyncio.to_thread(inglenook, "device", "list", "--config", folder)
        rules = await asyncio.to_thread(inglenook, "rule", "list", "--config", folder)
        rendered = await asyncio.to_thread(inglenook, "template", "{{ states('sun.sun') }}", "--config", folder)
        plugins = await asyncio.to_thread(inglenook, "plugin", "list", "--config", folder)
        trace = await asyncio.to_thread(inglenook, "rule", "trace", "hall light on motion", "--config", folder)
        nothing = await asyncio.to_thread(inglenook, "rule", "trace", "Hall ligt on motion", "--config", folder)

    assert len(added.stdout.split()) == 1
    assert "attic" in devices.stdout
    assert "Hall light on motion" in rules.stdout
    assert "running" in plugins.stdout
    assert trace.stdout.startswith("Hall light on motion")
    assert rendered.stdout in ("above_horizon\n", "below_horizon\n")
    assert nothing.exit_code == 1
    assert "did you mean 'Hall light on motion'?" in nothing.stderr


def test_there_is_no_trace_without_a_running_home(folder: Path) -> None:
    result = inglenook("rule", "trace", "Hall light on motion", "--config", folder)

    assert result.exit_code == 1
    assert "the home does not run" in result.stderr


async def test_an_id_with_odd_characters_is_named_as_it_was_typed(folder: Path) -> None:
    async with running(folder):
        result = await asyncio.to_thread(inglenook, "device", "revoke", "a/b?c d", "--config", folder)

    assert result.exit_code == 1
    assert "no device 'a/b?c d' has a token" in result.stderr


@pytest.mark.parametrize(
    ("host", "told"),
    [
        ("no-such-host.invalid", "cannot listen on no-such-host.invalid: "),
        ("192.0.2.1", "192.0.2.1 is no address of this machine"),
    ],
)
def test_an_address_that_is_not_ours_is_named(folder: Path, host: str, told: str) -> None:
    result = inglenook("run", "--config", folder, "--host", host, "--port", "0")

    assert result.exit_code == 1
    assert told in result.stderr


async def test_a_device_id_reaches_the_running_home_as_it_was_typed(folder: Path) -> None:
    async with running(folder):
        added = await asyncio.to_thread(inglenook, "device", "add", "attic?x", "--config", folder)
        listed = await asyncio.to_thread(inglenook, "device", "list", "--config", folder)

    assert added.exit_code == 1
    assert "device id 'attic?x': expected" in added.stderr
    assert "attic" not in [line.split()[0] for line in listed.stdout.splitlines()]


async def test_watching_ends_with_a_clear_message_when_the_home_stops(folder: Path) -> None:
    async with running(folder) as (home, _):
        watch = await asyncio.create_subprocess_exec(
            sys.executable, "-u", "-m", "inglenook", "device", "watch", "--config", str(folder),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        await next_line(watch, " ")
        home.send_signal(signal.SIGTERM)
        _, errors = await asyncio.wait_for(watch.communicate(), 20)

    assert errors.decode() == "Error: the home has stopped\n"
    assert watch.returncode == 1


async def test_watching_tells_when_and_ends_quietly_with_ctrl_c(folder: Path) -> None:
    async with running(folder):
        watch = await asyncio.create_subprocess_exec(
            sys.executable, "-u", "-m", "inglenook", "device", "watch", "--config", str(folder),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        line = await next_line(watch, " ")
        watch.send_signal(signal.SIGINT)
        _, errors = await asyncio.wait_for(watch.communicate(), 20)

    assert re.match(r"\d\d:\d\d:\d\d ", line)
    assert errors.decode() == ""
    assert watch.returncode == 0


async def test_a_second_run_is_refused_with_a_clear_message(folder: Path) -> None:
    async with running(folder) as (process, _):
        second = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-m", "inglenook", "run", "--config", str(folder), "--port", "0"],
            capture_output=True,
            text=True,
            check=False,
        )

    assert second.returncode == 1
    assert f"in use by a running home (process {process.pid})" in second.stderr
    assert "Traceback" not in second.stderr
