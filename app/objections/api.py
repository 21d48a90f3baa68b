"""Objections over HTTP."""

from app.plumbing import Blueprint

blueprints: list[Blueprint] = []
