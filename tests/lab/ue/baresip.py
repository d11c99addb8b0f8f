# SPDX-License-Identifier: GPL-2.0-or-later
"""baresip as UE: with a password, for it knows no AKA."""

import plan

_CONFIGURATION = """\
sip_listen {address}:5060
net_interface {interface}
module_path /usr/lib/baresip/modules
module_app account.so
module_app menu.so
"""


def start(core, who, expires=600):
    """It registers at once, and signs off when it is ended with SIGINT."""
    folder = core.run / f"baresip-{who['name']}"
    folder.mkdir()
    (folder / "config").write_text(_CONFIGURATION.format(
        address=plan.NODES["ue2"][plan.ACCESS], interface=plan.ACCESS))
    (folder / "accounts").write_text(
        f"<{who['impus'][0]}>;auth_user={who['impi']}"
        f";auth_pass={who['password']};outbound=\"sip:{plan.PCSCF_ACCESS}\""
        f";regint={expires}\n")
    (folder / "contacts").write_text("")
    return core.start("ue2", folder.name, "baresip", "-f", str(folder))
