"""The few pages a browser sees while connecting: static words, no data in any URL."""

from __future__ import annotations

import html

import flask

_STYLE = """
  body { font: 16px/1.5 Arial, sans-serif; color: #1f1f1f; background: #f6f8fb; margin: 0 }
  main { max-width: 30rem; margin: 12vh auto; background: #fff; border: 1px solid #e3e6ea;
         border-radius: 12px; padding: 2rem }
  h1 { font-size: 1.4rem; line-height: 1.25; margin: 0 0 .75rem } p { margin: 0 0 1rem }
  .seal { width: 3rem; height: 3rem; border-radius: 50%; display: grid; place-items: center;
          font: bold 1.5rem Arial, sans-serif; background: #e6f4ea; color: #146c2e }
  .soft { color: #5f6368; font-size: .9rem } b.brand { color: #0b57d0 }
  form { display: flex; gap: .75rem; flex-wrap: wrap; margin-top: 1.5rem }
  button { font: bold 1rem Arial, sans-serif; border-radius: 20px; padding: .55rem 1.3rem;
           border: 1px solid #c4c7cc; background: #fff; color: #0b57d0; cursor: pointer }
  button.main { background: #0b57d0; border-color: #0b57d0; color: #fff }
  button:focus-visible { outline: 3px solid #a8c7fa; outline-offset: 2px }
"""

# outcome: (heading, what to do)
OUTCOMES: dict[str, tuple[str, str]] = {
    "connected": (
        "Connected",
        "You can close this tab. The sidebar in your spreadsheet shows the company.",
    ),
    "refused": (
        "Nothing was connected",
        "QuickBooks was told not to share. Close this tab; press Connect in the sidebar to try "
        "again.",
    ),
    "not_admin": (
        "An admin has to do this",
        "Only an admin of the QuickBooks company can connect it. Ask one to press Connect in the "
        "sidebar of this spreadsheet, or sign in to QuickBooks as an admin and try again.",
    ),
    "expired": (
        "This link is no longer good",
        "A connect link works once and for ten minutes. Go back to the sidebar and press Connect "
        "again.",
    ),
    "other_company": (
        "That is another company",
        "Reconnecting keeps your exports only for the same company. Nothing was changed. Go back "
        "to the sidebar, press Reconnect, and choose the company that it names.",
    ),
    "company_gone": (
        "That company was deleted",
        "An owner deleted it in Counterfoil while you were here, so there is nothing to reconnect "
        "and nothing was connected. Go back to the sidebar and press Connect to connect it anew.",
    ),
    "not_me": (
        "Nothing was connected",
        "Whoever sent you this link wanted your QuickBooks company in their own spreadsheet. "
        "The link no longer works. You can close this tab.",
    ),
    "other_browser": (
        "Please finish where you began",
        "The page that asked QuickBooks was opened in another browser, or this one keeps no "
        "cookies for us. Nothing was connected. Go back to the sidebar and press Connect again.",
    ),
    "unconfirmed": (
        "Nothing was connected",
        "QuickBooks did not confirm the company that was chosen, so nothing was stored. Go back "
        "to the sidebar and press Connect again.",
    ),
    "busy": (
        "QuickBooks did not answer in time",
        "Nothing was connected. Wait a minute, then press Connect in the sidebar again.",
    ),
    "launch": (
        "Counterfoil lives in your spreadsheet",
        "Open a Google spreadsheet and choose Extensions, Counterfoil, Open Counterfoil. Your "
        "companies are in the sidebar.",
    ),
    "disconnected": (
        "Disconnected in QuickBooks",
        "Within the hour we check with QuickBooks and stop reading the company. Your exports and "
        "tables stay; press Reconnect in the sidebar to go on.",
    ),
    "reconnect": (
        "Reconnect from the sidebar",
        "Open your spreadsheet, choose Extensions, Counterfoil, Open Counterfoil, and press "
        "Reconnect beside the company. Your exports stay as they are.",
    ),
    "privacy": (
        "Privacy",
        "Counterfoil only reads QuickBooks, and what it reads goes into your spreadsheet and is "
        "not kept on the server. Kept are ids, counts, codes and times, the company’s name, "
        "currency, fiscal month and last day of closed books, members’ and invited people’s "
        "e-mail addresses, Intuit’s name for whoever consented, and what you picked in an export. "
        "Runs are kept for 90 days. You can have everything about you deleted at any time.",
    ),
    "terms": (
        "Terms",
        "Counterfoil is open-source software under the MIT licence and comes without warranty. "
        "Whoever runs this deployment answers for it. Check what matters in QuickBooks itself.",
    ),
    "failed": (
        "Nothing was connected",
        "Something did not add up between QuickBooks and us, so nothing was stored. Go back to "
        "the sidebar and press Connect again.",
    ),
}


def confirmation(email: str, ticket: str, token: str, action: str) -> flask.Response:
    """Who would get the company: the person reads it before anything goes to QuickBooks."""
    who = html.escape(email)
    return _page(
        f"Connect QuickBooks for {who}",
        f"""<h1>Connect QuickBooks for {who}</h1>
<p>The company that you choose next can then be read from {who}’s spreadsheets.
Counterfoil only reads; it changes nothing in QuickBooks.</p>
<p class="soft">If you are not {who}, or somebody sent you this link, stop here.</p>
<form method="post" action="{html.escape(action)}">
<input type="hidden" name="ticket" value="{html.escape(ticket)}">
<input type="hidden" name="token" value="{html.escape(token)}">
<button class="main" name="decision" value="continue">Continue</button>
<button name="decision" value="not_me">This is not me</button>
</form>""",
    )


def outcome(code: str) -> flask.Response:
    """The static page of one outcome; an unknown one answers as `failed`."""
    heading, words = OUTCOMES.get(code, OUTCOMES["failed"])
    seal = '<p class="seal" aria-hidden="true">✓</p>\n' if code == "connected" else ""
    return _page(heading, f"{seal}<h1>{heading}</h1>\n<p>{words}</p>")


def _page(title: str, body: str) -> flask.Response:
    response = flask.Response(
        f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>{_STYLE}</style></head>
<body><main><p class="soft"><b class="brand">Counterfoil</b></p>
{body}
</main></body></html>""",
        content_type="text/html; charset=utf-8",
    )
    # No form-action: browsers apply it to the redirect to Intuit as well, whose address is
    # Intuit's to choose (it comes from their discovery document).
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"
    )
    return response
