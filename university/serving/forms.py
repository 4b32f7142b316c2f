"""What a visitor sent: one parsed form, and typed models with every field's error at once."""

from __future__ import annotations

import hashlib
import hmac
import time
from io import BytesIO
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from litestar import Request
from multipart import MultipartError, MultipartParser, parse_options_header
from pydantic import BaseModel, ConfigDict, ValidationError

from university.errors import BadRequest, WrongMediaType
from university.language import gettext as _

URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
MAX_FIELDS = 1000
TOKEN_FIELD = "form_token"
TOKEN_HOURS = 24


class Form:
    """The fields of one request. Text fields keep their order; files stay in memory.

    `file_names` is what a browser calls a file: good to show it to whoever sent it, and for nothing else.
    """

    def __init__(
        self,
        fields: list[tuple[str, str]],
        files: dict[str, bytes] | None = None,
        file_names: dict[str, str] | None = None,
    ) -> None:
        self.fields = fields
        self.files = files or {}
        self.file_names = file_names or {}

    def one(self, name: str) -> str:
        """The only value of `name`, empty when it was not sent. Two values where one is meant are refused."""
        return self._only(self.many(name))

    def many(self, name: str) -> list[str]:
        """Every value of `name` in order. No database takes a NUL, so it is refused here."""
        values = self._sent(name)
        if any("\x00" in value for value in values):
            raise BadRequest(_("We could not read this form."))
        return values

    def names(self) -> list[str]:
        return list(dict.fromkeys(key for key, _value in self.fields))

    def values(self, model: type[BaseModel]) -> dict[str, str]:
        """What was typed into the fields of `model`, for the model to clean and to be shown again beside the errors."""
        return {name: self._only(self._sent(name)) for name in model.model_fields}

    def _sent(self, name: str) -> list[str]:
        return [value for key, value in self.fields if key == name]

    def _only(self, values: list[str]) -> str:
        if len(values) > 1:
            raise BadRequest(_("The form holds one field twice."))
        return values[0] if values else ""


Model = TypeVar("Model", bound="Fields")


class Fields(BaseModel):
    """Base of every form model: text comes in as it was typed, and the model cleans it."""

    model_config = ConfigDict(frozen=True)


def read_fields(model: type[Model], form: Form) -> tuple[Model | None, dict[str, str]]:
    """The filled-in model and no errors, or None and one sentence per wrong field."""
    try:
        return model(**form.values(model)), {}
    except ValidationError as error:
        return None, {str(problem["loc"][0]): _sentence(problem) for problem in error.errors()}


async def read_form(request: Request[Any, Any, Any]) -> Form:
    """Parses a form in memory. 415 for any other content, 400 for what cannot be read; the size is checked before."""
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    body = await request.body()
    if not body and not kind:
        return Form([])
    if kind == URLENCODED:
        return Form(_urlencoded(body))
    if kind == MULTIPART and options.get("boundary"):
        return _multipart(body, options["boundary"])
    raise WrongMediaType(_("This address takes a form."))


def form_token(secret: bytes, purpose: str = "public") -> str:
    """Proof that a form came from one of our own pages within a day, for browsers that send no origin.

    HMAC-SHA256 of purpose and hour; it names nobody and needs no cookie.
    """
    hour = int(time.time() // 3600)
    return f"{hour:x}.{_token_mac(secret, purpose, hour)}"


def is_form_token(secret: bytes, token: str, purpose: str = "public") -> bool:
    """Whether `form_token` made it for this purpose within the last 24 hours."""
    hour_text, _dot, mac = token.partition(".")
    try:
        hour = int(hour_text, 16)
    except ValueError:
        return False
    fresh = 0 <= int(time.time() // 3600) - hour <= TOKEN_HOURS
    return fresh and hmac.compare_digest(mac.encode(), _token_mac(secret, purpose, hour).encode())


def _token_mac(secret: bytes, purpose: str, hour: int) -> str:
    return hmac.new(secret, f"{purpose}:{hour}".encode(), hashlib.sha256).hexdigest()[:32]


def _urlencoded(body: bytes) -> list[tuple[str, str]]:
    try:
        fields = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
    except ValueError as error:  # bad escapes, bytes that are not UTF-8, too many fields
        raise BadRequest(_("We could not read this form.")) from error
    return _with_plain_names(fields)


def _multipart(body: bytes, boundary: str) -> Form:
    fields: list[tuple[str, str]] = []
    files: dict[str, bytes] = {}
    names: dict[str, str] = {}
    try:
        parser = MultipartParser(
            BytesIO(body),
            boundary,
            memfile_limit=len(body) + 1,
            memory_limit=2 * len(body) + 2048,
            strict=True,
        )
        for part in parser.parts():
            if part.filename and part.name in files:
                raise BadRequest(_("The form holds one field twice."))
            if part.filename:
                files[part.name] = part.raw
                names[part.name] = part.filename
            else:
                fields.append((part.name, part.raw.decode("utf-8")))
    except (MultipartError, UnicodeDecodeError, LookupError) as error:
        raise BadRequest(_("We could not read this form.")) from error
    return Form(_with_plain_names(fields), files, names)


def _with_plain_names(fields: list[tuple[str, str]]) -> list[tuple[str, str]]:
    if any("\x00" in name for name, _value in fields):
        raise BadRequest(_("We could not read this form."))
    return fields


def _sentence(problem: Any) -> str:
    # A model's own ValueError carries our sentence; what pydantic says itself is for programmers.
    context = problem.get("ctx", {}).get("error")
    return str(context) if context else _("Please check this field.")
