"""Pins the images of cloudbuild.yaml to the byte: `make pin`, and `make pin ARGS=--check`.

Each tag gets the digest that its registry gives today (`python:3.12.11-bookworm@sha256:…`; Docker
and Cloud Build then pull the digest). What has a digest keeps it; `--check` only tells which are
not pinned, or whose tag is another image by now, and fails then.
https://distribution.github.io/distribution/spec/api/#pulling-an-image-manifest
"""

from __future__ import annotations

import hashlib
import pathlib
import re
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

FILE = pathlib.Path(__file__).resolve().parents[1] / "cloudbuild.yaml"
TIMEOUT_S = 20
LARGEST = 4 * 1024 * 1024  # of a manifest; a registry must take so much and need not take more
# One image for several machines, or for one; a registry answers with the first that it has.
KINDS = ", ".join(
    (
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.v2+json",
    )
)
# Docker's short names leave these out.
DOCKER_HUB, OFFICIAL = "registry-1.docker.io", "library/"

_IMAGE = re.compile(
    r"^(?P<lead> *name: +)(?P<name>[a-z0-9./-]+):(?P<tag>[\w.-]+)"
    r"(?:@(?P<digest>sha256:[0-9a-f]{64}))?$",
    re.MULTILINE,
)


class Unpinned(Exception):
    """A sentence for whoever runs it."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


Ask = Callable[[str, Mapping[str, str]], Answer]


def pinned(text: str, ask: Ask) -> str:
    """The file with a digest behind each tag. Raises Unpinned."""
    found: dict[str, str] = {}

    def with_digest(match: re.Match[str]) -> str:
        image = f"{match['name']}:{match['tag']}"
        if image not in found:
            found[image] = match["digest"] or digest(match["name"], match["tag"], ask)
        return f"{match['lead']}{image}@{found[image]}"

    return _IMAGE.sub(with_digest, text)


def wrong(text: str, ask: Ask) -> list[str]:
    """A sentence for each image that is not pinned, or not what its tag is today."""
    told = []
    for name, tag, held in sorted({match.groups()[1:] for match in _IMAGE.finditer(text)}):
        now = digest(name, tag, ask)
        if held != now:
            told.append(
                f"{name}:{tag} is {now} today, " + (f"not {held}" if held else "not pinned")
            )
    return told


def digest(name: str, tag: str, ask: Ask) -> str:
    """What a tag stands for today: the digest of its manifest, computed here. Raises Unpinned."""
    host, repository = _place(name)
    url = f"https://{host}/v2/{repository}/manifests/{tag}"
    answer = ask(url, {"Accept": KINDS})
    if answer.status == 401:
        token = _token(answer.headers.get("www-authenticate", ""), ask)
        answer = ask(url, {"Accept": KINDS, "Authorization": f"Bearer {token}"})
    if answer.status != 200:
        raise Unpinned(f"{host} does not give {name}:{tag} (status {answer.status})")
    made = f"sha256:{hashlib.sha256(answer.body).hexdigest()}"
    if answer.headers.get("docker-content-digest", made) != made:
        raise Unpinned(f"what {host} sent for {name}:{tag} is not what it says that it is")
    return made


def _place(name: str) -> tuple[str, str]:
    first, _, rest = name.partition("/")
    if rest and "." in first:
        return first, rest
    return DOCKER_HUB, name if rest else OFFICIAL + name


def _token(challenge: str, ask: Ask) -> str:
    """The token that anybody gets for reading. https://distribution.github.io/distribution/spec/auth/token/"""
    told = dict(re.findall(r'(\w+)="([^"]*)"', challenge))
    realm = told.pop("realm", "")
    if not realm.startswith("https://"):
        raise Unpinned("the registry asks for something that is no token")
    answer = ask(f"{realm}?{urllib.parse.urlencode(told)}", {})
    held = re.search(rb'"(?:access_)?token"\s*:\s*"([^"]+)"', answer.body)
    if answer.status != 200 or held is None:
        raise Unpinned(f"{realm} gives no token (status {answer.status})")
    return held[1].decode()


def over_https(url: str, headers: Mapping[str, str]) -> Answer:
    request = urllib.request.Request(url, headers=dict(headers))  # noqa: S310 - https, see above
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310
            told = {name.lower(): value for name, value in answer.headers.items()}
            return Answer(answer.status, told, answer.read(LARGEST))
    except urllib.error.HTTPError as refusal:
        told = {name.lower(): value for name, value in refusal.headers.items()}
        return Answer(refusal.code, told)
    except OSError as trouble:
        host = urllib.parse.urlsplit(url).hostname
        raise Unpinned(f"{host} cannot be reached ({type(trouble).__name__})") from trouble


def main(arguments: list[str], file: pathlib.Path = FILE, ask: Ask = over_https) -> int:
    text = file.read_text()
    try:
        if arguments == ["--check"]:
            told = wrong(text, ask)
            sys.stdout.writelines(f"{each}\n" for each in told)
            return 1 if told else 0
        file.write_text(pinned(text, ask))
    except Unpinned as problem:
        sys.stderr.write(f"{problem}. Nothing was changed.\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
