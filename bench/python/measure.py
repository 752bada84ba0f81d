"""The official Python client as a measured process: the jobs of measured/main.ts, and the same line of JSON."""

import asyncio
import json
import os
import resource
import sys
import time
from typing import Any, Awaitable, Callable

from coherence import Session
from coherence.client import Options

AGE = 42
NOTE = "The quick brown fox jumps over the lazy dog, and nobody knows why it does so."


def person(size: int) -> dict[str, Any]:
    value: dict[str, Any] = {
        "name": "Alice Smith",
        "age": AGE,
        "email": "alice.smith@example.com",
        "tags": ["a", "b", "c"],
    }
    notes = (size - len(json.dumps(value, separators=(",", ":")))) // (len(NOTE) + 3)
    return value if notes < 1 else {**value, "notes": [NOTE] * notes}


def key_of(number: int, keys: int) -> str:
    return f"key-{number % keys}"


async def get(people: Any, key: str) -> None:
    value = await people.get(key)
    if value is None or value["age"] != AGE:
        raise ValueError(f"a wrong value came: {value}")


def call_of(people: Any, workload: dict[str, Any]) -> Callable[[int], Awaitable[Any]]:
    keys, entries, value = workload["keys"], workload["entries"], person(workload["valueBytes"])

    async def get_one(number: int) -> None:
        await get(people, key_of(number, keys))

    async def set_one(number: int) -> None:
        await people.put(key_of(number, keys), value)

    async def get_all(number: int) -> None:
        asked = {key_of(number * entries + index, keys) for index in range(entries)}
        found = 0
        async for _ in await people.get_all(asked):
            found += 1
        expect(found, entries)

    async def set_all(number: int) -> None:
        await people.put_all({key_of(number * entries + index, keys): value for index in range(entries)})

    return {"get": get_one, "set": set_one, "getAll": get_all, "setAll": set_all}[workload["operation"]]


async def keep_calling(call: Callable[[int], Awaitable[Any]], concurrency: int, seconds: float) -> list[float]:
    end = time.perf_counter() + seconds
    latencies: list[float] = []
    started = 0

    async def worker() -> None:
        nonlocal started
        begin = time.perf_counter()
        while begin < end:
            number, started = started, started + 1
            await call(number)
            now = time.perf_counter()
            latencies.append((now - begin) * 1000)
            begin = now

    await asyncio.gather(*[worker() for _ in range(concurrency)])
    return latencies


async def iterate(people: Any, workload: dict[str, Any]) -> dict[str, float]:
    await get(people, key_of(0, workload["keys"]))
    entries, first = 0, 0.0
    cpu, start = time.process_time(), time.perf_counter()
    async for _ in await people.entries():
        if entries == 0:
            first = (time.perf_counter() - start) * 1000
        entries += 1
    elapsed, used = time.perf_counter() - start, time.process_time() - cpu
    expect(entries, workload["entries"])
    return {
        "calls": entries,
        "callsPerSecond": entries / elapsed,
        "cpuMicros": used / entries * 1e6,
        "firstEntryMillis": first,
        "peakMebibytes": peak_mebibytes(),
    }


async def measure(people: Any, job: dict[str, Any]) -> dict[str, float]:
    workload = job["workload"]
    if workload["operation"] == "first":
        await get(people, "key-1")
        return {"startCpuMillis": time.process_time() * 1000}
    if workload["operation"] == "iterate":
        return await iterate(people, workload)
    call = call_of(people, workload)
    await keep_calling(call, workload["concurrency"], job["warmUpSeconds"])
    cpu, start = time.process_time(), time.perf_counter()
    latencies = sorted(await keep_calling(call, workload["concurrency"], job["seconds"]))
    elapsed, used = time.perf_counter() - start, time.process_time() - cpu
    return {
        "calls": len(latencies),
        "callsPerSecond": len(latencies) / elapsed,
        "cpuMicros": used / len(latencies) * 1e6,
        "p50Millis": latencies[len(latencies) // 2],
        "p99Millis": latencies[len(latencies) * 99 // 100],
        "peakMebibytes": peak_mebibytes(),
    }


def peak_mebibytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def expect(found: int, expected: int) -> None:
    if found != expected:
        raise ValueError(f"{found} came instead of {expected}")


async def main(job: dict[str, Any]) -> None:
    session = await Session.create(Options(address=job["address"]))
    people = await session.get_map(job["mapName"])
    print(json.dumps(await measure(people, job)), flush=True)
    os._exit(0)


asyncio.run(main(json.loads(sys.argv[-1])))
