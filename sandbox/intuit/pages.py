"""The HTML of the sandbox's sign-in, consent and apps pages. No script, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from sandbox.intuit.companies_api import CompanyCard
from sandbox.intuit.people import Person

# What each scope lets the app do, as the consent page tells it.
PERMISSIONS = {
    "com.intuit.quickbooks.accounting": "See and change the books of the company you choose",
    "com.intuit.quickbooks.payment": "Take payments for the company you choose",
    "openid": "Know that it is you",
    "profile": "See your name",
    "email": "See your e-mail address",
    "phone": "See your phone number",
    "address": "See your address",
    "intuit_name": "See the name of your Intuit account",
}

_STYLE = """
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.5 system-ui, "Segoe UI", Roboto, sans-serif; color: #1f2933;
  background: #eef1f4; }
.banner { background: #fff4d6; border-bottom: 1px solid #e4cf94; padding: 8px 16px;
  text-align: center; font-size: 14px; color: #5c4813; }
main { max-width: 440px; margin: 40px auto; background: #fff; border: 1px solid #d5dbe1;
  border-radius: 10px; padding: 32px; box-shadow: 0 1px 4px #0001; }
.mark { font-weight: 600; font-size: 13px; letter-spacing: .06em; text-transform: uppercase;
  color: #52606d; margin: 0 0 16px; }
h1 { font-size: 22px; line-height: 1.3; margin: 0 0 8px; }
p { margin: 0 0 16px; }
.soft { color: #52606d; font-size: 14px; }
ul { margin: 0 0 20px; padding-left: 20px; }
fieldset { border: 0; margin: 0 0 20px; padding: 0; }
legend { font-weight: 600; padding: 0; margin-bottom: 8px; }
.choice { display: flex; gap: 12px; align-items: center; border: 1px solid #c5ced6;
  border-radius: 6px; padding: 10px 12px; margin-bottom: 8px; cursor: pointer; }
.choice:hover, .choice:has(input:checked) { border-color: #1d5f8a; background: #f2f8fc; }
.choice small { display: block; color: #52606d; }
.choices { max-height: 320px; overflow-y: auto; padding: 2px; }
input[type=radio] { width: 18px; height: 18px; margin: 0; accent-color: #1d5f8a; }
button { font: inherit; border-radius: 6px; padding: 10px 16px; cursor: pointer;
  border: 1px solid #8896a3; background: #fff; color: #1f2933; }
button:hover { background: #f3f5f7; }
button.main { background: #1d5f8a; border-color: #1d5f8a; color: #fff; }
button.main:hover { background: #174c6f; }
button.person { display: block; width: 100%; text-align: left; margin-bottom: 8px; }
button.person small { display: block; color: #52606d; }
:focus-visible { outline: 3px solid #f0a93b; outline-offset: 2px; }
.buttons { display: flex; gap: 12px; flex-wrap: wrap; }
"""


def sign_in(app: str, action: str, consent: str, people: Iterable[tuple[Person, bool]]) -> str:
    """Who are you? One button for each person, told as admin or not; nobody has a password."""
    buttons = "".join(
        f'<button class="person" name="person" value="{escape(person.id)}">'
        f"{escape(person.name)}<small>{escape(person.email)},"
        f" {'an admin' if admin else 'not an admin'} of the companies</small></button>"
        for person, admin in people
    )
    return _page(
        f"Sign in to connect {app}",
        f"""<h1>Sign in</h1>
<p>to connect your company to {escape(app)}</p>
<form method="post" action="{action}">
<input type="hidden" name="consent" value="{escape(consent)}">
{buttons}
</form>
<p class="soft">Nobody needs a password in the sandbox.</p>""",
    )


def choose(
    app: str,
    action: str,
    consent: str,
    person: Person,
    scopes: Iterable[str],
    companies: list[CompanyCard],
) -> str:
    """What the app asks for, which company, and the two answers."""
    permissions = "".join(f"<li>{escape(PERMISSIONS.get(scope, scope))}</li>" for scope in scopes)
    return _page(
        f"Connect {app}",
        f"""<h1>{escape(app)} asks for access</h1>
<p class="soft">Signed in as {escape(person.name)}, {escape(person.email)}</p>
<p id="asks">If you agree, {escape(app)} can:</p>
<ul aria-labelledby="asks">{permissions}</ul>
<form method="post" action="{action}">
<input type="hidden" name="consent" value="{escape(consent)}">
{_picker(companies)}
<div class="buttons">
<button class="main" name="decision" value="authorize">Authorize</button>
<button name="decision" value="refuse" formnovalidate>No, thanks</button>
</div>
</form>""",
    )


def _picker(companies: list[CompanyCard]) -> str:
    if not companies:
        return ""
    choices = "".join(
        f'<label class="choice"><input type="radio" name="realm_id"'
        f' value="{escape(company.realm_id)}" required><span>{escape(company.name)}'
        f"<small>{escape(company.country)}, {escape(company.currency)},"
        f" company {escape(company.realm_id)}</small></span></label>"
        for company in companies
    )
    return (
        "<fieldset><legend>Choose a company</legend>"
        f'<div class="choices">{choices}</div></fieldset>'
    )


def admins_only(app: str, sign_in_action: str, action: str, consent: str, person: Person) -> str:
    """What somebody reads who may not connect."""
    hidden = f'<input type="hidden" name="consent" value="{escape(consent)}">'
    return _page(
        "Only admins can connect apps",
        f"""<h1>Only admins can connect apps</h1>
<p role="alert">Only an admin of the company can connect {escape(app)} to it, and
{escape(person.name)} is not one. Ask an admin to connect it, or sign in as somebody else.</p>
<form method="post" action="{action}">{hidden}
<div class="buttons">
<button class="main" name="person" value="" formaction="{sign_in_action}">Sign in as somebody
else</button>
<button name="decision" value="refuse">Back to {escape(app)}</button>
</div>
</form>""",
    )


def apps(app: str, action: str, companies: list[CompanyCard]) -> str:
    """The Apps page inside QuickBooks: what is connected, and Disconnect."""
    rows = "".join(
        f'<form method="post" action="{action}"><p>{escape(app)} is connected to'
        f" <strong>{escape(company.name)}</strong></p>"
        f'<button name="realm_id" value="{escape(company.realm_id)}">Disconnect'
        f" {escape(company.name)}</button></form><br>"
        for company in companies
    )
    return _page("My apps", f"<h1>My apps</h1>{rows or '<p>No app is connected.</p>'}")


def sentence(title: str, text: str) -> str:
    """A page that only says something; where an error ends that must not be redirected."""
    return _page(title, f'<h1>{escape(title)}</h1><p role="alert">{escape(text)}</p>')


def _page(title: str, body: str) -> str:
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)} (sandbox)</title>
<style>{_STYLE}</style>
</head>
<body>
<div class="banner" role="note"><strong>Sandbox.</strong> This page stands in for Intuit's. The
companies are made up and nothing leaves this machine.</div>
<main>
<p class="mark">QuickBooks sandbox</p>
{body}
</main>
</body>
</html>
"""
