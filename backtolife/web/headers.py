"""Headers that let a page do what it needs and nothing more."""

from flask import Response, g, request, url_for

from backtolife.people.request import settings


def harden(response: Response) -> Response:
    """Set the security headers. Scripts and styles come from us, by address or by this page's nonce."""
    media = settings().media_url
    sockets = f"ws://{request.host} wss://{request.host} {media} {media.replace('ws', 'http', 1)}"
    nonce = f"'nonce-{g.get('nonce', '')}'"
    rules = {
        "default-src": "'self'",
        "script-src": f"'self' {nonce}",
        "style-src": f"'self' {nonce}",
        "img-src": "'self' data:",
        "media-src": "'self' blob:",
        "connect-src": f"'self' {sockets}",
        "worker-src": "'self' blob:",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "report-uri": url_for("blocked_told.take"),
    }
    if settings().secure:  # browsers know no endpoints of pages that are not
        rules["report-to"] = "blocked"
        response.headers["Reporting-Endpoints"] = f'blocked="{url_for("blocked_told.take")}"'
    policy = "; ".join(f"{name} {value}" for name, value in rules.items())
    response.headers.setdefault("Content-Security-Policy", policy)
    response.headers["Permissions-Policy"] = "camera=(self), microphone=(self), geolocation=(), payment=()"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Content-Type-Options"] = "nosniff"
    if settings().secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.endpoint != "static" and "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    return response
