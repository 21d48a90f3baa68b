"""`flask client create` and `bind`: whose client it is."""

from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from app import merchants
from app.plumbing import Actor, Work
from tests.cli.test_commands import Run, answer, refusal
from tests.merchants.conftest import Registry

MERCHANT = ("--scope", "merchant", "--name")
BUS = ("weihai_bus", "威海公交", "Weihai Public Transport")


@pytest.fixture
def run(app: Flask) -> Run:
    return lambda *words: app.test_cli_runner().invoke(args=words)


@pytest.fixture
def look(registry: Registry) -> Callable[[Callable[[Work], Any]], Any]:
    def looked(ask: Callable[[Work], Any]) -> Any:
        with registry.house.look(Actor("test")) as work:
            return ask(work)

    return looked


def create(run: Run, name: str, *more: str) -> Result:
    return run("client", "create", *MERCHANT, name, *more)


def test_an_operator_makes_an_office_and_a_terminal(run: Run, registry: Registry) -> None:
    registry.onboard()
    made = answer(create(run, "Back office", "--merchant", "harbour_cafe"))
    assert made["merchant"] == "harbour_cafe"
    office = registry.caller(made["client_id"], made["client_secret"])
    assert registry.seat(office).role == "office"
    made = answer(create(run, "Till", "--merchant", "harbour_cafe", "--store", "quay"))
    seat = registry.seat(registry.caller(made["client_id"], made["client_secret"]))
    assert seat.store is not None
    assert (seat.role, seat.store.code) == ("terminal", "quay")


def test_what_is_not_there_is_said_and_leaves_no_client(run: Run, registry: Registry) -> None:
    registry.onboard()
    registry.change("store_closing", merchant="harbour_cafe", store="quay")
    before = answer(run("client", "list"))
    assert "no such merchant" in refusal(create(run, "N", "--merchant", "nobody"))
    cafe = ("--merchant", "harbour_cafe")
    assert "no open store" in refusal(create(run, "N", *cafe, "--store", "hill"))
    assert "no open store" in refusal(create(run, "N", *cafe, "--store", "quay"))
    assert "whose store" in refusal(create(run, "N", "--store", "quay"))
    bank = ("client", "create", "--scope", "bank", "--name", "B", *cafe)
    assert "scope merchant" in refusal(run(*bank))
    assert answer(run("client", "list")) == before


@pytest.mark.parametrize("name", [*BUS, "WEIHAI_BUS", "weihai public transport "])
def test_in_development_a_name_of_the_pack_is_that_merchants_office(
    run: Run, registry: Registry, look: Any, name: str
) -> None:
    made = answer(create(run, name))
    assert made["merchant"] == "weihai_bus"
    (found,) = look(merchants.live)
    assert (found.code, found.name, found.name_en) == BUS
    assert len(look(lambda work: merchants.stores(work, found.id))) == 1
    seat = registry.seat(registry.caller(made["client_id"], made["client_secret"]))
    assert (seat.role, seat.merchant) == ("office", found)
    assert answer(create(run, BUS[1]))["merchant"] == "weihai_bus"
    assert look(merchants.everyone) == [found]


def test_in_development_stores_that_a_benefit_names_are_there(run: Run, look: Any) -> None:
    answer(create(run, "weihai_museum"))
    (found,) = look(merchants.live)
    stores = look(lambda work: merchants.stores(work, found.id))
    assert [each.code for each in stores] == ["main_hall"]


@pytest.mark.parametrize("name", ["harbour_cafe", "海港咖啡", "harbour CAFÉ"])
def test_in_development_a_name_of_the_register_is_that_merchants_office(
    run: Run, registry: Registry, name: str
) -> None:
    registry.onboard()
    assert answer(create(run, name))["merchant"] == "harbour_cafe"


def test_in_development_any_other_name_is_a_new_merchant(run: Run, look: Any) -> None:
    made = answer(create(run, "Somewhere"))
    (found,) = look(merchants.live)
    assert found.code == made["merchant"] == f"m_{made['client_id'][4:]}"
    assert found.name == "Somewhere"
    assert answer(create(run, "somewhere"))["merchant"] == found.code


def test_in_production_a_client_is_nobodys_until_it_is_bound(
    make_app: Callable[..., Flask],
) -> None:
    app = make_app(app_env="production")
    registry = Registry(app)

    def run(*words: str) -> Result:
        return app.test_cli_runner().invoke(args=words)

    registry.onboard()
    made = answer(create(run, "harbour_cafe"))
    assert made["merchant"] is None
    stray = registry.caller(made["client_id"], made["client_secret"])
    assert stray.get("/v1/merchant").get_json()["code"] == "no_merchant"
    bound = answer(run("client", "bind", made["client_id"], "--merchant", "harbour_cafe"))
    assert bound == {"client_id": made["client_id"], "merchant": "harbour_cafe"}
    assert stray.get("/v1/merchant").get_json()["role"] == "office"
    again = run("client", "bind", made["client_id"], "--merchant", "harbour_cafe")
    assert "belongs to a merchant already" in refusal(again)
    assert "no such client" in refusal(run("client", "bind", "cli_x", "--merchant", "m"))
