"""What a resident does with points: benefits, vouchers, partner platforms."""

from app.pages.spending import benefits, partners
from app.pages.spending.around import blp

blueprints = [blp]

__all__ = ["benefits", "blueprints", "partners"]
