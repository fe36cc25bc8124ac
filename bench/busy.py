"""How busy the machine was while something was measured, and with whose work."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

from bench.servers import TICKS, Server


@dataclass(frozen=True)
class Busy:
    """Shares of all cores: of the server, of the process that measures, and of whatever else ran on this machine."""

    server: float
    clients: float
    others: float

    def __str__(self) -> str:
        return f"cores: server {self.server:.0%}, clients {self.clients:.0%}, others {self.others:.0%}"


class Meter:
    def __init__(self, *servers: Server) -> None:
        self.servers = servers
        self._before = self._look()

    def stop(self) -> Busy:
        seconds, machine, server, clients = (
            after - before for after, before in zip(self._look(), self._before, strict=True)
        )
        whole = seconds * len(os.sched_getaffinity(0))
        others = max(0.0, machine - server - clients)
        return Busy(server / whole, clients / whole, others / whole)

    def _look(self) -> tuple[float, float, float, float]:
        mine = os.times()
        own = mine.user + mine.system + mine.children_user + mine.children_system
        return time.monotonic(), machine_seconds(), sum(server.cpu_seconds() for server in self.servers), own


def machine_seconds() -> float:
    """CPU time that all processes have taken since the machine started; what a host took away counts too."""
    user, nice, system, _idle, _waiting, *more = map(int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:])
    return (user + nice + system + sum(more[:3])) / TICKS
