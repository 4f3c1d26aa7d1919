"""Hosts as network namespaces: each has a cable to the people's network and one to that of the database, which can be pulled.

They lie in a network of their own, with processes of their own: when the command ends, anyhow, the kernel takes them away.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SWITCH, PEOPLE, DATABASE = "switch", "people", "database"
ENCLOSED = ("unshare", "--net", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child")
FOLDER = Path("/run/netns")
NETWORKS = {PEOPLE: "198.18.1", DATABASE: "198.18.2"}
"""Of the addresses that are set aside for trying networks."""


@dataclass(frozen=True)
class Host:
    """Where processes run; without a name it is this machine itself."""

    name: str = ""
    address: str = "127.0.0.1"

    @property
    def within(self) -> Sequence[str]:
        """What stands before a command that runs there."""
        return ("ip", "netns", "exec", self.name) if self.name else ()


HERE = Host()


def enclose() -> None:
    """Begins this program anew where it sees no network and no process but its own; only root may.

    The second beginning of the program passes through, with the folder of the namespaces empty and its own.
    """
    if os.environ.get("HOTLINE_ENCLOSED") != "yes":
        os.environ["HOTLINE_ENCLOSED"] = "yes"
        os.execvp(ENCLOSED[0], [*ENCLOSED, *sys.orig_argv])
    FOLDER.mkdir(exist_ok=True)
    _run("mount", "-t", "tmpfs", "tmpfs", str(FOLDER))
    _ip("link set lo up")


class Network:
    """Two networks at one switch; whoever makes it is in both, as number 1."""

    def __init__(self) -> None:
        self._hosts = 0
        _ip(f"netns add {SWITCH}")
        for network in NETWORKS:
            _ip(f"-n {SWITCH} link add {network} type bridge")
            _ip(f"-n {SWITCH} link set {network} up")
            self._lay(network, "here", 1)

    def host(self, name: str, known_in: str) -> Host:
        """A new host in both networks; others call it by its address in `known_in`."""
        self._hosts += 1
        number = 10 + self._hosts
        _ip(f"netns add {name}")
        _ip(f"-n {name} link set lo up")
        for network in NETWORKS:
            self._lay(network, name, number, within=name)
        # As behind a router: who is cut off hears from no neighbour that the other is gone, but nothing at all.
        for other in range(11, number):
            _ip(f"-n {name} neigh add {_address(DATABASE, other)} lladdr {_card(other)} nud permanent dev {DATABASE}")
        return Host(name, _address(known_in, number))

    def _lay(self, network: str, name: str, number: int, within: str | None = None) -> None:
        """A cable; its end at the host is called as the network, its end at the switch by both."""
        there, at_switch = within or os.getpid(), f"{name}-{network[0]}"
        peer = f"{network} netns {there} address {_card(number)}"
        _ip(f"-n {SWITCH} link add {at_switch} type veth peer name {peer}")
        _ip(f"-n {SWITCH} link set {at_switch} master {network} up")
        where = f"-n {within} " if within else ""
        _ip(f"{where}address add {_address(network, number)}/24 dev {network}")
        _ip(f"{where}link set {network} up")

    def pull(self, host: Host) -> None:
        """The cable to the network of the database: what is sent vanishes, and nobody is told."""
        _ip(f"-n {SWITCH} link set {host.name}-{DATABASE[0]} down")

    def plug(self, host: Host) -> None:
        _ip(f"-n {SWITCH} link set {host.name}-{DATABASE[0]} up")


def _address(network: str, number: int) -> str:
    return f"{NETWORKS[network]}.{number}"


def _card(number: int) -> str:
    return f"02:00:00:00:00:{number:02x}"


def _ip(command: str) -> None:
    _run("ip", *command.split())


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}: {done.stderr}"
