"""The blank form as a PDF to fill in: tagged (PDF/UA-1), every field with its label as the words a screen reader says."""

import warnings
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from weasyprint import HTML
from weasyprint.urls import URLFetcher

from services.intake.blank_forms.fields import CHOOSE, Form

_FOLDER: Final = Path(__file__).parent


def make(form: Form) -> bytes:
    """The document. Takes about a second."""
    fetcher = URLFetcher(allowed_protocols=["data"], allow_redirects=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # the typesetter leaves its colour profile for the collector to close
        page = HTML(string=_template().render(form=form, choose=CHOOSE), url_fetcher=fetcher)
        made: bytes = page.write_pdf(pdf_variant="pdf/ua-1", pdf_tags=True, pdf_forms=True)
    return made


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("form.html")
