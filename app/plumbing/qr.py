"""A text as a QR code in SVG, without an image library."""

from itertools import groupby

from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

# The standard has the best of eight masks chosen, which takes seven eighths of the time; readers
# read every mask.
_MASK = 2
_QUIET = 4  # modules of white around, as the standard wants


def svg(text: str) -> str:
    """A standalone SVG of the code, black on white: error correction M, a path of bars."""
    code = QRCode(error_correction=ERROR_CORRECT_M, mask_pattern=_MASK)
    code.add_data(text)
    code.make()
    bars = []
    for y, row in enumerate(code.modules, _QUIET):
        x = _QUIET
        for dark, run in groupby(row):
            width = len([*run])
            if dark:
                bars.append(f"M{x} {y}h{width}v1h-{width}z")
            x += width
    side = len(code.modules) + 2 * _QUIET
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}">'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{"".join(bars)}"/></svg>'
    )
