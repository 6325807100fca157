"""rapport audit: look at what is kept for what should not be there, and change nothing."""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from bot.secrets import DATABASE_PASSWORD, KEY_DATABASE_PASSWORD, read_master_key, read_secret
from bot.settings import Settings, load
from persona.audit import PROBLEMS, Finding
from persona.audit import audit as find
from persona.clock import SystemClock
from persona.errors import StoreError
from persona.registry import Registry
from persona.store.keys import inspect_keys
from persona.store.opening import inspect
from persona.store.schema import DATA, check_current


@dataclass(frozen=True, slots=True)
class Report:
    """What was looked at, and what was found."""

    personas: int
    values: int
    findings: list[Finding]

    @property
    def counts(self) -> dict[str, int]:
        """How often each problem was found, in the order of `PROBLEMS`."""
        found = Counter(finding.problem for finding in self.findings)
        return {problem: found[problem] for problem in PROBLEMS if found[problem]}


def audit(config: Path | None, *, as_json: bool) -> None:
    """Print what was found; exit with 1 when that is something. Raises `RapportError`."""
    report = asyncio.run(_audit(load(config)))
    if as_json:
        print(_json(report))  # noqa: T201
    else:
        _print(report)
    if report.findings:
        sys.exit(1)


async def _audit(settings: Settings) -> Report:
    store = settings.store
    async with inspect(store.database, DATA, password=read_secret(DATABASE_PASSWORD)) as database:
        newest = len(DATA.scripts(store.database.driver))
        check_current(store.database, database.schema_number, newest)
        async with inspect_keys(
            store.keys, read_master_key(store), password=read_secret(KEY_DATABASE_PASSWORD)
        ) as keys:
            if not keys.schema_number:
                raise StoreError(
                    f"There is nothing in {store.keys}, where the keys to {store.database} should "
                    "be. Check store.key_url, or give back the right keys."
                )
            registry = Registry.from_settings(settings.slots)
            async with database.snapshot() as connection:
                counted = await database.queries.count_audited(connection)
            findings = await find(database, keys, registry, SystemClock().now())
            return Report(counted["personas"], counted["items"], findings)


def _json(report: Report) -> str:
    """Ids stand in strings, since JSON's numbers are too small for Discord's."""
    findings = [
        {
            "problem": finding.problem,
            "person_id": str(finding.person_id),
            "scope": finding.scope,
            "slot": finding.slot,
            "item_id": finding.item_id,
            "detail": finding.detail,
        }
        for finding in report.findings
    ]
    return json.dumps(
        {
            "personas": report.personas,
            "values": report.values,
            "counts": report.counts,
            "findings": findings,
        }
    )


def _print(report: Report) -> None:
    console = Console(highlight=False, soft_wrap=True, markup=False)
    looked_at = f"{report.personas} persona(s) with {report.values} value(s)"
    if not report.findings:
        console.print(f"{looked_at}: nothing found.")
        return
    console.print(f"{looked_at}: {len(report.findings)} finding(s).")
    for problem, number in report.counts.items():
        console.print(f"{number:>6} {problem:<17} {PROBLEMS[problem]}")
    for finding in report.findings:
        place = [f"person {finding.person_id}", finding.scope, finding.slot]
        place += [f"item {finding.item_id}" if finding.item_id else "", finding.detail]
        console.print(f"{finding.problem}: {', '.join(filter(None, place))}")
