"""What a resident does with points: benefits, vouchers, partner platforms."""

from app.pages.spending import benefits, codes, exchanges, partners, stores, vouchers
from app.pages.spending.around import blp

blueprints = [blp]

__all__ = ["benefits", "blueprints", "codes", "exchanges", "partners", "stores", "vouchers"]
