"""HTTP errors: RFC 9457 problem details with a French ``detail``, or a page for a browser."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.types import Scope

from app.web import texts
from app.web.markup import escape, page
from app.web.question import BadQuestion
from ingest.errors import ChartisteError

logger = logging.getLogger("chartiste.web")
MEDIA_TYPE = "application/problem+json"


class Problem(BaseModel):
    """The body of an error."""

    type: str = "about:blank"
    title: str = Field(description="Le genre d'erreur.")
    status: int
    detail: str = Field(description="Une phrase en français qui dit quoi corriger.")
    instance: str = Field(description="Le chemin demandé.")


def install(app: FastAPI) -> None:
    """Answer every error of ``app`` in French; unknown ones are logged whole, never shown."""
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(RequestValidationError, _on_validation)
    app.add_exception_handler(BadQuestion, _on_bad_question)
    app.add_exception_handler(ChartisteError, _on_known)
    app.add_exception_handler(Exception, _on_unknown)


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    detail = sentence(error.status_code, request.method)
    return answer(request, error.status_code, detail, error.headers)


def sentence(status: int, method: str) -> str:
    """The French ``detail`` of an error of HTTP itself."""
    match status:
        case 400:
            return texts.NOT_JSON.fr
        case 403:
            return texts.OTHER_ORIGIN.fr
        case 404:
            return texts.PAGE_NOT_FOUND.fr
        case 405:
            return texts.filled(texts.METHOD_NOT_ALLOWED, method=method)
        case 408:
            return texts.TOO_SLOW.fr
        case 413:
            return texts.TOO_LARGE.fr
        case 415:
            return texts.NOT_JSON_TYPE.fr
        case _:
            return texts.REFUSED.fr


async def _on_validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    sentences = dict.fromkeys(_in_french(entry) for entry in error.errors())
    return answer(request, 422, " ".join(sentences))


def _in_french(error: Mapping[str, Any]) -> str:
    """One of pydantic's errors as a sentence."""
    location: Sequence[Any] = error["loc"]
    field = str(location[-1])
    match error["type"]:
        case "json_invalid":
            return texts.NOT_JSON.fr
        case _ if len(location) == 1:
            return texts.NOT_OBJECT.fr
        case "missing":
            return texts.filled(texts.MISSING, field=field)
        case "string_type" | "string_unicode":
            return texts.filled(texts.NOT_TEXT, field=field)
        case "string_too_long":
            limit = error["ctx"]["max_length"]
            return texts.filled(texts.LONG_FIELD, field=field, limit=limit)
        case "int_parsing" | "int_parsing_size" | "greater_than_equal" | "less_than_equal":
            return texts.filled(texts.NOT_IN_BOUNDS, field=field)
        case _:
            return texts.filled(texts.NOT_VALID, field=field)


async def _on_bad_question(request: Request, error: Exception) -> Response:
    return answer(request, 422, str(error))


async def _on_known(request: Request, error: Exception) -> Response:
    # Its sentence is for whoever runs the server, and may name a folder: it goes to the log.
    logger.error("%s", error, exc_info=error)
    return answer(request, 503, texts.UNAVAILABLE.fr, {"Retry-After": "60"})


async def _on_unknown(request: Request, error: Exception) -> Response:
    # Starlette raises the exception again after this response, and the server logs it whole.
    return answer(request, 500, texts.UNEXPECTED.fr)


def inner_path(scope: Scope) -> str:
    """The path below the prefix that a proxy strips; it begins with ``/``."""
    path: str = scope["path"]
    prefix: str = scope.get("root_path", "")
    if prefix and (path == prefix or path.startswith(prefix + "/")):
        path = path[len(prefix) :]
    return path or "/"


def answer(
    request: Request, status: int, detail: str, headers: Mapping[str, str] | None = None
) -> Response:
    """A page where a person reads, a problem everywhere else."""
    title = texts.PROBLEMS.get(status, texts.REFUSED).fr
    path = inner_path(request.scope)
    accepts = "text/html" in request.headers.get("accept", "")
    if path.startswith("/sources/") or (accepts and not path.startswith("/api/")):
        return HTMLResponse(error_page(title, detail, path.count("/") - 1), status, headers)
    body = Problem(title=title, status=status, detail=detail, instance=request.url.path)
    return JSONResponse(body.model_dump(), status, headers, MEDIA_TYPE)


def error_page(title: str, detail: str, depth: int) -> str:
    """The page of an error, ``depth`` folders below the assistant's."""
    return page(title, f"<h1>{escape(title)}</h1><p>{escape(detail)}</p>", depth)
