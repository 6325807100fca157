"""The roles of models: those of the bot, and those that only the benchmark asks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

import httpx2
import pytest
from pydantic import HttpUrl, ValidationError

from bot.settings import Settings
from persona.completion import Completion, Message
from persona.errors import ModelUnavailable, SettingsError
from persona.models import Models, Role
from persona.services import open_services
from persona.settings import ChatRoleSettings, EndpointSettings, ModelsSettings, RoleSettings
from persona.structured import Way, options
from tests.conftest import settings_for
from tests.support.clock import ManualClock
from tests.support.model import Say, ScriptedModel

ROLES: tuple[Role, ...] = get_args(Role)
OF_THE_BENCHMARK: tuple[Role, ...] = ("simulator", "judge", "generator", "api")


class Asked:
    """A question that takes any answer as it is."""

    corrects = None

    def request(self, way: Way) -> Message:
        tool = {"type": "function", "function": {"name": "report", "parameters": {}}}
        return {"messages": [{"role": "user", "content": "hello"}], **options(way, tool)}

    def read(self, way: Way, answer: Completion) -> Completion:
        return answer


class Recorded(httpx2.AsyncBaseTransport):
    """Answers every request itself, and keeps what was asked."""

    def __init__(self) -> None:
        self.urls: list[str] = []
        self.timeouts: list[Any] = []
        self.closed = False

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self.urls.append(str(request.url))
        self.timeouts.append(request.extensions["timeout"])
        body = {
            "id": "x",
            "object": "chat.completion",
            "created": 0,
            "model": "kept",
            "choices": [
                {
                    "index": 0,
                    "message": {"role": "assistant", "content": "from the cache"},
                    "finish_reason": "stop",
                }
            ],
        }
        return httpx2.Response(200, content=json.dumps(body).encode())

    async def aclose(self) -> None:
        self.closed = True


def endpoint_at(url: str, **changes: Any) -> EndpointSettings:
    return EndpointSettings(base_url=HttpUrl(url), max_retries=0, timeout_seconds=5, **changes)


@pytest.mark.parametrize("role", ROLES)
async def test_each_role_has_a_model_of_its_own(model: ScriptedModel, role: Role) -> None:
    of_roles: dict[str, Any] = {
        name: RoleSettings(model=f"the-{name}", max_output_tokens=100 + number)
        for number, name in enumerate(ROLES)
        if name != "chat"
    }
    models = Models(
        ModelsSettings(
            endpoints={"default": endpoint_at(model.base_url)},
            chat=ChatRoleSettings(model="the-chat", max_output_tokens=100),
            **of_roles,
        ),
        {},
    )
    await models.complete(role, Asked())
    assert model.requests[0]["model"] == f"the-{role}"
    assert model.requests[0]["max_completion_tokens"] == 100 + ROLES.index(role)
    await models.close()


@pytest.mark.parametrize("role", OF_THE_BENCHMARK)
def test_endpoints_of_the_benchmarks_roles_are_checked(role: Role) -> None:
    for settings, part in (
        (RoleSettings(endpoint="x"), f"models.{role} names the endpoint 'x'"),
        (RoleSettings(fallbacks=("y/m",)), f"models.{role} names the endpoint 'y'"),
        (RoleSettings(fallbacks=("y",)), f"models.{role}.fallbacks has 'y'"),
    ):
        of_role: dict[str, Any] = {role: settings}
        with pytest.raises(ValidationError, match=part):
            ModelsSettings(**of_role)


async def test_a_bot_without_a_benchmark_needs_no_endpoint_for_it() -> None:
    settings = ModelsSettings(
        endpoints={"mine": EndpointSettings()},
        chat=ChatRoleSettings(endpoint="mine"),
        optimizer=RoleSettings(endpoint="mine"),
    )
    models = Models(settings, {})
    with pytest.raises(SettingsError, match=r"models\.judge names the endpoint 'default'"):
        await models.complete("judge", Asked())
    await models.close()


async def test_the_bot_checks_its_own_roles_alone(model: ScriptedModel) -> None:
    dead = RoleSettings(endpoint="dead")
    settings = ModelsSettings(
        endpoints={
            "default": endpoint_at(model.base_url),
            "dead": endpoint_at("http://127.0.0.1:9/v1"),
        },
        judge=dead,
    )
    models = Models(settings, {})
    await models.check_all()
    await models.check_all(("simulator", "generator", "api"))
    with pytest.raises(ModelUnavailable, match="'dead' cannot be reached"):
        await models.check_all(("chat", "judge"))
    await models.close()


async def test_requests_go_through_a_transport_that_is_given() -> None:
    transport = Recorded()
    settings = ModelsSettings(
        endpoints={
            "default": endpoint_at("http://127.0.0.1:9/v1"),
            "other": endpoint_at("http://127.0.0.1:19/v1", answer_seconds=7),
        },
        judge=RoleSettings(endpoint="other"),
    )
    models = Models(settings, {}, transport=transport)
    assert (await models.complete("chat", Asked())).text == "from the cache"
    assert (await models.complete("judge", Asked())).text == "from the cache"
    assert transport.urls == [
        "http://127.0.0.1:9/v1/chat/completions",
        "http://127.0.0.1:19/v1/chat/completions",
    ]
    assert [timeout["read"] for timeout in transport.timeouts] == [5, 5]
    assert not transport.closed
    await models.close()
    assert transport.closed


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_for("http://127.0.0.1:9/v1", tmp_path)


async def test_services_use_models_that_are_given_and_leave_them_open(
    settings: Settings, clock: ManualClock, model: ScriptedModel
) -> None:
    model.script(Say(("hello",)))
    models = Models(ModelsSettings(endpoints={"default": endpoint_at(model.base_url)}), {})
    async with open_services(settings, clock=clock, models=models) as services:
        assert services.models is models
        await services.check_models()
    assert (await models.complete("chat", Asked())).text == "hello"
    await models.close()
