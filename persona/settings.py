"""The engine's part of the settings: every number bounded, with the reason for its bounds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    Field,
    HttpUrl,
    field_validator,
    model_validator,
)

from persona.attachments.settings import AttachmentSettings
from persona.benchmark.settings import BenchSettings
from persona.budget import BudgetSettings
from persona.errors import SettingsError
from persona.registry import Registry, SlotName, SlotSettings
from persona.section import Section
from persona.store.address import Address, parse_address

Strategy = Literal["none", "persona", "golden", "retrieval", "full_history"]
Inferred = Literal["off", "ask", "use"]
Scoping = Literal["guild", "user"]
MissingKeys = Literal["stop", "erase"]

# Asked by `rapport bench` only.
_BENCHMARK_ROLES = frozenset({"simulator", "judge", "generator", "api"})


class StoreSettings(Section):
    """Where data lives."""

    database_url: str = Field(
        "sqlite:data/rapport.db",
        description="Everything people said, sealed. Back this up. sqlite:path, or "
        "postgresql://user@host:5432/name with RAPPORT_DATABASE_PASSWORD.",
    )
    key_url: str = Field(
        "sqlite:data/keys.db",
        description="Every person's key, written alike, with RAPPORT_KEY_DATABASE_PASSWORD. Keep "
        "one copy only, apart from backups of the data, so that what is erased is erased in every "
        "backup.",
    )
    master_key_file: Path = Field(
        Path("data/master.key"),
        description="Opens the key file; made on the first start unless RAPPORT_MASTER_KEY is set.",
    )
    busy_timeout_seconds: float = Field(
        5.0,
        ge=5,
        le=60,
        description="For SQLite. Below 5 s a checkpoint can make a write fail as locked.",
    )
    missing_keys: MissingKeys = Field(
        "stop",
        description="At the start, when the key file lacks keys the database needs. Stop, because "
        "it may be the wrong file; erase, because what they sealed cannot be read any more.",
    )

    @field_validator("database_url", "key_url")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        parse_address(value)
        return value

    @model_validator(mode="after")
    def _keys_live_apart(self) -> StoreSettings:
        if self.database.place == self.keys.place:
            raise ValueError(
                "store.key_url names the same database as store.database_url; keys live apart from "
                "the data, or an erasure would not reach the backups"
            )
        return self

    @property
    def database(self) -> Address:
        """Where the data is."""
        return parse_address(self.database_url)

    @property
    def keys(self) -> Address:
        """Where the keys are."""
        return parse_address(self.key_url)


class EndpointSettings(Section):
    """One OpenAI-compatible endpoint."""

    base_url: HttpUrl = Field(HttpUrl("http://127.0.0.1:11434/v1"), description="Ends in /v1.")
    api_key_env: str = Field(
        "MODEL_API_KEY",
        pattern=r"^[A-Z][A-Z0-9_]*$",
        description="Name of the environment variable (or NAME_FILE) that holds the key.",
    )
    timeout_seconds: float = Field(
        120,
        ge=1,
        le=900,
        description="How long the endpoint may be silent; above 15 minutes Discord has long given "
        "up on the reply.",
    )
    answer_seconds: float = Field(
        600,
        ge=1,
        le=3600,
        description="All that one answer may take, retries and every piece of it included; what "
        "trickles for over an hour would hold up everybody's learning.",
    )
    max_retries: int = Field(
        2, ge=0, le=5, description="More would keep a person waiting for a dead endpoint."
    )

    @field_validator("base_url")
    @classmethod
    def _no_secret_in_it(cls, value: HttpUrl) -> HttpUrl:
        if value.username or value.password:
            raise ValueError("no user or password belongs here; secrets come from api_key_env")
        return value

    @model_validator(mode="after")
    def _an_answer_may_begin_late(self) -> EndpointSettings:
        if self.answer_seconds < self.timeout_seconds:
            raise ValueError("answer_seconds is less than timeout_seconds, which it includes")
        return self


class RoleSettings(Section):
    """Which model plays a role."""

    endpoint: str = Field("default", description="A name under [models.endpoints].")
    model: str = Field("qwen3:8b", min_length=1, description="The model's name at that endpoint.")
    fallbacks: tuple[str, ...] = Field(
        (),
        max_length=5,
        description='Tried in order when the first is out of reach: "endpoint/model".',
    )
    temperature: float | None = Field(
        None, ge=0, le=2, description="Not sent unless set: some models refuse it."
    )
    max_output_tokens: int | None = Field(
        None, ge=16, le=100_000, description="Not sent unless set; under 16 nothing is ever said."
    )


class ChatRoleSettings(RoleSettings):
    """Which model talks with people."""

    sees: bool = Field(
        False,
        description="Does `model` read pictures? Its fallbacks are never shown any.",
    )


class EmbeddingsSettings(Section):
    """The model whose embeddings tell how similar two messages are."""

    endpoint: str = Field("default", description="A name under [models.endpoints].")
    model: str | None = Field(
        None,
        min_length=1,
        description="The model's name at that endpoint, which is sent what people said; without "
        "one, words are compared, by the extra `retrieval`.",
    )


class ModelsSettings(Section):
    """Endpoints, and the model behind each role."""

    endpoints: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")], EndpointSettings] = Field(
        default_factory=lambda: {"default": EndpointSettings()}
    )
    chat: ChatRoleSettings = ChatRoleSettings()
    optimizer: RoleSettings = RoleSettings()
    simulator: RoleSettings = RoleSettings()
    judge: RoleSettings = RoleSettings()
    generator: RoleSettings = RoleSettings()
    api: RoleSettings = RoleSettings()
    embeddings: EmbeddingsSettings = EmbeddingsSettings()

    @model_validator(mode="after")
    def _endpoints_exist(self) -> ModelsSettings:
        for name in ("chat", "optimizer", "simulator", "judge", "generator", "api"):
            # The bot starts without the roles of the benchmark.
            if name not in _BENCHMARK_ROLES or name in self.model_fields_set:
                try:
                    self.role(name)
                except SettingsError as error:
                    raise ValueError(str(error).removesuffix(".")) from error
        return self

    def role(self, name: str) -> RoleSettings:
        """Return which model plays a role. Raises `SettingsError` when its endpoint is unknown."""
        settings: RoleSettings = getattr(self, name)
        for item in settings.fallbacks:
            if not all(item.partition("/")):
                raise SettingsError(
                    f"models.{name}.fallbacks has {item!r}; write endpoint/model, such as "
                    f"default/{item.strip('/') or 'qwen3:8b'}."
                )
        for endpoint in (
            settings.endpoint,
            *(item.split("/", 1)[0] for item in settings.fallbacks),
        ):
            if endpoint not in self.endpoints:
                known = ", ".join(sorted(self.endpoints))
                raise SettingsError(
                    f"models.{name} names the endpoint {endpoint!r}, which [models.endpoints] "
                    f"does not have (it has: {known})."
                )
        return settings

    @model_validator(mode="after")
    def _embeddings_endpoint_exists(self) -> ModelsSettings:
        name = self.embeddings.endpoint
        if self.embeddings.model is not None and name not in self.endpoints:
            known = ", ".join(sorted(self.endpoints))
            raise ValueError(
                f"models.embeddings names the endpoint {name!r}, which [models.endpoints] "
                f"does not have (it has: {known})"
            )
        return self


class ChatSettings(Section):
    """How the bot talks."""

    instructions: str = Field(
        "You are a friendly, knowledgeable companion in a Discord community. "
        "Answer in the language of the person's last message. "
        "Be concrete, and as brief as the question allows.",
        max_length=8000,
        description="The operator's own text; it opens every prompt, so providers can cache it.",
    )
    history_tokens: int = Field(
        6000,
        ge=500,
        le=200_000,
        description="Earlier turns sent along; less than 500 forgets the question before last.",
    )
    tool_rounds: int = Field(
        4, ge=0, le=10, description="Rounds of tool calls per reply; more is a model in a loop."
    )
    tool_seconds: float = Field(
        30,
        gt=0,
        le=600,
        description="What the tool calls of one answer may take together; the reply goes on "
        "without those that take longer.",
    )
    tools: tuple[Annotated[str, Field(pattern=r"^[\w.]+:\w+$")], ...] = Field(
        (),
        max_length=50,
        description='Your own Python functions as tools: "package.module:function". Every one is '
        "described in each prompt; models lose their way among more than some dozens.",
    )


class PersonalizationSettings(Section):
    """How replies are personalized."""

    strategy: Strategy = Field(
        "persona",
        description="none: the bot learns and shows a persona, but does not use it. retrieval and "
        "full_history use what the person said before instead, where nobody else reads along.",
    )
    persona_tokens: int = Field(
        800,
        ge=120,
        le=8000,
        description="Room for the persona in the prompt; the text is trimmed, never the persona. "
        "Below 120 its frame leaves no room for a name.",
    )
    retrieval_turns: int = Field(
        5, ge=1, le=50, description="Past turns that retrieval shows; more are less similar."
    )
    retrieval_tokens: int = Field(
        1500,
        ge=200,
        le=32_000,
        description="Room for them; below 200 their frame leaves none for a sentence and a reply.",
    )
    full_history_tokens: int = Field(
        12_000,
        ge=500,
        le=100_000,
        description="Room for all past turns, the newest of which are kept; below 500 it would be "
        "no history. It is paid for with every reply.",
    )

    @field_validator("strategy")
    @classmethod
    def _knows_no_truth(cls, value: Strategy) -> Strategy:
        if value == "golden":
            raise ValueError(
                '"golden" is for benchmarks, which hand in the true persona of a simulated person; '
                'choose "none", "persona", "retrieval" or "full_history"'
            )
        return value


class SessionSettings(Section):
    """When a conversation begins, ends, and is forgotten."""

    idle_minutes: int = Field(
        60, ge=1, le=10_080, description="A session closes after this much silence."
    )
    answer_after_restart_minutes: int = Field(
        15, ge=0, le=1440, description="Older unanswered messages stay unanswered after a restart."
    )
    keep_days: int = Field(
        90,
        ge=1,
        le=3650,
        description="Text of learned sessions is deleted after this; evidence quotes stay.",
    )


class LearningSettings(Section):
    """When and how personas are learned."""

    enabled: bool = Field(True, description="false: nothing is learned; replies still work.")
    every: int = Field(
        3, ge=1, le=50, description="Closed sessions per learning run; 3 did best in the paper."
    )
    max_tokens: int = Field(
        12_000,
        ge=500,
        le=1_000_000,
        description="A person's unlearned text beyond this is learned without waiting for `every`.",
    )
    max_age_hours: int = Field(
        168,
        ge=1,
        le=8760,
        description="So is a closed session that has waited this long: pure counting starves.",
    )
    part_tokens: int = Field(
        6000,
        ge=500,
        le=200_000,
        description="Text sent to the optimizer in one call; longer batches take several calls.",
    )
    tick_seconds: int = Field(
        60, ge=5, le=3600, description="How often due work is looked for in the database."
    )
    parallel: int = Field(
        2, ge=1, le=32, description="Runs side by side; more slows the replies of a small model."
    )
    inferred: Inferred = Field(
        "ask",
        description="Values nobody stated: off refuses them, ask keeps them unused, use uses them.",
    )
    max_change_share: float = Field(
        0.5,
        ge=0.05,
        le=1,
        description="How much of a persona one run may replace or remove (three values always), so "
        "that one bad answer cannot turn it over.",
    )
    lease_seconds: int = Field(
        120,
        ge=30,
        le=7200,
        description="How soon another worker takes over the work of one that died. It is renewed "
        "while the model answers.",
    )
    retry_minutes: int = Field(
        5,
        ge=1,
        le=360,
        description="First pause after a failed run; it doubles each time, up to 6 hours.",
    )
    max_attempts: int = Field(
        3,
        ge=1,
        le=10,
        description="Invalid answers to one batch before it is halved; one conversation that stays "
        "so is put aside.",
    )


class PrivacySettings(Section):
    """Where a persona is valid, and what people are told."""

    scope: Scoping = Field(
        "guild", description="guild: what is said in one server or in DMs stays there."
    )
    policy_url: HttpUrl | None = Field(
        None, description="Your privacy policy; Discord's terms ask for one."
    )


class EngineSettings(BaseModel):
    """Every section the engine reads; the program adds its own beside them."""

    store: StoreSettings = StoreSettings()
    models: ModelsSettings = ModelsSettings()
    chat: ChatSettings = ChatSettings()
    attachments: AttachmentSettings = AttachmentSettings()
    personalization: PersonalizationSettings = PersonalizationSettings()
    sessions: SessionSettings = SessionSettings()
    learning: LearningSettings = LearningSettings()
    budget: BudgetSettings = BudgetSettings()
    privacy: PrivacySettings = PrivacySettings()
    bench: BenchSettings = BenchSettings()
    slots: dict[SlotName, SlotSettings] = Field(default_factory=dict)

    @field_validator("slots")
    @classmethod
    def _slots_make_sense(cls, slots: dict[str, SlotSettings]) -> dict[str, SlotSettings]:
        try:
            Registry.from_settings(slots)
        except SettingsError as error:
            raise ValueError(str(error)) from error
        return slots
