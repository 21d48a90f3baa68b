"""What a hostile stranger, or a resident who is one, tries with the pages."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.pages import assets
from tests.conftest import Headers
from tests.pages.conftest import Browser

Browse = Callable[..., Browser]


@pytest.fixture
def mine(browse: Browse, client: FlaskClient, resident: Headers) -> Browser:
    """A browser signed in as a resident."""
    return browse("resident", client.get("/v1/me", headers=resident).get_json()["id"])


@pytest.mark.parametrize("path", [f"/assets/{assets.digest()}/style.css", "/v1/benefits"])
def test_nobodys_key_travels_with_what_others_may_keep(mine: Browser, path: str) -> None:
    answer = mine.client.get(path)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("odd", ["x%3Fy=1", "x%252Fcode"])
def test_an_id_in_an_address_leads_to_no_other_address(mine: Browser, odd: str) -> None:
    assert mine.get(f"/my/vouchers/{odd}").status_code == 404


@pytest.mark.parametrize("once", ["a\r\nAuthorization: Bearer x", "a\nb", "中", "k" * 300, "\0"])
def test_a_forms_key_is_no_second_header(mine: Browser, once: str) -> None:
    mine.get("/my/account")
    answer = mine.post("/my/contest", {"grade": "2026Q3", "reason": "x", "once": once})
    assert answer.status_code < 500


@pytest.mark.parametrize("code", ["1\r\nX-Other: 1", "1\n2", "中"])
def test_a_typed_code_is_no_second_header(mine: Browser, code: str) -> None:
    mine.get("/my/account")
    assert mine.post("/my/export", {"format": "json", "code": code}).status_code < 500
