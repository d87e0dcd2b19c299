"""docs/entities.md names everything a domain has."""

import re
from pathlib import Path
from typing import Any

import pytest

from inglenook.entities import ALL, Domain, DomainEntity, register_domains
from inglenook.home import Home

DOC = Path(__file__).parents[3] / "docs" / "entities.md"


def section_of(domain: str) -> str:
    found = re.search(rf"^## {domain}$(.*?)(?=^## |\Z)", DOC.read_text(), re.MULTILINE | re.DOTALL)
    assert found is not None, f"docs/entities.md has no section {domain}"
    return found[1]


@pytest.mark.parametrize("domain", ALL, ids=lambda domain: domain.name)
def test_the_docs_have_every_service_field_and_attribute_of(domain: Domain) -> None:
    assert issubclass(domain.entity, DomainEntity)
    section = section_of(domain.name)
    rows = dict(re.findall(r"^\| `([\w.]+)` \|(.*)$", section, re.MULTILINE))

    assert set(rows) == {f"{domain.name}.{service.name}" for service in domain.services}
    for service in domain.services:
        marks = [f"`{field.name}`" + (r"\*" if field.required else "") for field in service.fields]
        assert re.findall(r"`\w+`(?:\\\*)?", rows[f"{domain.name}.{service.name}"].split("|")[1]) == marks
    for attribute in (*domain.entity.SHOWN, *domain.entity.DESCRIBED):
        assert f"`{attribute}`" in section, attribute
    for feature in set(domain.entity.FEATURES.values()):
        assert f"{feature.name} {feature.value}" in section, feature  # type: ignore[attr-defined]


async def test_the_entity_of_the_docs_works(home: Home) -> None:
    code = re.search(r"^```python$(.*?)^```$", DOC.read_text(), re.MULTILINE | re.DOTALL)
    assert code is not None
    written: dict[str, Any] = {}
    exec(code[1], written)  # noqa: S102 - our own docs
    register_domains(home)
    home.entities.add(written["Lamp"](), "docs")

    await home.services.call("light", "turn_on", {"entity_id": "light.desk_lamp", "brightness_pct": 10})

    state = home.states.get("light.desk_lamp")
    assert state is not None
    assert (state.state, state.attributes["brightness"]) == ("on", 26)
