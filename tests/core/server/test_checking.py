"""What a check of a configuration finds, where nothing runs."""

import asyncio
from pathlib import Path

from inglenook.server.checking import CheckResult, check_configuration


def checked(folder: Path, configuration: str, **files: str) -> CheckResult:
    """Check a folder with this configuration and ``files``, whose names end without ``.yaml``."""
    (folder / "configuration.yaml").write_text(configuration)
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text)
    return asyncio.run(check_configuration(folder))


def test_scripts_that_are_made_of_a_blueprint_are_in_order(tmp_path: Path) -> None:
    (tmp_path / "blueprints/script/me").mkdir(parents=True)
    (tmp_path / "blueprints/script/me/say.yaml").write_text(
        "blueprint: {name: Say, domain: script, input: {word: }}\nsequence: {event: said, event_data: {w: !input word}}"
    )

    result = checked(tmp_path, "script: {say: {use_blueprint: {path: me/say.yaml, input: {word: hi, wrd: 1}}}}\n")

    assert not result.errors
    assert [str(one) for one in result.warnings] == [
        "configuration.yaml:1:69: use_blueprint.input.wrd: blueprint me/say.yaml has no input wrd; did you mean 'word'?"
    ]
