"""Every component of the design system on one page, for whoever builds pages: on a machine of one's own only."""

from __future__ import annotations

from litestar import Response, Router

from university.errors import NotFound
from university.language import gettext as _
from university.serving.pages import Visitor, render, settings_of, show

# A cover of every family; what they are called decides how they look.
COVERS = (
    "willow",
    "lantern",
    "grove",
    "signal",
    "reel",
    "harbour",
    "dune",
    "meadow",
    "orchard",
    "north",
    "atlas",
    "tide",
)


@show("/components")
def components(request: Visitor) -> Response[bytes]:
    if not settings_of(request).is_local:
        raise NotFound(_("There is no page at this address."))
    return render(request, "layout/components.html", covers=COVERS)


routes = Router("/layout", route_handlers=[components])
