"""``inglenook init``: a commented configuration folder to start from."""

import shutil
from pathlib import Path
from typing import Final

import click

from inglenook.cli.shipped import shipped

_HEAD: Final = """\
# Your home. `inglenook check` says whether this file and the rules are in order, `inglenook run` starts it.
# Every key of inglenook's own stands here; a line that begins with "#" shows the default. Home Assistant's keys
# (automation, script, input_boolean, template ...) may stand here, too.
"""

_FIRST_RULE: Final = """\
# A rule: what starts it, what must hold, what happens. Saved rules are live at once; several may stand in one file.
#
# - alias: Hall light on motion
#   triggers:
#     - trigger: state
#       entity_id: binary_sensor.hall_motion
#       to: "on"
#   conditions:
#     - condition: sun
#       after: sunset
#   actions:
#     - action: light.turn_on
#       target: { entity_id: light.hall_lamp }
"""

_SECRETS: Final = """\
# Values that stand as !secret NAME in the configuration. Keep this file out of what you share.
# wifi_password: correct horse
"""

_IGNORED: Final = "secrets.yaml\ndata/\ntls/\n"


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--demo", is_flag=True, help="With the simulated home and its example rules.")
def command(folder: Path, demo: bool) -> None:
    """Write a commented configuration folder to FOLDER; nothing that is there is overwritten."""
    if (folder / "configuration.yaml").exists():
        raise click.ClickException(f"{folder / 'configuration.yaml'} is there already; nothing was written")
    _, _, keys = shipped("config.example.yaml").read_text().partition("\n\n")
    configuration = f"{_HEAD}\n{keys}"
    if not demo:
        configuration = configuration.replace("name: Example home", "name: Home")
        configuration = configuration.replace("\n  demo:", "\n  # demo:")
    (folder / "rules").mkdir(parents=True, exist_ok=True)
    (folder / "plugins").mkdir(exist_ok=True)
    _write(folder / "configuration.yaml", configuration)
    _write(folder / "secrets.yaml", _SECRETS, mode=0o600)
    _write(folder / ".gitignore", _IGNORED)
    if demo:
        for rule in sorted(shipped("rules").glob("*.yaml")):
            shutil.copy(rule, folder / "rules" / rule.name)
    else:
        _write(folder / "rules" / "first.yaml", _FIRST_RULE)
    click.echo(f"Wrote {folder}. Start the home with: inglenook run --config {folder}")


def _write(path: Path, text: str, mode: int = 0o644) -> None:
    if not path.exists():
        path.touch(mode)
        path.write_text(text)
