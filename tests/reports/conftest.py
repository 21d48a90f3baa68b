from tests.recognition.conftest import bourse

__all__ = ["bourse"]
