"""Pages: the account in the hand, for residents, merchants, banks and the city's officers.

Owns templates, style, scripts and words, and nothing that counts. Its laws: a page knows only what
the API says to whoever is signed in, and does only what the API does for them, so no rule stands
here; every page works without a script; nothing personal is kept by a browser's cache; no string
is outside the catalogues.
"""

from app.pages.entrance import enter
from app.pages.opening import init
from app.pages.screens import remember

__all__ = ["enter", "init", "remember"]
