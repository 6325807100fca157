"""How PersonaBench's runner uses its endpoint and its memory.

`python -m tests.benchmarks.personabench`; "busy" or "memory" after it measures one of the two.
Busy: an endpoint in a process of its own takes a fixed time for every answer, and tells how many
it was asked for at once. Memory: what the process holds after a thousand scripted sessions and
after six thousand.
"""

from __future__ import annotations

import asyncio
import gc
import json
import multiprocessing
import resource
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from pydantic import HttpUrl

from persona.benchmark.folder import RunFolder
from persona.benchmark.plan import Plan, jobs, sessions_of
from persona.benchmark.runner import Lived, Running, live_all
from persona.benchmark.spending import Spending
from persona.settings import EndpointSettings, EngineSettings, ModelsSettings
from tests.support.bench import answer_as_model, plain

ANSWER_SECONDS = 0.2
AT_ONCE = 16
PEOPLE, SESSIONS = 16, 10
SETTINGS = ("none", "persona-k1")
# Sessions before the two readings of memory.
FIRST, LAST = 1000, 6000


@dataclass
class Endpoint:
    """Answers after a fixed time, and adds up how many requests were under way for how long."""

    under_way: int = 0
    most: int = 0
    requests: int = 0
    busy: float = 0.0
    begun: float = 0.0
    changed: float = 0.0
    full: float = 0.0

    def _change(self, by: int) -> None:
        now = time.perf_counter()
        if self.begun:
            passed = now - self.changed
            self.busy += passed * self.under_way
            self.full += passed * (self.under_way >= AT_ONCE)
        else:
            self.begun = now
        self.changed = now
        self.under_way += by
        self.most = max(self.most, self.under_way)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self._change(1)
        self.requests += 1
        due = time.perf_counter() + ANSWER_SECONDS
        body = await request.json()
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        response = await _send(request, body)
        self._change(-1)
        return response

    async def told(self, _: web.Request) -> web.Response:
        wall = self.changed - self.begun
        return web.json_response(
            {
                "requests": self.requests,
                "wall": wall,
                "share": self.busy / (AT_ONCE * wall),
                "full": self.full / wall,
                "most": self.most,
                "cpu": time.process_time(),
            }
        )


async def _send(request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
    answer = answer_as_model(body)
    message: dict[str, Any] = {"role": "assistant", "content": answer}
    reason = "stop"
    if not isinstance(answer, str):
        function = {"name": answer[0], "arguments": answer[1]}
        call = {"index": 0, "id": "call_1", "type": "function", "function": function}
        message, reason = {"role": "assistant", "content": None, "tool_calls": [call]}, "tool_calls"
    envelope = {"id": "x", "created": 0, "model": body["model"]}
    usage = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}
    if not body.get("stream"):
        choice = {"index": 0, "message": message, "finish_reason": reason}
        whole = envelope | {"object": "chat.completion", "choices": [choice], "usage": usage}
        return web.json_response(whole)
    choice = {"index": 0, "delta": message, "finish_reason": reason}
    chunk = envelope | {"object": "chat.completion.chunk", "choices": [choice], "usage": usage}
    text = f"data: {json.dumps(chunk)}\n\ndata: [DONE]\n\n"
    return web.Response(text=text, content_type="text/event-stream")


def _serve(port: Any) -> None:
    endpoint = Endpoint()
    application = web.Application()
    application.router.add_post("/v1/chat/completions", endpoint.answer)
    application.router.add_get("/told", endpoint.told)

    async def serve() -> None:
        runner = web.AppRunner(application, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        port.put(runner.addresses[0][1])
        await asyncio.Event().wait()

    asyncio.run(serve())


async def _live(folder: Path, port: int) -> None:
    data = plain(PEOPLE, SESSIONS)
    run = RunFolder(folder / "run")
    plan = run.begin(
        Plan(
            track="model",
            dataset_hash=data.fingerprint,
            settings=SETTINGS,
            models=("default/m",),
            user_turns=3,
        ),
        data,
    )
    endpoint = EndpointSettings(base_url=HttpUrl(f"http://127.0.0.1:{port}/v1"))
    engine = EngineSettings(models=ModelsSettings(endpoints={"default": endpoint}))
    running = Running(run, plan, data, engine, Spending({}), lambda _: None)
    await live_all(running, jobs(plan, data.people), concurrency=AT_ONCE, api_keys={})


async def _told(port: int) -> dict[str, float]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}/told") as response,
    ):
        found: dict[str, float] = await response.json()
        return found


def busy() -> None:
    """Print the share of the time that the endpoint was asked as often at once as it may be."""
    context = multiprocessing.get_context("spawn")
    port: Any = context.Queue()
    server = context.Process(target=_serve, args=(port,), daemon=True)
    server.start()
    number = port.get()
    with tempfile.TemporaryDirectory() as folder:
        before = time.process_time()
        asyncio.run(_live(Path(folder), number))
        used = time.process_time() - before
    told = asyncio.run(_told(number))
    server.terminate()
    print(
        f"{told['requests']:.0f} requests of {ANSWER_SECONDS:.1f} s in {told['wall']:.1f} s, "
        f"{told['most']:.0f} at once at most.\n"
        f"Busy: {told['share']:.3f} of {AT_ONCE} places; all of them {told['full']:.3f} of the "
        f"time.\nProcessor: {1000 * used / told['requests']:.1f} ms a request in the runner, "
        f"{1000 * told['cpu'] / told['requests']:.1f} ms in the endpoint; the runner could ask "
        f"{told['requests'] / used:.0f} a second, and {AT_ONCE / ANSWER_SECONDS:.0f} are needed."
    )


def _held_megabytes() -> float:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1_000_000


def memory() -> None:
    """Print what the process holds after `FIRST` and after `LAST` scripted sessions."""
    data = plain(100, 30)
    plan = Plan(
        track="scripted",
        dataset_hash=data.fingerprint,
        settings=("persona-k3", "full_history"),
        models=("rules",),
    )
    assert sessions_of(plan, data) >= LAST
    lived: list[int] = []
    held: dict[int, float] = {}

    def see(each: Lived) -> None:
        lived.extend([1] * each.sessions)
        if each.sessions and len(lived) % FIRST == 0:
            held[len(lived)] = _held_megabytes()
            print(f"{len(lived)} sessions: {held[len(lived)]:.0f} MB", flush=True)

    with tempfile.TemporaryDirectory() as folder:
        run = RunFolder(Path(folder) / "run")
        run.begin(plan, data)
        running = Running(run, plan, data, EngineSettings(), Spending({}), see)
        asyncio.run(live_all(running, jobs(plan, data.people), concurrency=2, api_keys={}))
    print(f"Ratio: {held[LAST] / held[FIRST]:.2f}")


if __name__ == "__main__":
    wanted = sys.argv[1:] or ["busy", "memory"]
    if "busy" in wanted:
        busy()
    if "memory" in wanted:
        memory()
