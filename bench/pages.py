"""Pages under load: the site and the bare view in short alternating rounds on the same cores."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import brotli

from bench import aims, asked, visits
from bench.busy import Busy, Meter
from bench.figures import Figure
from bench.load import Connection, Requests, Run, get, load, merge_runs, post
from bench.servers import Server, Site

WORKERS = 2
CLIENTS = 8
"""Enough for both processes to get some: the kernel distributes connections at random."""
ROUNDS = 12
"""Short ones, so that other load on the machine affects both sides alike."""
VISITORS = 64
SIGN_INS = 100
"""Fewer than the rate limit per IP address and minute."""
MODULE_SHARE, OTHER_PAGES = 0.35, 3
"""Share of the limit by CPU, and milliseconds of CPU."""
WHOLE_SERVER = 200
EARLY, LATE, GROWTH = 2000, 10_000, 2
"""Between these numbers of requests the whole server may take as many MiB more: those of counters and of chance."""
LOOKS, LOOKS_TAKE = 150, 12
"""Samples, and the seconds over which they are spread so that periodic jobs fall into some."""
NOTES = (
    "The limit is a bare Flask view in the same server: it reads a signed cookie, does two indexed SELECTs by SQLite's "
    "driver (for writes: one durable insert) and answers as many bytes, compressed the same way; beside it without "
    "compression. Both are loaded in turns. What is of the limit is so by CPU.",
    f"{WORKERS} web processes, {CLIENTS} clients that ask without a pause. Clients and server share the cores.",
    "CPU is that of all server processes together, per request. Memory is PSS: shared pages count in parts.",
    "Cores: the share of all cores that the servers, the clients and other processes of the machine took meanwhile.",
    f"Aims in milliseconds were set where the bare view takes {aims.BARE_VIEW} ms without compression; beside them is "
    "what that is on this machine.",
)


@dataclass(frozen=True)
class Side:
    """A server, and the requests of each client."""

    server: Server
    lists: Sequence[Requests]
    expected: int = 200


@dataclass(frozen=True)
class Measured:
    run: Run
    cpu_ms: float

    def __str__(self) -> str:
        p50, p99 = self.run.quantile(0.5), self.run.quantile(0.99)
        return f"{self.run.per_second:.0f}/s, p50 {p50:.1f} ms, p99 {p99:.1f} ms, CPU {self.cpu_ms:.2f} ms"


def measure(site: Site, *, seconds: float) -> list[Figure]:
    people = visits.visitors(site, VISITORS)
    pages = _paths(people)
    counts = asked.statements(site, people[0].cookie, {name: paths[0] for name, paths in pages.items()})
    server = site.serve(WORKERS)
    samples = {name: _page(site.port, paths[0], people[0].cookie) for name, paths in pages.items()}
    limit = site.serve_limit(WORKERS, samples)
    try:
        found = [
            _read_figure(name, Side(server, _reads(server, people, paths)), limit, people, counts[name], seconds)
            for name, paths in pages.items()
        ]
        found.append(_answer_figure(site, server, limit, seconds))
        found.append(_sign_in_figure(site, server))
    finally:
        limit.stop()
        server.stop()
    return found


def measure_memory(site: Site, *, seconds: float) -> list[Figure]:
    """With two web processes, and with one as on a machine with one core."""
    return _memory(site, seconds, WORKERS) + _memory(site, seconds, 1)


def _paths(people: Sequence[visits.Visitor]) -> dict[str, list[str]]:
    pages = {"module": [one.page for one in people], "course": [f"/courses/{one.course}" for one in people]}
    return pages | {"home": ["/"] * len(people)}


def _page(port: int, path: str, cookie: str) -> bytes:
    status, head, body = Connection(port).ask(get(f"127.0.0.1:{port}", path, cookie))
    assert status == 200, (path, head)
    return brotli.decompress(body) if b"br" in head.lower().partition(b"content-encoding:")[2][:8] else body


def _reads(server: Server, people: Sequence[visits.Visitor], paths: Sequence[str]) -> list[Requests]:
    requests = [get(f"127.0.0.1:{server.port}", path, one.cookie) for one, path in zip(people, paths, strict=True)]
    return [requests[client::CLIENTS] for client in range(CLIENTS)]


def _read_figure(
    name: str, page: Side, limit: Server, people: Sequence[visits.Visitor], count: int, seconds: float
) -> Figure:
    sides = {"page": page} | {
        kind: Side(limit, _reads(limit, people, [f"/{kind}/{name}"] * len(people))) for kind in ("compressed", "plain")
    }
    found, busy = _in_turns(f"{name} page", sides, seconds)
    measured, best = found["page"], found["compressed"]
    ratio = best.cpu_ms / measured.cpu_ms
    bare = found["plain"].cpu_ms
    limits = f"{best}; uncompressed {bare:.2f} ms"
    words = f"{measured}, {count} queries; {busy}"
    if name == "module":
        aim, is_met = f"{MODULE_SHARE:.0%} by CPU, 3 queries", ratio >= MODULE_SHARE and count <= 3
    else:
        aim, is_met = aims.words(OTHER_PAGES, bare), measured.cpu_ms <= aims.here(OTHER_PAGES, bare)
    return Figure(f"{name} page", words, limits, ratio, aim, is_met)


def _answer_figure(site: Site, server: Server, limit: Server, seconds: float) -> Figure:
    """Each client is a person who answers the first question of a quiz repeatedly."""
    people = visits.visitors(site, CLIENTS, "quiz")
    own = [visits.answers(site, one) for one in people]
    host = f"127.0.0.1:{limit.port}"
    bare = [[post(host, "/plain/write", one.cookie, "picked=abcdefgh")] for one in people]
    found, busy = _in_turns("answer saved", {"page": Side(server, own), "plain": Side(limit, bare)}, seconds)
    measured, best = found["page"], found["plain"]
    return Figure("answer saved", f"{measured}; {busy}", str(best), best.cpu_ms / measured.cpu_ms)


def _in_turns(what: str, sides: Mapping[str, Side], seconds: float) -> tuple[dict[str, Measured], Busy]:
    """Load all in turns, so that other load on the machine affects them alike."""
    print(f"{what} ...", file=sys.stderr)
    runs: dict[str, list[tuple[Run, float]]] = {name: [] for name in sides}
    meter = Meter(*{side.server for side in sides.values()})
    for turn in range(ROUNDS + 1):
        for name, side in sides.items():
            before = side.server.cpu_seconds()
            run = load(side.server.port, side.lists, seconds if turn else 0.5, side.expected)
            if turn:  # the first round only warms up
                runs[name].append((run, side.server.cpu_seconds() - before))
    return {name: _measured(what, found) for name, found in runs.items()}, meter.stop()


def _measured(what: str, runs: list[tuple[Run, float]]) -> Measured:
    run = merge_runs([one for one, _cpu in runs])
    if run.bad:
        raise SystemExit(f"{what}: {run.bad} of {len(run.latencies)} answers were not as expected")
    return Measured(run, 1000 * sum(cpu for _run, cpu in runs) / len(run.latencies))


def _sign_in_figure(site: Site, server: Server) -> Figure:
    """Many people sign in once; the limit is how many password hashes the cores can check."""
    from lms.auth import passwords

    print("sign-in ...", file=sys.stderr)
    requests = visits.sign_ins(site, SIGN_INS)
    stored, before = passwords.hash_password("a"), time.perf_counter()
    for _ in range(5):
        passwords.is_right(stored, "a")
    limit = WORKERS * 5 / (time.perf_counter() - before)
    half, cpu = SIGN_INS // 2, server.cpu_seconds()
    run = load(server.port, [requests[:half], requests[half:]], 2, expected=302)
    measured = _measured("sign-in", [(run, server.cpu_seconds() - cpu)])
    return Figure("sign-in", str(measured), f"{limit:.0f}/s (argon2 alone)", run.per_second / limit)


def _memory(site: Site, seconds: float, workers: int) -> list[Figure]:
    """After all kinds of pages under load."""
    print(f"memory with {workers} web processes ...", file=sys.stderr)
    people = visits.visitors(site, VISITORS)
    server = site.serve(workers)
    try:
        lists: list[Sequence[Requests]] = [_reads(server, people, paths) for paths in _paths(people).values()]
        lists.append([visits.answers(site, one) for one in visits.visitors(site, CLIENTS, "quiz")])
        done = _load_until(server, lists, EARLY, seconds)
        load(server.port, [visits.sign_ins(site, SIGN_INS)], 4 * seconds, expected=302)
        early = _whole(server)
        _load_until(server, lists, LATE - done, seconds)
        late = _whole(server)
        return [_memory_figure(server, workers), _growth_figure(early, late, workers)]
    finally:
        server.stop()


def _load_until(server: Server, lists: Sequence[Sequence[Requests]], count: int, seconds: float) -> int:
    """All kinds by turns, at least ``count`` requests; returns how many there were."""
    done = 0
    while done < count:
        for requests in lists:
            done += len(load(server.port, requests, seconds, 200).latencies)
    return done


def _whole(server: Server) -> float:
    """MiB, of short looks the median: periodic jobs run in between."""
    looks = []
    for _ in range(15):
        looks.append(sum(size for _name, size in server.memory().values()))
        time.sleep(0.2)
    return sorted(looks)[len(looks) // 2]


def _growth_figure(early: float, late: float, workers: int) -> Figure:
    what = f"memory from the {EARLY}th to the {LATE}th request, web processes: {workers}"
    words = f"{early:.0f} MiB and then {late:.0f} MiB"
    return Figure(what, words, aim=f"at most {GROWTH} MiB more", is_met=late - early <= GROWTH)


def _memory_figure(server: Server, workers: int) -> Figure:
    """The median and the maximum while periodic jobs are running."""
    looks = []
    for _ in range(LOOKS):
        looks.append([size for _name, size in server.memory().values() if size])
        time.sleep(LOOKS_TAKE / LOOKS)
    looks.sort(key=sum)
    mostly = looks[len(looks) // 2]
    each = " + ".join(f"{size:.0f}" for size in mostly)
    words = f"{sum(mostly):.0f} MiB ({each}), {sum(looks[-1]):.0f} MiB during jobs"
    what = f"memory of the whole server, web processes: {workers}"
    if workers != WORKERS:
        return Figure(what, words)
    return Figure(what, words, aim=f"{WHOLE_SERVER} MiB", is_met=sum(mostly) <= WHOLE_SERVER)
