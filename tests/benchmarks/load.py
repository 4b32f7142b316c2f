"""A load generator: 64 connections that ask again as soon as they are answered."""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

CONNECTIONS = 64


@dataclass(frozen=True)
class Load:
    """Answers a second, and the 99th percentile of their times in milliseconds."""

    rate: float
    p99: float


def measured(address: str, seconds: float) -> Load:
    """By wrk where it is installed, which takes least from the machine; else by ourselves."""
    return _by_wrk(address, seconds) if shutil.which("wrk") else asyncio.run(_by_ourselves(address, seconds))


def _by_wrk(address: str, seconds: float) -> Load:
    words = ["wrk", "-t", "1", "-c", str(CONNECTIONS), "-d", f"{seconds:.0f}s", "--latency", address]
    said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    rate, p99 = re.search(r"Requests/sec:\s+([\d.]+)", said), re.search(r"99%\s+([\d.]+)(us|ms|s)", said)
    if failed or not rate or not p99:
        raise RuntimeError(f"{address}: {said}")
    return Load(float(rate[1]), float(p99[1]) * {"us": 0.001, "ms": 1, "s": 1000}[p99[2]])


async def _by_ourselves(address: str, seconds: float) -> Load:
    times: list[float] = []
    until = time.perf_counter() + seconds
    await asyncio.gather(*(_ask(address, until, times) for _ in range(CONNECTIONS)))
    times.sort()
    return Load(len(times) / seconds, times[int(len(times) * 0.99)] * 1000)


async def _ask(address: str, until: float, times: list[float]) -> None:
    url = urlsplit(address)
    reader, writer = await asyncio.open_connection(url.hostname, url.port)
    request = f"GET {url.path} HTTP/1.1\r\nHost: {url.netloc}\r\nAccept: text/html\r\n\r\n".encode()
    while (started := time.perf_counter()) < until:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if b" 200 " not in head[:16]:
            raise RuntimeError(f"{address}: {head[:40]!r}")
        length = re.search(rb"content-length: (\d+)", head)
        await reader.readexactly(int(length[1]) if length else 0)
        times.append(time.perf_counter() - started)
    writer.close()
