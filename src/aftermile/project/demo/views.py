"""What a visitor of the demonstration may do: look at the pictures, play time, and sign in with one click.

Nobody is asked for a password or a token here, so a form must come from a page of this very address: what
another site sends is refused, whatever it knows.
"""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth import get_user_model, login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from aftermile.doors.shopper.start import is_private, refusal
from aftermile.kernel.clock import now
from aftermile.project.demo import played_time
from aftermile.project.demo.memory import recall
from aftermile.project.demo.pictures import PICTURES, picture

_STEPS = {"hour": timedelta(hours=1), "day": timedelta(days=1)}
#: A page that asked for time to be moved is answered when all of it has been told, or after this long.
_PATIENCE_SECONDS = 20.0
_UNTOUCHED = "Nothing was changed or lost."
_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@require_safe
def show_picture(request: HttpRequest, name: str) -> HttpResponse:  # noqa: ARG001
    """Show the picture of a product, as the simulated shop's own site does."""
    if name not in PICTURES:
        raise Http404
    return HttpResponse(
        picture(name),
        content_type="image/svg+xml",
        headers={
            "Cache-Control": "public, max-age=86400",
            "Content-Security-Policy": "default-src 'none'",
            "X-Content-Type-Options": "nosniff",
        },
    )


@csrf_exempt  # no cookie is involved; `_is_from_here` is what keeps others out
def move_time(request: HttpRequest) -> HttpResponse:
    """Have the clock walked an hour or a day onward, and go back to the page that asked."""
    if request.method != "POST":
        return _a_form_only()
    memory = recall(settings.CONFIG.data_dir)
    step = _STEPS.get(request.POST.get("by", ""))
    if not _is_from_here(request):
        return refusal(
            "Time moves from the pages of this demonstration alone, and this form came from elsewhere.",
            _UNTOUCHED,
        )
    if step is None or memory is None or not memory.is_settled:
        return refusal("Time can be moved by an hour or a day, once the shop is set up.", _UNTOUCHED)
    until = now() + step
    played_time.wish(settings.CONFIG.data_dir, until)
    played_time.is_told_until(settings.CONFIG.data_dir, until, patience_seconds=_PATIENCE_SECONDS)
    return HttpResponseRedirect(_way_back(request), status=303)


@csrf_exempt  # who signs in has no session yet, and so no token
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as the demonstration's person of a role, on this machine only."""
    if request.method != "POST":
        return _a_form_only()
    memory = recall(settings.CONFIG.data_dir)
    if not _is_from_here(request) or not is_private(request):
        return refusal(
            "The demonstration lets people in from its own opening page, on its own machine.", _UNTOUCHED
        )
    role = request.POST.get("role", "")
    email = next((each["email"] for each in memory.staff if each["role"] == role), "") if memory else ""
    person = get_user_model().objects.filter(email=email).first()
    if person is None:
        return refusal("There is nobody of this role yet: the shop is still being set up.", _UNTOUCHED)
    login(request, person, backend=_BACKEND)
    # As good as a password here: pages that ask for it again would ask for one that nobody was told.
    record_authentication(request, person, method="demonstration")
    return HttpResponseRedirect("/console/", status=303)


def _is_from_here(request: HttpRequest) -> bool:
    """Tell whether a page of this address sent a form: browsers say so, and no page can make them lie."""
    fetched_by = request.headers.get("Sec-Fetch-Site")
    if fetched_by is not None and fetched_by != "same-origin":
        return False
    origin = request.headers.get("Origin")
    if origin is None:
        return fetched_by == "same-origin"
    return origin == f"{request.scheme}://{request.get_host()}"


def _way_back(request: HttpRequest) -> str:
    """Return the path to go back to: one of ours, or the opening page."""
    wanted = request.POST.get("next", "/")
    parts = urlsplit(wanted)
    is_ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not parts.netloc
    return wanted if is_ours and wanted.isprintable() else "/"


def _a_form_only() -> HttpResponse:
    return refusal(
        "There is nothing to look at here: a form is sent to this address.", _UNTOUCHED, status=405
    )
