"""The HTTP surface: flask-smorest with our problems, our scopes and an honest OpenAPI 3.1 document.

What the library leaves open is closed here: 415 for a wrong content type, 400 for a body that is
not JSON, security and idempotency in the document, problem+json for every error.
"""

from collections.abc import Callable
from functools import partial, wraps
from threading import Lock
from typing import Any, ClassVar

import flask_smorest
import marshmallow as ma
import orjson
import werkzeug.routing
from flask import Flask, Response, jsonify, request
from flask.json.provider import JSONProvider
from flask_swagger_ui import get_swaggerui_blueprint
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from app.kernel import Refused
from app.plumbing import problems
from app.plumbing.work import house

METHODS = {"get", "post", "patch", "delete", "put"}

TITLE = "Weitan: a city's personal carbon account"
DESCRIPTION = """\
Evidence of low-carbon acts comes in from providers, is scored by a dated rulebook into grams and
points, and points become benefits. Points and grams are decimal strings. Errors are RFC 9457
problem documents with a stable `code`. Every POST marked with `Idempotency-Key` can be sent twice.
"""


_LibraryParser: Any = type(flask_smorest.Blueprint.ARGUMENTS_PARSER)


class _Parser(_LibraryParser):
    """Reads the JSON that was parsed already, instead of parsing it once more, another way."""

    def _raw_load_json(self, req: Any) -> Any:
        return req.get_json() if req.is_json and req.get_data(cache=True) else ma.missing


class Blueprint(flask_smorest.Blueprint):
    """flask-smorest's, whose views may return a `Refused`, and whose bodies may be forms too."""

    ARGUMENTS_PARSER = _Parser()
    DEFAULT_LOCATION_CONTENT_TYPE_MAPPING: ClassVar[dict[str, str]] = {
        **flask_smorest.Blueprint.DEFAULT_LOCATION_CONTENT_TYPE_MAPPING,
        "json_or_form": "application/json",
    }

    def response(self, *args: Any, **kwargs: Any) -> Callable[..., Any]:
        """Dump what the view returns; a `Refused` is not dumped, it becomes its problem."""
        dumped = super().response(*args, **kwargs)

        def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
            @wraps(view)
            def answer(*inner: Any, **named: Any) -> Any:
                found = view(*inner, **named)
                return problems.response(found.refusal) if isinstance(found, Refused) else found

            decorated: Callable[..., Any] = dumped(answer)
            return decorated

        return decorate

    def register_views_in_doc(self, api: "Api", *args: Any, **kwargs: Any) -> None:
        api.unwritten.append(partial(super().register_views_in_doc, api, *args, **kwargs))


class Whole(ma.validate.Regexp):
    """A pattern that the whole text fits; Python's `$` would let one more line end pass."""

    def __call__(self, value: Any) -> Any:
        pattern: Any = self.regex
        if not pattern.fullmatch(value):
            raise ma.ValidationError(self._format_error(value))
        return value


class DecimalText(ma.fields.String):
    """A plain decimal as text: `"7.3"`, at most three places, at most 1,000,000."""

    def __init__(self, *, places: int | None = None, **kwargs: Any) -> None:
        metadata = kwargs.pop("metadata", {})
        pattern = (
            r"^-?[0-9]+(\.[0-9]{1,3})?$" if places is None else (rf"^-?[0-9]+\.[0-9]{{{places}}}$")
        )
        super().__init__(metadata={"pattern": pattern} | metadata, **kwargs)


class Problem(ma.Schema):
    """RFC 9457 problem document; a refusal may add members of its own."""

    class Meta:
        unknown = ma.INCLUDE

    type = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    status = ma.fields.Integer(required=True)
    detail = ma.fields.String(required=True)
    code = ma.fields.String(required=True, metadata={"description": "Stable, snake_case."})
    request_id = ma.fields.String(required=True)
    errors = ma.fields.List(
        ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String()),
        metadata={"description": "Rows of pointer, code, detail."},
    )


class Api(flask_smorest.Api):
    """flask-smorest whose errors are problem documents.

    Its document is written when it is first read: that takes longer than the rest of a start.
    """

    ERROR_SCHEMA = Problem

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.unwritten: list[Callable[[], None]] = []
        self._written: bytes | None = None
        self._writing = Lock()
        super().__init__(*args, **kwargs)

    def _register_responses(self) -> None:
        self.unwritten.append(super()._register_responses)

    def _register_error_handlers(self) -> None:
        problems.register(self._app)

    def _openapi_json(self) -> Response:
        with self._writing:
            if self._written is None:
                self._written = orjson.dumps(self._document())
        return Response(self._written, content_type="application/json")

    def _document(self) -> dict[str, Any]:
        """The OpenAPI document as served: library output with our conventions written in."""
        for write in self.unwritten:
            write()
        found: dict[str, Any] = self.spec.to_dict()
        for path in found["paths"].values():
            for method, node in path.items():
                if method in METHODS:
                    _complete(node)
        found["components"]["securitySchemes"] = {
            "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
        }
        return found


