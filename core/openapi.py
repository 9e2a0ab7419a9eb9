"""OpenAPI from the types the code itself uses: msgspec writes their JSON schemas."""

from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from drf_spectacular.utils import OpenApiParameter, extend_schema

from core.errors import ErrorPayload

F = TypeVar("F", bound=Callable[..., Any])

_components: dict[str, Any] = {}


def schema_of(shape: Any) -> dict[str, Any]:
    """The JSON schema of a type; what it refers to is kept for the document's components."""
    (schema,), components = msgspec.json.schema_components(
        [shape], ref_template="#/components/schemas/{name}"
    )
    _components.update(components)
    return schema


def documented(
    summary: str,
    *,
    request: Any = None,
    form: Any = None,
    query: Any = None,
    paged: bool = False,
    response: Any = None,
    status: int = 200,
    errors: tuple[int, ...] = (),
) -> Callable[[F], F]:
    """Describes a view method: what it takes and answers, and the statuses of its refusals.

    ``form`` is a struct of fields beside ``file`` in a multipart body, ``query`` one of query
    parameters; ``paged`` adds ``cursor`` and ``limit``.
    """
    parameters = [
        OpenApiParameter(field.encode_name, required=field.required)
        for field in (msgspec.structs.fields(query) if query else ())
    ]
    if paged:
        parameters += [OpenApiParameter("cursor"), OpenApiParameter("limit", type=int)]
    answers: dict[int, Any] = {status: schema_of(response) if response is not None else None}
    refusal = schema_of(ErrorPayload)
    envelope = {"type": "object", "required": ["error"], "properties": {"error": refusal}}
    for code in sorted({400, 401, 429, *errors}):
        answers[code] = envelope

    body = {"application/json": schema_of(request)} if request is not None else None
    if form is not None:
        body = {"multipart/form-data": _with_file(schema_of(form))}

    def describe(method: F) -> F:
        return extend_schema(
            operation_id=method.__qualname__.replace("View.", "_"),
            summary=summary,
            parameters=parameters,
            request=body,
            responses=answers,
        )(method)

    return describe


def _with_file(fields: dict[str, Any]) -> dict[str, Any]:
    file = {"type": "string", "format": "binary"}
    part = {"type": "object", "required": ["file"], "properties": {"file": file}}
    return {"allOf": [part, fields]}


def add_components(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """drf-spectacular hook: puts the collected schemas under the document's components."""
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(sorted(_components.items()))
    return result
