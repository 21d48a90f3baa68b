"""Credit over HTTP: for banks, for residents, for everybody."""

from app.credit.api import banks, events, public, residents

blueprints = [banks.blp, events.blp, public.blp, residents.blp]
