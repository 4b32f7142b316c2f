"""Plain values to YAML in one canonical form, and changes in YAML that people wrote by hand."""

import io
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.representer import RoundTripRepresenter
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString, SingleQuotedScalarString

from university.course_folders.yaml.tree import HALF_CHARACTER, plain_value

# Never folded: a line of a text is a line of the file, so that changes show as changes.
ENDLESS = 2**31
# Loaders of older YAML read these as truth values; quotes keep them text everywhere.
OLD_TRUTHS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false"})
# Signs that a literal block or a plain text may change or lose.
NOT_PLAIN = frozenset("\r\x85\u2028\u2029\ufeff\t")


class _Representer(RoundTripRepresenter):
    """Writes exact numbers as they are."""

    def exact(self, number: Decimal) -> ScalarNode:
        text = format(number, "f")
        kind = "float" if "." in text else "int"
        return self.represent_scalar(f"tag:yaml.org,2002:{kind}", text)


_Representer.add_representer(Decimal, _Representer.exact)


def writer(dash_offset: int = 2, indent: int = 2) -> YAML:
    """The YAML writer of this format: so many blanks a level, dashes `dash_offset` blanks in."""
    yaml = YAML(typ="rt", pure=True)
    yaml.Representer = _Representer
    yaml.preserve_quotes = True
    yaml.width = ENDLESS
    yaml.indent(mapping=indent, sequence=2 + dash_offset, offset=dash_offset)
    return yaml


def as_yaml(values: Mapping[str, Any]) -> str:
    """The fields in their order; texts plain where that is safe, of several lines as a literal block."""
    text = io.StringIO()
    writer().dump(styled(values), text)
    return text.getvalue()


def styled(value: Any) -> Any:
    """The same value with every text in the style it is written in."""
    if isinstance(value, Mapping):
        return {key: styled(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [styled(item) for item in value]
    return _styled_text(value) if isinstance(value, str) else value


def _styled_text(text: str) -> str:
    if HALF_CHARACTER.search(text):
        raise ValueError("a text has half a character")
    style: Callable[[str], Any] = str
    if not _is_printable(text):
        style = DoubleQuotedScalarString
    elif "\n" in text:
        style = LiteralScalarString if _fits_a_block(text) else DoubleQuotedScalarString
    elif not isinstance(plain_value(text), str) or text.lower() in OLD_TRUTHS:
        style = SingleQuotedScalarString
    styled_text: str = style(text)
    return styled_text


def _fits_a_block(text: str) -> bool:
    """A literal block hides blanks at the ends of lines, and needs more than a sign for blanks before the first."""
    return not text.startswith((" ", "\n")) and all(line == line.rstrip() for line in text.split("\n"))


def _is_printable(text: str) -> bool:
    return all((sign.isprintable() or sign == "\n") and sign not in NOT_PLAIN for sign in text)
