"""Records in Firestore: the store of a deployment on Google Cloud (`ports.Records`).

No transactions: a write states what it must find (nothing, or the version that was read), and
Firestore does it whole or not at all. Speaks through Google's own client, at the level where
each call takes its deadline from us.
"""

from __future__ import annotations

import copy
import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import grpc
from google.api_core import exceptions as google
from google.cloud.firestore_v1 import types
from google.cloud.firestore_v1.services.firestore import FirestoreClient
from google.cloud.firestore_v1.services.firestore.transports import FirestoreGrpcTransport
from google.protobuf.timestamp_pb2 import Timestamp
from grpc.experimental import ChannelOptions

from counterfoil.adapters import firestore_values as values
from counterfoil.adapters.google_calls import Patience, PerProcess, Refusal, Sitting, away
from counterfoil.core.record_shape import checked_field, checked_place, encoded
from counterfoil.core.stores import AlreadyThere, Changed, Document, Write

# A field of ours in each document, other in each write. Firestore leaves a document's update time
# as it was when a write changes nothing; with this every write changes something. It also tells
# a write that was repeated from somebody else's.
# https://firebase.google.com/docs/firestore/reference/rest/v1/WriteResult
WRITE = "_write"

# Protobuf's own classes, as in firestore_values.
_Commit, _Document = types.CommitRequest.pb(), types.Document.pb()
_Get, _Must, _Write = types.BatchGetDocumentsRequest.pb(), types.Precondition.pb(), types.Write.pb()

# A read is a stream of one answer, for which the client would start a thread each time.
_CHANNEL = [(ChannelOptions.SingleThreadedUnaryStream, 1)]

_MISSING = _Must(exists=False)
_NOT_WHAT_WAS_READ = (google.FailedPrecondition, google.NotFound)

T = TypeVar("T")


