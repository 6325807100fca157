"""What a limit of money needs: prices of all the models that it is to hold for."""

from __future__ import annotations

from collections.abc import Iterable

from bot.settings import Settings
from persona.errors import SettingsError
from persona.settings import RoleSettings


def models_of(role: RoleSettings) -> set[str]:
    """Return the names of the models that may be asked for `role`."""
    return {role.model, *(name.partition("/")[2] for name in role.fallbacks)}


def check_prices(settings: Settings, names: Iterable[str]) -> None:
    """Raise `SettingsError` when a model has no price: it would count as free without end."""
    missing = sorted(set(names) - set(settings.bench.prices))
    if missing:
        raise SettingsError(
            f"--max-cost needs what {', '.join(missing)} costs: set it under [bench.prices]."
        )
