"""shell_command: services that run programs."""

import pytest
from tests.plugins.outside.place import Place

from inglenook.errors import ConfigErrors, ServiceError
from inglenook_outside import shell_command


async def test_a_command_without_a_template_is_for_the_shell(place: Place) -> None:
    await place.declare("shell_command: {note: 'echo one | tr o 0 > note'}")

    assert await place.call("shell_command.note") is None

    assert (place.folder / "note").read_text() == "0ne\n"


async def test_with_a_template_no_shell_sees_the_arguments(place: Place) -> None:
    await place.declare("shell_command: {say: 'echo {{ what }} \"{{ more }}\"'}")

    response = await place.call("shell_command.say", what="a; touch there | $HOME", more="b  c", wants_response=True)

    assert response == {"stdout": "a; touch there | $HOME b  c", "stderr": "", "returncode": 0}
    assert not (place.folder / "there").exists()


async def test_data_may_have_the_names_of_a_target(place: Place) -> None:
    await place.declare("shell_command: {say: 'echo {{ entity_id }}'}")

    response = await place.call("shell_command.say", entity_id="light.x", wants_response=True)

    assert response["stdout"] == "light.x"


async def test_the_program_itself_is_no_template(place: Place) -> None:
    await place.declare("shell_command: {say: '{{program}} {{ x }}'}")

    with pytest.raises(ServiceError, match="cannot be started"):
        await place.call("shell_command.say", program="echo", x="1")


async def test_a_failure_is_an_answer_for_who_asks_and_else_an_error_in_the_log(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    await place.declare("shell_command: {fail: 'echo out; echo wrong >&2; exit 4', none: nosuchprogram}")

    assert await place.call("shell_command.fail", wants_response=True) == {
        "stdout": "out",
        "stderr": "wrong",
        "returncode": 4,
    }
    assert (await place.call("shell_command.none", wants_response=True))["returncode"] == 127
    assert caplog.text == ""
    await place.call("shell_command.fail")
    assert "shell_command.fail ended with status 4: wrong" in caplog.text


async def test_what_is_no_text_is_an_error_for_who_asks(place: Place) -> None:
    await place.declare(r"shell_command: {odd: 'printf \\377'}")

    await place.call("shell_command.odd")
    with pytest.raises(ServiceError, match="something that is no text"):
        await place.call("shell_command.odd", wants_response=True)


async def test_quotes_without_an_end_are_an_error(place: Place) -> None:
    await place.declare("shell_command: {say: 'echo {{ what }}'}")

    with pytest.raises(ServiceError, match="the arguments of echo cannot be told apart: No closing quotation"):
        await place.call("shell_command.say", what='"')


async def test_one_that_takes_too_long_is_an_error(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shell_command, "TIMEOUT_S", 0.1)
    await place.declare("shell_command: {wait: sleep 60}")

    with pytest.raises(ServiceError, match=r"took longer than 0\.1 s"):
        await place.call("shell_command.wait")


async def test_where_programs_are_not_allowed_the_services_say_what_mends_it(place: Place) -> None:
    place.home.settings.allow_programs = False
    await place.declare("shell_command: {note: touch there}")

    with pytest.raises(ServiceError, match=r"shell_command\.note: it runs .* set programs: true under allow:"):
        await place.call("shell_command.note")

    assert not (place.folder / "there").exists()
    assert place.plugins is not None
    assert [str(one).partition(": it")[0] for one in place.plugins.warnings] == [
        "configuration.yaml:1:1: shell_command"
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{a: [b]}", r"1:\d+: shell_command.a: expected text, got a list"),
        ("{'A b': c}", r"1:\d+: shell_command.A b: "),
        ("{a: 'echo {{ x'}", r"1:\d+: shell_command.a: template"),
    ],
)
async def test_what_is_wrong_is_told_with_its_place(place: Place, text: str, told: str) -> None:
    with pytest.raises(ConfigErrors, match=told):
        await place.declare(f"shell_command: {text}")
