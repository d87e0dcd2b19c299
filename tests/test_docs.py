"""What can be used is documented: each hook and command has its entry."""

import re
import tomllib
from pathlib import Path
from typing import Final

import click
import pytest

from inglenook.cli import main
from inglenook.plugins import hookspecs

DOCS: Final = Path(__file__).parents[1] / "docs"


def headings(page: str) -> set[str]:
    return set(re.findall(r"^#+ (.+)$", (DOCS / page).read_text(), re.MULTILINE))


HOOKS: Final = sorted(name for name, value in vars(hookspecs).items() if hasattr(value, "inglenook_spec"))


@pytest.mark.parametrize("hook", HOOKS)
def test_every_hook_has_its_entry(hook: str) -> None:
    assert hook in headings("plugins.md")


def test_no_hook_is_documented_that_there_is_not() -> None:
    documented = {
        heading for heading in headings("plugins.md") if re.fullmatch(r"setup|teardown|[a-z]+_[a-z_]+", heading)
    }

    assert documented == set(HOOKS)


def test_every_extra_that_a_page_names_is_there() -> None:
    offered = set(tomllib.loads((DOCS.parent / "pyproject.toml").read_text())["project"]["optional-dependencies"])
    pages = "".join(page.read_text() for page in [DOCS.parent / "README.md", *DOCS.glob("*.md")])

    named = set(re.findall(r"inglenook\[(\w+)\]", pages))

    assert named
    assert named <= offered


def test_every_command_has_its_entry() -> None:
    page = (DOCS / "cli.md").read_text()
    context = click.Context(main)

    for name in main.list_commands(context):
        command = main.get_command(context, name)
        assert command is not None
        assert f"## inglenook {name}\n" in page
        words = list(command.commands) if isinstance(command, click.Group) else []
        for word in words:
            assert f"`inglenook {name} {word}" in page, f"{name} {word}"


def test_every_command_and_option_explains_itself() -> None:
    context = click.Context(main)
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        assert command is not None
        for each in [command, *(command.commands.values() if isinstance(command, click.Group) else ())]:
            assert each.help, each.name
            for parameter in each.params:
                assert not isinstance(parameter, click.Option) or parameter.help, (each.name, parameter.name)


@pytest.mark.parametrize("page", sorted([DOCS.parent / "README.md", *DOCS.glob("*.md")]), ids=lambda page: page.name)
def test_every_link_between_pages_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)", page.read_text())

    missing = [link for link in links if not (page.parent / link).exists()]

    assert not missing
