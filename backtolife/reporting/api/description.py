"""The OpenAPI 3.1 description, made from the same table that the API reads by."""

from typing import Any

from backtolife.people.permissions import CLIENT_SCOPES
from backtolife.reporting.api.paging import CURSOR, MOST, NAME, USUAL
from backtolife.reporting.api.problem import MIME
from backtolife.reporting.api.resources import RESOURCES, Resource

FILTER_WORDS = {"person": "Only this person", "milestone": "Only this milestone", "instrument": "Only this instrument"}
REFUSALS = {
    "400": "A parameter is not right",
    "401": "No token, or one that does not work",
    "403": "The token lacks the scope",
    "404": "There is no such page",
    "429": "Too many requests: at most 120 a minute",
}


def description(url: str) -> dict[str, Any]:
    """The whole document, for an API that is found at `url`."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Back to Life results",
            "version": "1.0.0",
            "description": "Results without names, for programs. Read only. A person is a code. Times are UTC.",
        },
        "servers": [{"url": url}],
        "paths": {f"/{each.name}": {"get": operation(each)} for each in RESOURCES.values()},
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": scopes()}},
            "schemas": {**{each.name: row_of(each) for each in RESOURCES.values()}, "problem": PROBLEM},
        },
    }


def scopes() -> str:
    return f"Each token holds some of these scopes: {', '.join(sorted(CLIENT_SCOPES))}."


PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
}


def operation(resource: Resource) -> dict[str, Any]:
    content = {"application/json": {"schema": page_of(resource)}}
    refusal = {MIME: {"schema": {"$ref": "#/components/schemas/problem"}}}
    refusals = {status: {"description": words, "content": refusal} for status, words in REFUSALS.items()}
    return {
        "operationId": resource.name,
        "summary": resource.about,
        "security": [{"token": [resource.scope]}],
        "parameters": [*(parameter(name) for name in resource.filters), *PAGING],
        "responses": {"200": {"description": "One page", "content": content}, **refusals},
    }


def parameter(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "description": FILTER_WORDS[name],
        "schema": {"type": "string", "pattern": NAME},
    }


PAGING = (
    {
        "name": "limit",
        "in": "query",
        "description": "How many rows at most",
        "schema": {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL},
    },
    {
        "name": "since",
        "in": "query",
        "description": "Only rows that came or changed at this moment in UTC or later, such as 2026-03-03T09:00:00Z",
        "schema": {"type": "string", "format": "date-time"},
    },
    {
        "name": "cursor",
        "in": "query",
        "description": "What the page before gave as next_cursor",
        "schema": {"type": "string", "pattern": CURSOR},
    },
)


def page_of(resource: Resource) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["data", "next_cursor"],
        "additionalProperties": False,
        "properties": {
            "data": {"type": "array", "maxItems": MOST, "items": {"$ref": f"#/components/schemas/{resource.name}"}},
            "next_cursor": {"type": ["string", "null"], "description": "Null on the last page"},
        },
    }


def row_of(resource: Resource) -> dict[str, Any]:
    return {
        "type": "object",
        "required": [field.name for field in resource.fields],
        "additionalProperties": False,
        "properties": {field.name: {**field.schema, "description": field.meaning} for field in resource.fields},
    }