class FirestoreRecords:
    """`client` makes the client on first use, once in each process."""

    def __init__(
        self,
        project: str,
        client: Callable[[], FirestoreClient],
        *,
        database: str = "(default)",
        patience: Patience | None = None,
    ) -> None:
        self._database = f"projects/{project}/databases/{database}"
        self._client = PerProcess(client)
        self._patience: Patience | Sitting = patience or Patience()
        # By which Firestore routes a call to its database, as Google's own clients send it.
        self._metadata = (("google-cloud-resource-prefix", self._database),)

    def together(self) -> FirestoreRecords:
        """The same store: all calls through this one end within the time of one."""
        one = copy.copy(self)
        one._patience = self._patience.sitting()
        return one

    def get(self, collection: str, id: str) -> Document | None:
        return self.get_all([(collection, id)])[0]

    def get_all(self, places: Sequence[tuple[str, str]]) -> list[Document | None]:
        for place in places:
            checked_place(*place)
        names = [self._name(*place) for place in places]
        found = self._read(names, self._patience.sitting())
        return [_document(found[name]) if name in found else None for name in names]

    def create(self, collection: str, id: str, data: Mapping[str, Any]) -> Document:
        checked_place(collection, id)
        write = self._written(Write(collection, id, data))
        made = self._put([write], google.AlreadyExists)
        if made is None:
            raise AlreadyThere(f"{collection} has this record already")
        return made[0]

    def replace(self, document: Document, data: Mapping[str, Any]) -> Document:
        made = self._put([self._written(Write.over(document, data))], *_NOT_WHAT_WAS_READ)
        if made is None:
            raise _changed(document.collection)
        return made[0]

    def write_all(self, writes: Sequence[Write]) -> list[Document]:
        """One commit, which Firestore does whole or not at all.

        https://firebase.google.com/docs/firestore/manage-data/transactions#batched-writes
        """
        for each in writes:
            checked_place(each.collection, each.id)
        written = [self._written(each) for each in writes]
        made = self._put(written, google.AlreadyExists, *_NOT_WHAT_WAS_READ)
        if made is None:
            raise Changed("a record is not what was read")
        return made

    def delete(self, collection: str, id: str, *, version: str | None = None) -> None:
        """After an answer that was lost the deletion may have been ours and is Changed all the
        same: then nobody has claimed the record, which is the safe side.
        """
        checked_place(collection, id)
        write = _Write(
            delete=self._name(collection, id),
            current_document=_at(version) if version is not None else None,
        )
        try:
            self._commit([write], self._patience.sitting())
        except Refusal as refusal:
            if version is None or refusal.kind not in _NOT_WHAT_WAS_READ:
                raise away(refusal) from refusal
            raise _changed(collection) from None

    def find(
        self,
        collection: str,
        where: Mapping[str, str | int | bool],
        *,
        limit: int,
        after: str | None = None,
    ) -> list[Document]:
        for name in where:
            checked_field(name)
        query = self._query(collection, where, limit, after)
        request = types.RunQueryRequest(
            parent=f"{self._database}/documents", structured_query=query
        )

        def ask(timeout: float) -> list[Any]:
            stream = self._client().run_query(
                request, retry=None, timeout=timeout, metadata=self._metadata
            )
            answers = map(types.RunQueryResponse.pb, stream)
            return [answer.document for answer in answers if answer.HasField("document")]

        return [_document(found) for found in self._asked(ask, self._patience.sitting())]

    def close(self) -> None:
        """Closes this process's channel."""
        self._client().transport.close()

    def _read(self, names: Sequence[str], sitting: Sitting) -> dict[str, Any]:
        """By name those that are there."""
        # Of the two ways to read one document this is the one that answers "missing" apart from
        # "there is no such database".
        asked = _Get(database=self._database, documents=names)
        request = types.BatchGetDocumentsRequest.wrap(asked)

        def ask(timeout: float) -> list[Any]:
            stream = self._client().batch_get_documents(
                request, retry=None, timeout=timeout, metadata=self._metadata
            )
            answers = map(types.BatchGetDocumentsResponse.pb, stream)
            return [answer.found for answer in answers if answer.HasField("found")]

        return {found.name: found for found in self._asked(ask, sitting)}

    def _asked(self, read: Callable[[float], list[T]], sitting: Sitting) -> list[T]:
        try:
            return sitting.ask(read)
        except Refusal as refusal:  # no such database, or a query without its index
            raise away(refusal) from refusal

    def _written(self, write: Write) -> Any:
        encoded(write.data)  # raises for what a record cannot hold
        if WRITE in write.data:
            raise ValueError(f"{WRITE} is not a field of a record")
        held = {**write.data, WRITE: secrets.token_urlsafe(12)}
        name = self._name(write.collection, write.id)
        must_find = _at(write.seen.version) if write.seen else _MISSING
        update = _Document(name=name, fields=values.fields(held))
        return _Write(update=update, current_document=must_find)

    def _put(self, writes: Sequence[Any], *expected: type[Exception]) -> list[Document] | None:
        """What is kept then; None where a record was not what a write must find, of which Firestore
        says one of `expected`.
        """
        sitting = self._patience.sitting()
        try:
            results = self._commit(writes, sitting)
        except Refusal as refusal:
            return self._mine(refusal, writes, sitting, expected)
        return [
            _document(write.update, result.update_time)
            for write, result in zip(writes, results, strict=True)
        ]

    def _commit(self, writes: Sequence[Any], sitting: Sitting) -> Any:
        request = types.CommitRequest.wrap(_Commit(database=self._database, writes=writes))
        answer = sitting.ask(
            lambda timeout: self._client().commit(
                request, retry=None, timeout=timeout, metadata=self._metadata
            )
        )
        return types.CommitResponse.pb(answer).write_results

    def _mine(
        self,
        refusal: Refusal,
        writes: Sequence[Any],
        sitting: Sitting,
        expected: Sequence[type[Exception]],
    ) -> list[Document] | None:
        """What is there, when it is these very writes whose first answer was lost."""
        if refusal.kind is google.InvalidArgument:
            raise ValueError("Firestore does not hold such a record") from refusal
        if refusal.kind not in expected:
            raise away(refusal) from refusal
        if not refusal.repeated:
            return None
        made = [write.update for write in writes]
        found = self._read([each.name for each in made], sitting)
        kept = [found.get(each.name) for each in made]
        if any(
            each is None or each.fields[WRITE] != mine.fields[WRITE]
            for each, mine in zip(kept, made, strict=True)
        ):
            return None
        return [_document(each) for each in kept]

    def _query(
        self, collection: str, where: Mapping[str, str | int | bool], limit: int, after: str | None
    ) -> types.StructuredQuery:
        """Equality and the order of ids, which single-field indexes serve (firestore.indexes.json).

        https://firebase.google.com/docs/firestore/query-data/index-overview#taking_advantage_of_index_merging
        """
        query = types.StructuredQuery(
            {
                "from_": [{"collection_id": collection}],
                "where": _all_of(where),
                "order_by": [{"field": {"field_path": "__name__"}, "direction": "ASCENDING"}],
                "limit": limit,
            }
        )
        if after is not None:
            checked_place(collection, after)
            last = types.Value(reference_value=self._name(collection, after))
            query.start_at = types.Cursor(values=[last], before=False)
        return query

    def _name(self, collection: str, id: str) -> str:
        return f"{self._database}/documents/{collection}/{id}"


def client(emulator: str = "") -> FirestoreClient:
    """Google's own, with the credentials of the machine that it runs on; or Google's emulator at
    that address and port, which takes none.
    """
    if not emulator:
        return FirestoreClient(transport=FirestoreGrpcTransport(channel=_channel))
    channel = grpc.insecure_channel(emulator, options=_CHANNEL)
    return FirestoreClient(transport=FirestoreGrpcTransport(channel=channel))


def _channel(host: str, *, options: Sequence[tuple[str, Any]] = (), **other: Any) -> grpc.Channel:
    """The one that Google's transport would make, with ours beside its own options."""
    return FirestoreGrpcTransport.create_channel(host, options=[*options, *_CHANNEL], **other)


def _all_of(where: Mapping[str, str | int | bool]) -> types.StructuredQuery.Filter | None:
    tests = [
        types.StructuredQuery.Filter(
            {
                "field_filter": {
                    "field": {"field_path": name},
                    "op": "EQUAL",
                    "value": values.value(wanted),
                }
            }
        )
        for name, wanted in where.items()
    ]
    if len(tests) < 2:
        return tests[0] if tests else None
    return types.StructuredQuery.Filter({"composite_filter": {"op": "AND", "filters": tests}})


def _document(held: Any, updated: Timestamp | None = None) -> Document:
    collection, id = held.name.split("/")[-2:]
    data = values.plain(held.fields)
    data.pop(WRITE, None)
    return Document(collection, id, data, (updated or held.update_time).ToJsonString())


def _at(version: str) -> Any:
    at = Timestamp()
    at.FromJsonString(version)
    return _Must(update_time=at)


def _changed(collection: str) -> Changed:
    return Changed(f"a record of {collection} is not what was read")
