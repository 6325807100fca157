"""Who plays in the lives of a run: the models behind the chatbot, the user and the device."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

import httpx2
from pydantic import SecretStr

from persona.benchmark.answers import AnswerFile, Keeping
from persona.benchmark.dataset import Dataset
from persona.benchmark.folder import RunFolder
from persona.benchmark.ledger import Ledger, charged, repetition
from persona.benchmark.model.apis import ModelApis
from persona.benchmark.model.judge import ModelJudge
from persona.benchmark.model.user import ModelUser
from persona.benchmark.plan import Job, Plan
from persona.benchmark.roles import Apis, Judge, User
from persona.benchmark.schema import Track
from persona.benchmark.scripted.apis import ScriptedApis
from persona.benchmark.scripted.endpoint import idle_optimizer, scripted_models
from persona.benchmark.scripted.judge import ScriptedJudge
from persona.benchmark.scripted.user import ScriptedUser
from persona.benchmark.spending import Spending
from persona.errors import InvalidAnswer
from persona.models import Models
from persona.settings import ModelsSettings


@dataclass(frozen=True, slots=True)
class Cast:
    """The models of a run, by their name and whether their optimizer learns.

    `file` keeps their answers, where models are asked.
    """

    track: Track
    models: Mapping[tuple[str, bool], Models]
    file: AnswerFile | None

    def chatbot(self, job: Job) -> Models:
        """Return the models that the engine of a life asks."""
        return self.models[job.model, job.setting.learner]

    def user(self, job: Job) -> User:
        """Return the simulated user of a life."""
        if self.track == "scripted":
            return ScriptedUser(reveals=job.setting.reveals)
        return ModelUser(self.models[job.model, True], reveals=job.setting.reveals)

    def apis(self, job: Job) -> Apis:
        """Return what answers calls of the device's functions."""
        if self.track == "scripted":
            return ScriptedApis()
        return ModelApis(self.models[job.model, True])


@contextlib.asynccontextmanager
async def open_cast(
    folder: RunFolder,
    plan: Plan,
    dataset: Dataset,
    settings: ModelsSettings,
    spending: Spending,
    *,
    concurrency: int,
    api_keys: Mapping[str, SecretStr | None],
) -> AsyncIterator[Cast]:
    """Open the models of a run; what was paid for before counts in `spending`."""
    async with contextlib.AsyncExitStack() as stack:
        file: AnswerFile | None = None
        base = settings
        if plan.track == "scripted":
            base = await stack.enter_async_context(scripted_models(dataset))
        else:
            # Rules answer faster than a file.
            file = await AnswerFile.open(folder.answers)
            stack.push_async_callback(file.close)
            for spent in await file.spent():
                spending.add(*spent)
        transport = Keeping(
            httpx2.AsyncHTTPTransport(
                limits=httpx2.Limits(max_connections=None, max_keepalive_connections=concurrency)
            ),
            spending=spending,
            at_once=concurrency,
            file=file,
        )
        stack.push_async_callback(transport.aclose)
        idle = await stack.enter_async_context(idle_optimizer())
        found: dict[tuple[str, bool], Models] = {}
        for name in plan.models:
            chosen = base if plan.track == "scripted" else _with_chat(base, name)
            silent = chosen.model_copy(
                update={
                    "endpoints": chosen.endpoints | {"idle": idle},
                    "optimizer": chosen.optimizer.model_copy(
                        update={"endpoint": "idle", "model": "idle", "fallbacks": ()}
                    ),
                }
            )
            for learns, played_by in ((True, chosen), (False, silent)):
                models = Models(played_by, api_keys, transport=transport)
                stack.push_async_callback(models.close)
                found[name, learns] = models
        yield Cast(plan.track, found, file)


async def check_endpoints(
    settings: ModelsSettings, names: Iterable[str], api_keys: Mapping[str, SecretStr | None]
) -> None:
    """Check the endpoints of everybody who plays in lives with the models `names`.

    Raises `ModelUnavailable` or `ModelRefused` when one of them is not there: better one sentence
    before a run than one for each life.
    """
    for name in names:
        models = Models(_with_chat(settings, name), api_keys, transport=httpx2.AsyncHTTPTransport())
        try:
            await models.check_all(("chat", "optimizer", "simulator", "api"))
        finally:
            await models.close()


def _with_chat(settings: ModelsSettings, name: str) -> ModelsSettings:
    """Return the settings with one model as chatbot and optimizer, which the paper makes one."""
    endpoint, _, model = name.partition("/")
    chosen = {"endpoint": endpoint, "model": model, "fallbacks": ()}
    return settings.model_copy(
        update={
            "chat": settings.chat.model_copy(update=chosen),
            "optimizer": settings.optimizer.model_copy(update=chosen),
        }
    )


@contextlib.asynccontextmanager
async def open_judge(
    folder: RunFolder,
    plan: Plan,
    settings: ModelsSettings,
    spending: Spending,
    concurrency: int,
    api_keys: Mapping[str, SecretStr | None],
) -> AsyncIterator[Judge]:
    """Open who judges a run, which stops before a verdict once `spending` is at a limit.

    What was paid for verdicts before counts in `spending`, what the lives cost does not.
    Raises `ModelUnavailable` or `ModelRefused` when it is not there.
    """
    if plan.track == "scripted":
        yield ScriptedJudge()
        return
    async with contextlib.AsyncExitStack() as stack:
        file = await AnswerFile.open(folder.answers)
        stack.push_async_callback(file.close)
        for spent in await file.spent("judge"):
            spending.add(*spent)
        transport = Keeping(
            httpx2.AsyncHTTPTransport(), spending=spending, at_once=concurrency, file=file
        )
        models = Models(settings, api_keys, transport=transport)
        stack.push_async_callback(models.close)
        await models.check("judge")
        judge = settings.judge
        around = partial(_verdict, file, spending, asyncio.Semaphore(concurrency))
        yield ModelJudge(models, f"{judge.endpoint}/{judge.model}", around)


@contextlib.asynccontextmanager
async def _verdict(
    file: AnswerFile, spending: Spending, places: asyncio.Semaphore
) -> AsyncIterator[None]:
    """Let the judge be asked for one verdict meanwhile, if there is money for it.

    What comes to nothing is asked anew the next time.
    """
    ledger = Ledger(repetition())
    # Whoever waits for a place looks at the money when they have it.
    async with places:
        spending.check()
        try:
            with charged(ledger, "judge"):
                yield
        except InvalidAnswer as error:
            await file.set_aside(ledger.answers)
            raise InvalidAnswer(
                f"The judge gave no verdict: {error} The same command asks it anew."
            ) from error
