"""`python -m tests.contract` writes the committed copy of the OpenAPI document anew."""

from tests.contract.document import COMMITTED, generated, text

COMMITTED.write_text(text(generated()), encoding="utf-8")
