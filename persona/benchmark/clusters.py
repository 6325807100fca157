"""Values by cluster: what was measured of one person stands together."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)


@dataclass(slots=True)
class Clusters(Generic[Key]):
    """Sums of values by cluster, so that values need not be kept."""

    sums: dict[Key, float] = field(default_factory=dict)
    counts: dict[Key, int] = field(default_factory=dict)

    def add(self, cluster: Key, total: float, count: int = 1) -> None:
        """Add `count` values that sum up to `total`."""
        self.sums[cluster] = self.sums.get(cluster, 0.0) + total
        self.counts[cluster] = self.counts.get(cluster, 0) + count

    @staticmethod
    def of(values: Values) -> Clusters[Any]:
        """Return lists by cluster, or pairs of a cluster and a value, as sums."""
        if isinstance(values, Clusters):
            return values
        clusters: Clusters[Any] = Clusters()
        pairs = (
            ((cluster, value) for cluster, listed in values.items() for value in listed)
            if isinstance(values, Mapping)
            else values
        )
        for cluster, value in pairs:
            clusters.add(cluster, value)
        return clusters

    @property
    def means(self) -> dict[Key, float]:
        """The mean of each cluster."""
        return {cluster: total / self.counts[cluster] for cluster, total in self.sums.items()}


Values = Clusters[Any] | Mapping[Any, Iterable[float]] | Iterable[tuple[Hashable, float]]
