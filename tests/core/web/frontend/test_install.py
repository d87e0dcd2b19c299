"""A frontend is fetched by pip, checked, unpacked at once or not at all, and served from then on."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from inglenook.cli import main
from inglenook.errors import UnknownEntry
from inglenook.web.frontend import install as installing
from inglenook.web.frontend.install import InstallError, install, unpack
from inglenook.web.frontend.versions import Versions, is_version

from .wheels import make_wheel


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder where pip looks for wheels, and nowhere else."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


@pytest.fixture
def versions(tmp_path: Path) -> Versions:
    return Versions(tmp_path / "data")


def test_pip_fetches_a_version_for_whatever_python_and_its_files_are_kept(index: Path, versions: Versions) -> None:
    make_wheel(index, "20261028.4")

    folder = install(versions, "20261028.4")

    assert versions.current() == folder
    assert {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} == {
        "index.html", "authorize.html", "service_worker.js", "frontend_latest/core.1a2b.js",
        "frontend_latest/core.1a2b.js.gz", "static/icons/favicon-192x192.png", "static/translations/en.json",
        "static/fonts/roboto.woff2",
    }  # fmt: skip
    assert sorted(path.name for path in versions.folder.iterdir()) == ["20261028.4", "current"]


def test_a_version_that_there_is_not_is_told_with_those_there_are(index: Path, versions: Versions) -> None:
    make_wheel(index, "20261028.4")

    with pytest.raises(InstallError, match=r"there is no .* 20270101\.1; the newest are 20261028\.4"):
        install(versions, "20270101.1")
    assert versions.all() == []


def test_without_an_index_the_network_is_asked_after(index: Path, versions: Versions) -> None:
    with pytest.raises(InstallError, match="is there a network"):
        install(versions)


@pytest.mark.parametrize("version", ["../x", "--index-url=http://x", "1.0; rm", "", "latest"])
def test_what_is_no_version_is_refused_before_pip_sees_it(versions: Versions, version: str) -> None:
    with pytest.raises(InstallError, match="expected a version like"):
        install(versions, version)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("/usr/bin/python3: No module named pip", "has no pip"),
        ("ERROR: Could not install: [Errno 28] No space left on device", "no room left"),
        ("ERROR: 403 Client Error", "pip could not download home-assistant-frontend 1: ERROR: 403 Client Error"),
    ],
)
def test_what_pip_says_is_told_in_a_sentence(said: str, told: str) -> None:
    assert told in installing._explain(said, "1")


def test_a_full_disk_is_told_before_anything_is_fetched(
    index: Path, versions: Versions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installing, "_SPACE", 2**62)

    with pytest.raises(InstallError, match="MB of room; this needs"):
        install(versions)


def test_a_file_that_is_not_what_the_wheel_lists_stops_everything(index: Path, versions: Versions) -> None:
    make_wheel(index, "20261028.4")
    install(versions, "20261028.4")
    make_wheel(index, "20261028.5", listed={"hass_frontend/index.html": "A" * 43})

    with pytest.raises(InstallError, match="is not what the list of the wheel says"):
        install(versions, "20261028.5")
    assert versions.all() == ["20261028.4"]
    assert sorted(path.name for path in versions.folder.iterdir()) == ["20261028.4", "current"]


def test_a_wheel_that_is_cut_off_or_none_is_told(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path, "1.0")
    wheel.write_bytes(wheel.read_bytes()[:-400])
    with pytest.raises(InstallError, match="damaged"):
        unpack(wheel, tmp_path / "files")
    with pytest.raises(InstallError, match="is no frontend"):
        unpack(make_wheel(tmp_path, "1.1", {"other.txt": b""}), tmp_path / "more")


def test_nothing_of_a_wheel_lands_outside_its_folder(tmp_path: Path) -> None:
    names = ["static/../../../evil", "static/./evil", "static\\..\\evil", "../evil", "static//evil"]
    files = {"index.html": b"x", "frontend_latest/a.js": b"", **dict.fromkeys(names, b"evil")}

    target = tmp_path / "deep" / "er" / "files"

    unpack(make_wheel(tmp_path, "1.0", files), target)

    assert not [path for path in tmp_path.rglob("*evil*") if not path.is_relative_to(target / "static")]


def test_versions_are_chosen_and_removed(index: Path, versions: Versions) -> None:
    for version in ("20261028.10", "20261028.9"):
        make_wheel(index, version)
        install(versions, version)

    assert versions.all() == ["20261028.9", "20261028.10"]
    current = versions.current()
    assert current is not None
    assert current.name == "20261028.9"
    versions.remove("20261028.9")
    assert versions.current() == versions.folder / "20261028.10"
    with pytest.raises(UnknownEntry, match=r"frontend 20261028\.9 is not installed; there are: 20261028\.10"):
        versions.use("20261028.9")
    versions.remove("20261028.10")
    assert versions.current() is None
    assert not versions.folder.exists()


def test_a_word_in_the_file_of_the_current_version_leads_nowhere(index: Path, versions: Versions) -> None:
    make_wheel(index, "20261028.4")
    install(versions, "20261028.4")
    (versions.folder / "current").write_text("../../etc\n")

    assert versions.current() is None
    assert not is_version("../../etc")


def test_the_command_line_installs_lists_and_removes(index: Path, tmp_path: Path) -> None:
    make_wheel(index, "20261028.4")
    (tmp_path / "configuration.yaml").write_text("homeassistant: {name: Test}\n")

    def run(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(main, ["frontend", *words, "--config", str(tmp_path)])
        return done.exit_code, done.output

    assert "no frontend is installed" in run("list")[1]
    assert run("install")[0] == 0
    assert "is installed already" in run("install", "20261028.4")[1]
    assert "served" in run("list")[1]
    assert run("install", "x")[0] == 1
    assert run("remove", "20261028.4") == (0, "Removed 20261028.4; none is left.\n")
    assert run("remove", "20261028.4")[0] == 1


def test_a_copy_that_cannot_be_moved_leaves_the_older_one(tmp_path: Path, versions: Versions) -> None:
    versions.folder.mkdir(parents=True)
    unpack(make_wheel(tmp_path, "20261028.4"), tmp_path / "files")
    versions.add(tmp_path / "files", "20261028.4")

    with pytest.raises(FileNotFoundError):
        versions.add(tmp_path / "nowhere", "20261028.4")

    assert versions.current() == versions.folder / "20261028.4"
    assert versions.all() == ["20261028.4"]
