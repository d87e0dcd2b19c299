"""What all declared helpers have in common."""

from tests.plugins.helpers.house import House


async def test_the_first_helper_of_a_domain_needs_no_restart_with_the_default_configuration(house: House) -> None:
    await house.declare("default_config:")

    await house.reload("timer", "default_config:\ntimer: {tea: {duration: 60}}")

    assert house.state("timer.tea") == "idle"
