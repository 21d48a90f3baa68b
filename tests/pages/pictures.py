"""Photos of codes as telephones take them, and what else people send."""

from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw, ImageFilter
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

TABLE = "#8a7763"


def drawn(text: str, module: int = 8) -> Image.Image:
    """The code that a resident's page shows, `module` pixels each, with its quiet zone."""
    code = QRCode(error_correction=ERROR_CORRECT_M, mask_pattern=2)
    code.add_data(text)
    code.make()
    side = len(code.modules) + 8
    picture = Image.new("RGB", (side, side), "#fff")
    for y, row in enumerate(code.modules, 4):
        for x, dark in enumerate(row, 4):
            if dark:
                picture.putpixel((x, y), (0, 0, 0))
    return picture.resize((side * module, side * module), Image.Resampling.NEAREST)


def on_a_table(text: str, turned: int = 0, side: int = 300, blur: int = 0) -> Image.Image:
    """The code on a telephone that lies on a table, somewhere in a picture of 1600 by 1200."""
    table = Image.new("RGB", (1600, 1200), TABLE)
    ImageDraw.Draw(table).rectangle((900, 100, 1500, 400), fill="#30343a")
    code = drawn(text).rotate(turned, expand=True, fillcolor=TABLE)
    table.paste(code.resize((side, side)), (520, 480))
    return table.filter(ImageFilter.GaussianBlur(blur)) if blur else table


def saved(picture: Image.Image, kind: str = "JPEG", **more: Any) -> BytesIO:
    file = BytesIO()
    picture.save(file, kind, **more)
    file.seek(0)
    return file
