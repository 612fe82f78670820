"""airbyte-cdk, unmodified, in an interpreter of its own: a declared stream of invoices, 1,000 a
page, whose records are counted and let go. Its connector reads month by month, and refreshes its
token: without, it has fewer calls to make here.
"""

from __future__ import annotations

import logging
import time
from typing import Any

from bench import machine

PAGE = 1_000


def main() -> None:
    what = machine.given()
    machine.pin(what["core"])
    logging.disable(logging.CRITICAL)
    machine.tell(measured(what))


def measured(what: dict[str, Any]) -> dict[str, Any]:
    from airbyte_cdk.models import (
        AirbyteStream,
        ConfiguredAirbyteCatalog,
        ConfiguredAirbyteStream,
        DestinationSyncMode,
        SyncMode,
        Type,
    )
    from airbyte_cdk.sources.declarative.concurrent_declarative_source import (
        ConcurrentDeclarativeSource,
    )

    stream = AirbyteStream(
        name="invoices", json_schema={}, supported_sync_modes=[SyncMode.full_refresh]
    )
    catalog = ConfiguredAirbyteCatalog(
        streams=[
            ConfiguredAirbyteStream(
                stream=stream,
                sync_mode=SyncMode.full_refresh,
                destination_sync_mode=DestinationSyncMode.overwrite,
            )
        ]
    )
    began, used, rows = time.perf_counter(), machine.cpu_s(), 0
    source = ConcurrentDeclarativeSource(
        catalog=catalog, config={}, state=[], source_config=declared(what)
    )
    for message in source.read(logging.getLogger("bench"), {}, catalog, []):
        rows += message.type == Type.RECORD
    return {
        "rows": rows,
        "seconds": round(time.perf_counter() - began, 3),
        "cpu_s": round(machine.cpu_s() - used, 2),
        "peak_rss_mb": machine.peak_rss_mb(),
    }


def declared(what: dict[str, Any]) -> dict[str, Any]:
    start = "{{ (next_page_token['next_page_token'] if next_page_token else 0) + 1 }}"
    requester = {
        "type": "HttpRequester",
        "url_base": what["api_url"],
        "path": f"/v3/company/{what['realm_id']}/query",
        "http_method": "GET",
        "authenticator": {"type": "BearerAuthenticator", "api_token": what["access_token"]},
        "request_headers": {"Accept": "application/json"},
        "request_parameters": {
            "query": f"SELECT * FROM Invoice ORDERBY Id STARTPOSITION {start} MAXRESULTS {PAGE}",  # noqa: S608  ours
            "minorversion": "75",
        },
    }
    retriever = {
        "type": "SimpleRetriever",
        "requester": requester,
        "record_selector": {
            "type": "RecordSelector",
            "extractor": {"type": "DpathExtractor", "field_path": ["QueryResponse", "Invoice"]},
        },
        "paginator": {
            "type": "DefaultPaginator",
            "pagination_strategy": {"type": "OffsetIncrement", "page_size": PAGE},
        },
    }
    invoices = {
        "type": "DeclarativeStream",
        "name": "invoices",
        "primary_key": ["Id"],
        "schema_loader": {"type": "InlineSchemaLoader", "schema": {"type": "object"}},
        "retriever": retriever,
    }
    return {
        "version": "6.0.0",
        "type": "DeclarativeSource",
        "check": {"type": "CheckStream", "stream_names": ["invoices"]},
        "streams": [invoices],
    }


if __name__ == "__main__":
    main()
