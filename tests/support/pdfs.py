"""PDFs made by hand: honest ones and hostile ones."""

from __future__ import annotations

import io
import zlib
from collections.abc import Sequence

from pypdf import PdfReader, PdfWriter


def pdf(*pages: str) -> bytes:
    """Return a PDF with a line of text on each page."""
    return _document([_page_text(text) for text in pages])


def locked_pdf(text: str, *, owner_only: bool = False) -> bytes:
    """Return a PDF that opens with a password, or only forbids changing it."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(text))))
    writer.encrypt("" if owner_only else "secret", "owner", algorithm="AES-256")
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def bomb_pdf(megabytes: int) -> bytes:
    """Return a small PDF whose page unpacks to that much text."""
    block = b"BT /F1 12 Tf (" + b"a" * 1_000_000 + b") Tj ET\n"
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(block) for _ in range(megabytes)) + packer.flush()
    return _document([packed], filtered=True)


def endless_pdf() -> bytes:
    """Return a PDF whose first page is honest and whose second draws itself again and again."""
    draw = b"BT /F1 12 Tf 72 720 Td (again) Tj ET " * 2_000_000
    return _document([_page_text("The first page is honest."), zlib.compress(draw, 9)], {1})


def circular_pdf() -> bytes:
    """Return a PDF whose tree of pages has itself as a branch."""
    return _written(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [2 0 R] /Count 1 /Parent 2 0 R >>",
        ]
    )


def _page_text(text: str) -> bytes:
    escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"BT /F1 12 Tf 72 720 Td ({escaped}) Tj ET".encode("latin-1")


def _document(
    contents: Sequence[bytes], packed: set[int] | None = None, *, filtered: bool = False
) -> bytes:
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(contents)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(contents)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, content in enumerate(contents):
        is_packed = filtered or number in (packed or ())
        coding = b"/Filter /FlateDecode " if is_packed else b""
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents "
            b"%d 0 R /Resources << /Font << /F1 3 0 R >> >> >>" % (5 + 2 * number),
            b"<< %s/Length %d >>\nstream\n%s\nendstream" % (coding, len(content), content),
        ]
    return _written(objects)


def _written(objects: Sequence[bytes]) -> bytes:
    made = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    made += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1,
        start,
    )
    return bytes(made)
