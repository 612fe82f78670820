"""Connections to Google on which nothing is sent a second time unasked."""

from __future__ import annotations

from http.client import BadStatusLine, HTTPResponse

import httplib2


class _AnswersOnce:
    """httplib2 sends a request again when its connection is closed without an answer, whether it
    was carried out or not. An error of another kind it passes on.
    """

    def getresponse(self) -> HTTPResponse:
        try:
            response: HTTPResponse = super().getresponse()  # type: ignore[misc]  # the other base's
        except BadStatusLine as nothing:
            raise ConnectionAbortedError("closed without an answer") from nothing
        return response


class OnceHttps(_AnswersOnce, httplib2.HTTPSConnectionWithTimeout):  # type: ignore[misc]  # untyped
    pass


class OnceHttp(_AnswersOnce, httplib2.HTTPConnectionWithTimeout):  # type: ignore[misc]  # untyped
    pass
