"""The city's cockpit: how the account is doing, and what waits for a decision."""

from app.pages.operator import approvals, desks, home, objections, proposing, supply
from app.pages.operator.around import blp

blueprints = [blp]

__all__ = ["approvals", "blueprints", "desks", "home", "objections", "proposing", "supply"]
