"""The pages' common ground: one application factory, one layout, one stylesheet, one way to say that something went wrong.

`create_app` builds a service's HTTP application; `templates` gives it the shared layout (`layout.html`, with the blocks
`pageTitle`, `beforeContent`, `navigation` and `content`) and the GOV.UK components (`govuk_frontend_jinja/...`). The pages carry
no crown and no GDS Transport: Concord is not a GOV.UK service. `assets/concord.scss` is compiled to `static/build/concord.css`.
"""

from services.kit.web.app import Check, create_app
from services.kit.web.errors import error_page
from services.kit.web.pages import templates
from services.kit.web.posted import posted

__all__ = ["Check", "create_app", "error_page", "posted", "templates"]
