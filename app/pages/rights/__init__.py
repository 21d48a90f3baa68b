"""A resident's say: consents, who looked, objections, proofs, the account itself."""

from app.pages.rights import me
from app.pages.rights.around import blp

blueprints = [blp]

__all__ = ["blueprints", "me"]
