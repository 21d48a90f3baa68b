"""A code drawn here is read by a reader that is not ours."""

import re

import pytest
import zxingcpp

from app.plumbing import qr

SCALE = 4


def drawn(svg: str) -> list[bytearray]:
    """The picture as rows of grey bytes: white, and the path's bars in black."""
    found = re.search(r'viewBox="0 0 (\d+) \1"', svg)
    assert found
    side = int(found[1])
    rows = [bytearray(b"\xff" * side * SCALE) for _ in range(side * SCALE)]
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", svg):
        for row in rows[int(y) * SCALE : (int(y) + 1) * SCALE]:
            begin, length = int(x) * SCALE, int(width) * SCALE
            row[begin : begin + length] = bytes(length)
    return rows


def read(svg: str) -> str:
    rows = drawn(svg)
    picture = memoryview(b"".join(rows)).cast("B", (len(rows), len(rows[0])))
    found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
    return str(found[0].text)


@pytest.mark.parametrize(
    "text",
    [
        "weitan:store:sto_01jd0000000000000000000000",
        "1",
        "威海公交",
        "https://a.example/" + "x" * 300,
    ],
)
def test_what_was_written_is_read(text: str) -> None:
    assert read(qr.svg(text)) == text


def test_a_code_stands_on_white_with_a_margin() -> None:
    svg = qr.svg("weitan")
    assert '<path fill="#fff" d="M0 0h' in svg
    rows = drawn(svg)
    margin = 4 * SCALE
    assert {*b"".join(rows[:margin])} == {255}
    assert {byte for row in rows for byte in row[:margin]} == {255}
