"""The template environment every service's pages are written in."""

from functools import cache
from pathlib import Path
from typing import Final

from fastapi.templating import Jinja2Templates
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, PrefixLoader

from services.kit.web import words

_SHARED: Final = Path(__file__).parent / "templates"


@cache
def templates(*folders: Path) -> Jinja2Templates:
    """Templates found in `folders` first, then the shared ones; GOV.UK macros under `govuk_frontend_jinja/`. The same folders are
    the same templates, each compiled once in a process.

    Everything is escaped; the filters `moment`, `instant`, `day` and `time` write an instant as people in England and Wales read it.
    """
    environment = Environment(
        loader=ChoiceLoader(
            [
                FileSystemLoader([*folders, _SHARED]),
                PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
            ]
        ),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(moment=words.moment, instant=words.instant, day=words.day, time=words.time)
    return Jinja2Templates(env=environment)
