import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import Headers, bearer, sign_in
from tests.consent.agreeing import Banks, Maker


@pytest.fixture
def banks() -> Banks:
    return Banks()


@pytest.fixture
def app(make_app: Maker, banks: Banks) -> Flask:
    """Banks that may be named, and tokens that outlive the days that a test lets pass."""
    return make_app(banks.ports, access_seconds=10 * 366 * 86400, database_pool=16)


@pytest.fixture
def stranger(client: FlaskClient) -> Headers:
    return bearer(sign_in(client, "13900000002"))
