"""A code that somebody sent to a page: typed, or as a photo of a QR code.

A photo is opened with care, since anybody can send anything, read, and forgotten: it is kept
nowhere and noted nowhere. Codes are read however the phone was held.
"""

from threading import Lock
from typing import IO

from flask import request
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

# Of whole pictures. A JPEG is decoded at a part of its size; the others would fill the memory.
_MOST_PIXELS = {"JPEG": 50_000_000, "PNG": 16_000_000, "WEBP": 16_000_000}
# Pixels of a side that are searched. Pictures can be drawn on which the search takes minutes, and
# their number grows with the square of the pixels; of a code on a photo this is enough to read.
_SIDE = 1600
# One search at a time in a process: what somebody sends to keep it busy keeps one core busy.
_READING = Lock()
_PATIENCE = 3  # seconds
_NOTHING = _("There is no code yet. Take a photo of it, or type it.")
_NO_PICTURE = _("This is not a photo that we can read. Take one of the code, as JPEG, PNG or WebP.")
_TOO_LARGE = _("This picture has too many pixels. Take an ordinary photo of the code.")
_BUSY = _("Many photos are being read just now. Try again, or type the code.")
_NO_CODE = _("There is no code in this photo that we can read. Go closer, hold still, try again.")


class Unread(Exception):
    """Nothing could be read; `words` say what to do."""

    def __init__(self, words: LazyString) -> None:
        super().__init__(str(words))
        self.words = words


def sent(name: str) -> str:
    """The code in this form: the field of that name, or the text of the file `photo`.

    Raises Unread.
    """
    typed = request.form.get(name, "").strip()
    if typed:
        return typed
    photo = request.files.get("photo")
    if photo is None or not photo.filename:
        raise Unread(_NOTHING)
    return read(photo.stream)


def read(photo: IO[bytes]) -> str:
    """The text of the first QR code in a JPEG, PNG or WebP. Raises Unread."""
    if not _READING.acquire(timeout=_PATIENCE):
        raise Unread(_BUSY)
    try:
        return _read(photo)
    finally:
        _READING.release()


def _read(photo: IO[bytes]) -> str:
    from PIL import Image  # with zxing 40 ms to import, and only desks need them

    try:
        with Image.open(photo, formats=[*_MOST_PIXELS]) as picture:
            if picture.width * picture.height > _MOST_PIXELS[str(picture.format)]:
                raise Unread(_TOO_LARGE)
            picture.draft("L", (_SIDE, _SIDE))
            grey = picture.convert("L")
            grey.thumbnail((_SIDE, _SIDE))
            return _text(grey)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Unread(_TOO_LARGE) from error
    # Whatever a broken file makes the decoder stumble over.
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise Unread(_NO_PICTURE) from error


def _text(picture: object) -> str:
    import zxingcpp

    found = zxingcpp.read_barcodes(picture, formats=zxingcpp.barcode_formats_from_str("QRCode"))
    if not found:
        raise Unread(_NO_CODE)
    return str(found[0].text).strip()
