"""What is exported: columns as somebody would choose them, all of what an invoice itself tells."""

from __future__ import annotations

from typing import Any

COLUMNS = (
    *("id", "number", "date", "due_date", "customer", "customer_id", "terms", "terms_id"),
    *("class", "location", "currency", "exchange_rate", "tax", "tax_code_id", "total", "balance"),
    *("deposit", "message", "memo", "email", "email_status", "print_status", "delivery_type"),
    *("delivery_time", "billing_address", "billing_line_1", "billing_city", "billing_state"),
    *("billing_postal_code", "shipping_line_1", "shipping_city", "shipping_state"),
    *("shipping_postal_code", "custom_1", "card_payment", "bank_payment", "created", "updated"),
    *("version", "signed_total"),
)
"""40 of them."""

LINE_COLUMNS = (
    *("row_id", "id", "number", "date", "due_date", "customer", "terms", "location", "currency"),
    *("total", "balance", "email", "line_number", "line_type", "line_item", "line_item_id"),
    *("line_description", "line_service_date", "line_quantity", "line_rate", "line_amount"),
    *("line_class", "line_tax_code", "line_account", "line_bundle"),
)
"""25 of them."""

WIDE: dict[str, Any] = {"columns": list(COLUMNS)}
LINES: dict[str, Any] = {"columns": list(LINE_COLUMNS), "rows": "line"}
