"""Reads a PDF: a program of its own, because a hostile one may take all time and memory there is.

Its arguments are the most pages, characters, seconds and megabytes; the file comes on standard
input. Each page becomes a line of JSON on standard output as soon as it is read, `{"text": …}`; the
last line says how it ended, `{"end": …}`, with an `End`. It imports nothing of ours, knows no
secret, and may write no file.
"""

from __future__ import annotations

import io
import json
import logging
import sys
from typing import Literal

End = Literal["whole", "cut", "locked", "damaged"]


def _confine(seconds: int, megabytes: int) -> None:
    try:
        import resource  # noqa: PLC0415 - Windows has none
    except ImportError:
        return
    size = megabytes * 1_000_000
    for kind, limit in (
        (resource.RLIMIT_AS, size),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (limit, limit))


def _tell(line: dict[str, str]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def _read(content: bytes, pages: int, characters: int) -> End:
    from pypdf import PasswordType, PdfReader  # noqa: PLC0415 - after the limits are set
    from pypdf.errors import DependencyError, FileNotDecryptedError  # noqa: PLC0415

    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED:
            return "locked"
        for number, page in enumerate(reader.pages):
            if number == pages:
                return "cut"
            text = page.extract_text().strip()
            _tell({"text": text[:characters]})
            characters -= len(text)
            if characters < 0:
                return "cut"
    except (DependencyError, FileNotDecryptedError):
        return "locked"
    except Exception:  # Whatever a broken file makes of its reader.
        return "damaged"
    return "whole"


def main() -> None:
    """Read the PDF on standard input."""
    pages, characters, seconds, megabytes = map(int, sys.argv[1:])
    _confine(seconds, megabytes)
    logging.disable()
    _tell({"end": _read(sys.stdin.buffer.read(), pages, characters)})


if __name__ == "__main__":
    main()