def _complete(node: dict[str, Any]) -> None:
    responses = node.setdefault("responses", {})
    responses.pop("default", None)
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    codes = {"400": "Malformed", "404": "Not found", "429": "Too many", "503": "Try again"}
    if node.get("x-scope", "public") != "public":
        node["security"] = [{"bearer": []}]
        codes |= {"401": "No good token", "403": "Wrong scope"}
    if "requestBody" in node:
        codes |= {"413": "Body too large", "415": "Wrong content type", "422": "Wrong fields"}
    if node.get("parameters"):
        codes |= {"422": "Wrong fields"}
    if node.get("x-once"):
        codes |= {"409": "Conflict", "422": "Wrong fields"}
        node.setdefault("parameters", []).append(
            {
                "in": "header",
                "name": "Idempotency-Key",
                "required": True,
                "schema": {
                    "type": "string",
                    "minLength": 1,
                    "maxLength": 255,
                    "pattern": "^[!-~]+$",
                },
            }
        )
    for status, words in codes.items():
        responses[status] = {"description": words, "content": problem}
    for status, answer in responses.items():
        if int(status) >= 400:
            answer["content"] = problem


class Rule(werkzeug.routing.Rule):
    """An address that learns to be written out when that is first asked; most are only read.

    The library compiles two functions for each, which is most of what making an application costs.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compiled: list[Callable[..., tuple[str, str]]] = []
        compiling = super()._compile_builder

        def build(rule: Rule, **values: Any) -> tuple[str, str]:
            if not compiled:
                compiled.append(compiling(append_unknown))
            return compiled[0](rule, **values)

        return build


class _Json(JSONProvider):
    """orjson: a page of 200 rows costs a tenth."""

    def dumps(self, obj: Any, **_: Any) -> str:
        return orjson.dumps(obj).decode()

    def loads(self, s: str | bytes, **_: Any) -> Any:
        return orjson.loads(s)

    def response(self, *args: Any, **kwargs: Any) -> Response:
        body = orjson.dumps(self._prepare_response_obj(args, kwargs))
        return Response(body, mimetype="application/json")


def cacheable(
    body: dict[str, Any] | str, seconds: int, mimetype: str = "application/json"
) -> Response:
    """A public answer with a strong ETag of its bytes, good for so long; 304 where it is known."""
    answer = Response(body, mimetype=mimetype) if isinstance(body, str) else jsonify(body)
    answer.cache_control.public = True
    answer.cache_control.max_age = seconds
    answer.add_etag()
    return answer.make_conditional(request)  # type: ignore[return-value]  # it is this response


def init(app: Flask, version: str) -> Api:
    """Fit JSON, limits on bodies, documents and error handlers to the application."""
    app.url_rule_class = Rule
    app.json = _Json(app)
    app.config |= {
        "API_TITLE": TITLE,
        "API_VERSION": version,
        "OPENAPI_VERSION": "3.1.0",
        "OPENAPI_URL_PREFIX": "/",
        "OPENAPI_JSON_PATH": "openapi.json",
    }
    api = Api(app, spec_kwargs={"info": {"description": DESCRIPTION}})
    app.register_blueprint(
        get_swaggerui_blueprint("/docs", "/openapi.json", {"app_name": TITLE, "validatorUrl": None})
    )
    # The library serves /docs/ only; nobody types the slash.
    app.add_url_rule("/docs", "docs", app.view_functions["swagger_ui.show"])
    app.before_request(_check_body)
    return api


def _check_body() -> None:
    """A body is JSON (or a form where one is taken), and it parses, before a view sees it."""
    if request.method not in {"POST", "PATCH", "PUT"} or request.url_rule is None:
        return
    if request.endpoint in _LARGE:
        request.max_content_length = getattr(house().settings, _LARGE[request.endpoint])
    encoding = request.headers.get("Transfer-Encoding", "").lower()
    if not request.content_length and "chunked" not in encoding:
        return
    if (request.endpoint, request.mimetype) in _OTHERS or _FORMS & {*request.blueprints}:
        return
    if not request.is_json:
        raise UnsupportedMediaType("Send application/json.")
    try:
        request.get_data(cache=True).decode("utf-8")
        request.get_json()
    except (ValueError, BadRequest) as error:
        raise BadRequest("The body is not valid JSON in UTF-8.") from error


_OTHERS: set[tuple[str, str]] = set()


def takes(endpoint: str, mimetype: str) -> None:
    """Let one endpoint take bodies of another type beside JSON: a form, or CSV."""
    _OTHERS.add((endpoint, mimetype))


_FORMS: set[str] = set()


def takes_forms(blueprint: str) -> None:
    """Let a whole blueprint take what browsers send of forms, instead of JSON."""
    _FORMS.add(blueprint)


_LARGE: dict[str, str] = {}


def takes_large(endpoint: str, setting: str) -> None:
    """Let one endpoint take bodies as large as a setting says, instead of `body_bytes`."""
    _LARGE[endpoint] = setting
