"""A notice as its reader sees it: the words of its text and of its HTML, and what its buttons begin."""

from functools import cache
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

from services.contracts.notifier import SendNotice
from services.notifier.wording import Wording, Written
from tests.unit.notifier.samples import BOARD_URL, DOMAIN, PAGES_URL, SEALER

REPLY_TO = f"demo-7k3qx9fa.1.o.abcdefghijklmnop@{DOMAIN}"
PAGE = f"{PAGES_URL}/answer/demo-7k3qx9fa.1.o.abcdefghijklmnop"
WORDING = Wording(SEALER, BOARD_URL, PAGES_URL)


def write(command: SendNotice) -> Written:
    """The notice this asks for. Many tests look at the same hundreds of notices: each is written once."""
    return _written(command.model_dump_json())


@cache
def _written(command: str) -> Written:
    return WORDING.write(SendNotice.model_validate_json(command), REPLY_TO)


class _Outline(HTMLParser):
    """Tags in order, links, and the words in between."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.words.append(data)


@cache
def outline(html: str) -> _Outline:
    parser = _Outline()
    parser.feed(html)
    parser.close()
    assert not parser.open
    return parser


@cache
def words_of(html: str) -> str:
    return " ".join(" ".join(outline(html).words).split())


def both(command: SendNotice) -> tuple[str, str]:
    """The text and the words of the HTML, each in one line."""
    written = write(command)
    return " ".join(written.text.split()), words_of(written.html)


def prepared(command: SendNotice) -> list[str]:
    """What each button of a notice begins an answer with."""
    links = [attributes["href"] or "" for tag, attributes in outline(write(command).html).tags if tag == "a"]
    return [parse_qs(urlsplit(link).query)["body"][0] for link in links if link.startswith("mailto:")]
