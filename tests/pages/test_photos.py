"""Codes in photos: read as they are taken, and refused in words where there is nothing to read."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from app.pages import photos
from tests.pages.pictures import drawn, on_a_table, saved
from tests.pages.readers import reading

CODE = "ABCDEFGHJKMNPQRSTVWXYZ2345"
TURNED_BY_THE_PHONE = 0x0112  # EXIF's orientation


def _refused(file: BytesIO) -> str:
    with reading("en"), pytest.raises(photos.Unread) as found:
        photos.read(file)
    return str(found.value)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_straight_code_is_read(kind: str) -> None:
    assert photos.read(saved(on_a_table(CODE), kind)) == CODE


@pytest.mark.parametrize("turned", [17, 90, 135, 180, 305])
def test_a_code_is_read_however_the_phone_was_held(turned: int) -> None:
    assert photos.read(saved(on_a_table(CODE, turned))) == CODE


def test_a_small_code_and_a_blurred_one_are_read() -> None:
    assert photos.read(saved(on_a_table(CODE, side=130))) == CODE
    assert photos.read(saved(on_a_table(CODE, turned=8, blur=2), quality=60)) == CODE


def test_a_photo_that_only_says_it_is_turned_is_read() -> None:
    exif = Image.Exif()
    exif[TURNED_BY_THE_PHONE] = 5  # mirrored, and turned
    assert photos.read(saved(on_a_table(CODE), exif=exif)) == CODE


def test_a_large_photo_is_read_at_a_part_of_its_size() -> None:
    large = on_a_table(CODE).resize((6400, 4800))
    assert photos.read(saved(large)) == CODE


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_no_more_pixels_are_searched_than_a_code_on_a_photo_needs(kind: str) -> None:
    """Patterns of single pixels, thousands of them, would keep the search busy for a minute."""
    large = Image.new("RGB", (3100, 3100), "#fff")
    large.paste(drawn(CODE, module=1), (40, 40))
    assert _refused(saved(large, kind)).startswith("There is no code in")


def test_photos_are_read_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "_PATIENCE", 0)
    with photos._READING:
        assert _refused(saved(on_a_table(CODE))).startswith("Many photos")
    assert photos.read(saved(on_a_table(CODE))) == CODE


def test_a_photo_without_a_code_says_so() -> None:
    assert _refused(saved(Image.new("RGB", (800, 600), "#345"))).startswith("There is no code in")


@pytest.mark.parametrize("sent", [b"", b"hello", b"\x89PNG\r\n\x1a\n", b"<svg></svg>"])
def test_what_is_no_picture_is_told_so(sent: bytes) -> None:
    assert _refused(BytesIO(sent)).startswith("This is not a photo")


@pytest.mark.parametrize("kind", ["GIF", "TIFF", "BMP"])
def test_other_kinds_of_pictures_are_not_opened(kind: str) -> None:
    assert _refused(saved(on_a_table(CODE), kind)).startswith("This is not a photo")


def test_half_a_photo_is_told_so() -> None:
    whole = saved(on_a_table(CODE)).getvalue()
    assert _refused(BytesIO(whole[: len(whole) // 3])).startswith("This is not a photo")


@pytest.mark.parametrize("side", [4_001, 20_000])
def test_few_bytes_that_would_be_many_pixels_are_not_unpacked(side: int) -> None:
    assert _refused(_empty_png(side)).startswith("This picture has too many pixels")


def _empty_png(side: int) -> BytesIO:
    """A picture of one colour: one bit a pixel, so hardly any bytes."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes(side * (1 + (side + 7) // 8)), 9)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return BytesIO(b"\x89PNG\r\n\x1a\n" + body)
