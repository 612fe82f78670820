"""A mail server on this machine: speaks as much SMTP as a client says, and fails where told to."""

from __future__ import annotations

import email
import email.policy
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from types import TracebackType
from typing import Any


class MailServer:
    """`answers` replaces its answer to a command ("RCPT": "550 no such user"); `hangs_up` is the
    command at which it closes the connection, "." after it has taken the letter.
    """

    def __init__(self, tls: ssl.SSLContext | None = None, *, tls_first: bool = False) -> None:
        self.letters: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.logins: list[str] = []
        self.spoken_in_clear: list[str] = []
        self.answers: dict[str, str] = {}
        self.hangs_up = ""
        self.tls, self.tls_first = tls, tls_first
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                outer.talk(self)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def __enter__(self) -> MailServer:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def talk(self, handler: Any) -> None:
        with suppressed():
            _Talk(self, handler.connection).run()


@contextmanager
def suppressed() -> Iterator[None]:
    """A client that goes away, or that does not trust us, is its own affair."""
    try:
        yield
    except OSError:
        return


class _Talk:
    def __init__(self, server: MailServer, connection: Any) -> None:
        self.server, self.connection = server, connection
        self.secure = False
        if server.tls_first:
            self._secure()

    def run(self) -> None:
        self._say("220 here")
        while line := self._line():
            verb = line.split()[0].upper().split(":")[0]
            if not self.secure:
                self.server.spoken_in_clear.append(verb)
            if verb == self.server.hangs_up:
                break
            if not self._answered(verb, line):
                break
        self.connection.close()

    def _answered(self, verb: str, line: str) -> bool:
        if verb in self.server.answers or (verb == "HELO" and "EHLO" in self.server.answers):
            self._say(self.server.answers["EHLO" if verb == "HELO" else verb])
        elif verb in ("EHLO", "HELO"):
            offers = ["250-here"]
            if self.server.tls and not self.secure:
                offers.append("250-STARTTLS")
            self._say("\r\n".join([*offers, "250 AUTH PLAIN"]))
        elif verb == "STARTTLS":
            self._say("220 go on")
            self._secure()
        elif verb == "AUTH":
            self.server.logins.append(line.split()[2])
            self._say("235 welcome")
        elif verb == "RCPT":
            self.server.recipients.append(line.partition("<")[2].partition(">")[0])
            self._say("250 ok")
        elif verb == "DATA":
            return self._taken()
        else:
            self._say("250 ok")
        return True

    def _taken(self) -> bool:
        self._say("354 go on")
        lines = []
        while (line := self._line()) != ".":
            lines.append(line.removeprefix(".") if line.startswith("..") else line)
        if "." in self.server.answers:
            self._say(self.server.answers["."])
            return True
        text = "".join(f"{line}\n" for line in lines).encode()
        self.server.letters.append(email.message_from_bytes(text, policy=email.policy.default))
        if self.server.hangs_up == ".":
            return False
        self._say("250 queued")
        return True

    def _secure(self) -> None:
        assert self.server.tls is not None
        self.connection = self.server.tls.wrap_socket(self.connection, server_side=True)
        self.secure = True

    def _say(self, line: str) -> None:
        self.connection.sendall(f"{line}\r\n".encode())

    def _line(self) -> str:
        got = b""
        while not got.endswith(b"\r\n"):
            byte = self.connection.recv(1)
            if not byte:
                return ""
            got += byte
        return got[:-2].decode() or " "
