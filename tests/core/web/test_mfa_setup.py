"""Setting up the second step: with a first code, by the user, and off again."""

import pyotp
import pytest

from inglenook.auth import Admission, Auth, Passwords
from inglenook.errors import InvalidEntry, UnknownEntry
from inglenook.home import Home
from inglenook.web.mfa_setup import MfaSetup


@pytest.fixture
def admission(home: Home) -> Admission:
    auth = Auth(home.store, home.clock, passwords=Passwords(memory_kib=8, rounds=1, in_thread=False))
    return Admission(auth, home.store, home.clock)


async def test_a_user_sets_up_an_app_with_its_first_code(home: Home, admission: Admission) -> None:
    setup = MfaSetup(admission)
    ann = await admission.auth.create_user("Ann", username="ann", password="open sesame")
    bob = await admission.auth.create_user("Bob", username="bob", password="open sesame")

    form = setup.begin(ann, "totp")
    secret = form["description_placeholders"]["code"]
    wrong = setup.answer(ann, form["flow_id"], {"code": "x"})
    with pytest.raises(UnknownEntry):
        setup.answer(bob, form["flow_id"], {"code": "x"})
    assert ann.totp_secret is None
    done = setup.answer(ann, form["flow_id"], {"code": pyotp.TOTP(secret).at(int(home.clock.now()))})

    assert form["description_placeholders"]["qr_code"].startswith("<svg ")
    assert wrong["errors"] == {"base": "invalid_code"}
    assert done["type"] == "create_entry"
    assert ann.totp_secret == secret
    with pytest.raises(UnknownEntry):
        setup.answer(ann, form["flow_id"], {"code": "x"})
    setup.depose(ann, "totp")
    assert ann.totp_secret is None


async def test_what_makes_no_sense_is_refused(admission: Admission) -> None:
    setup = MfaSetup(admission)
    program = await admission.auth.create_user("Program")

    with pytest.raises(InvalidEntry):
        setup.begin(program, "totp")
    with pytest.raises(UnknownEntry):
        setup.begin(program, "notify")
    with pytest.raises(UnknownEntry):
        setup.answer(program, "", {"code": "x"})
