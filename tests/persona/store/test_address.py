from __future__ import annotations

from pathlib import Path

import pytest

from persona.store.address import PostgresqlAddress, SqliteAddress, parse_address


@pytest.mark.parametrize("path", ["data/rapport.db", "/data/rapport.db", "C:\\data\\rapport.db"])
def test_a_file_is_its_path(path: str) -> None:
    assert parse_address(f"sqlite:{path}") == SqliteAddress(Path(path))


def test_a_server_keeps_its_port_and_options() -> None:
    url = "postgresql://rapport@db.example:6432/rap%20port?sslmode=require"
    address = parse_address(url)
    assert address == PostgresqlAddress(url, "db.example", 6432, "rap port")
    assert str(address) == url


@pytest.mark.parametrize(
    ("url", "part"),
    [
        ("data/rapport.db", "sqlite:path"),
        ("mysql://a@b/c", "sqlite:path"),
        ("postgres://a@b/c", "postgresql://user@host"),
        ("sqlite:", "path of a file"),
        ("sqlite:.", "path of a file"),
        ("sqlite:/", "path of a file"),
        ("sqlite:data\0.db", "path of a file"),
        ("sqlite::memory:", "path of a file"),
        ("sqlite://data/rapport.db", "path of a file"),
        ("postgresql://a@b", "no name"),
        ("postgresql://a@b/", "no name"),
        ("postgresql:name", "no name"),
        ("postgresql://a@b/c/d", "no name"),
        ("postgresql://a@b:port/c", "no URL"),
    ],
)
def test_what_is_no_address_is_told(url: str, part: str) -> None:
    with pytest.raises(ValueError, match=part):
        parse_address(url)


@pytest.mark.parametrize("url", ["postgresql://a:hush@b/c", "postgresql://a@b/c?password=hush"])
def test_a_password_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(ValueError, match="RAPPORT_DATABASE_PASSWORD") as caught:
        parse_address(url)
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("sqlite:data/a.db", "sqlite:./data/../data/a.db", True),
        ("sqlite:a.db", "sqlite:b.db", False),
        ("postgresql://a@HOST/x", "postgresql://b@host:5432/x?sslmode=require", True),
        ("postgresql://a@host/x", "postgresql://a@host/y", False),
        ("postgresql://a@host/x", "postgresql://a@host:5433/x", False),
        ("sqlite:x", "postgresql://a@host/x", False),
    ],
)
def test_the_same_place_is_recognised_however_it_is_written(
    one: str, other: str, same: bool
) -> None:
    assert (parse_address(one).place == parse_address(other).place) is same
